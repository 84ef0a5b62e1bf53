"""Makes `models/garment/model.q8.onnx` and `models/person/model.q8.onnx` of the checkpoints that `vision.py` wrote.

    python models/training/vision_export.py [--checkpoints build/training/vision]

Ranges of activations are taken from training photos and from renders. The f32 graphs stay beside the checkpoints, for
`vision_evaluate.py` to compare with.
"""

import argparse
import pathlib

import numpy as np
import torch
from PIL import Image

from checkpoint import fingerprint_of_file
from seeing import graph, photos, renders
from seeing.network import PLANS, build
from seeing.picture import normalised, over_white, squash
from vision import DATA, ROOT, load_net

CALIBRATION = 256  # pictures of each kind
SEED = 3


def training_photos(count):
    """Inputs of `count` training photos, evenly over the classes' files."""
    found = photos.files(DATA, "train")
    for number in np.linspace(0, len(found) - 1, count).astype(int):
        yield normalised(squash(over_white(np.asarray(Image.open(found[number][0]).convert("RGB")))))


def training_renders(kind, count):
    """Inputs of `count` renders as training has them, of numbers that it doesn't reach."""
    for index in range(count):
        yield normalised(renders.draw(kind, "train", 10_000_000 + index)["picture"].astype(np.float32))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", default=str(ROOT / "build/training/vision"))
    parser.add_argument("--models", default=str(ROOT / "models"), help="folder of the models' folders")
    parser.add_argument("--only", choices=["garment", "person"])
    parser.add_argument("--calibration", type=int, default=CALIBRATION)
    args = parser.parse_args()
    for name, kind in (("garment", "garment"), ("person", "figure")):
        if args.only not in (None, name):
            continue
        checkpoint = pathlib.Path(args.checkpoints) / f"{name}.pt"
        net, found = load_net(checkpoint, "cpu")
        notes = {k: v for k, v in found.items() if k not in ("net", "weights")} | {"checkpoint": fingerprint_of_file(checkpoint)}
        weights = {k: v.float().numpy() for k, v in net.state_dict().items()}
        plain, target = pathlib.Path(args.checkpoints) / f"{name}.f32.onnx", pathlib.Path(args.models) / name / "model.q8.onnx"
        graph.write(name, PLANS[name], weights, str(plain), notes)
        if name == "garment":  # the baseline of retrieval
            torch.manual_seed(SEED)
            graph.write(
                name,
                PLANS[name],
                {k: v.float().numpy() for k, v in build(name).state_dict().items()},
                str(plain.with_name("random.f32.onnx")),
                {"seed": SEED},
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        pictures = list(training_photos(args.calibration)) if name == "garment" else []
        graph.quantize(str(plain), str(target), pictures + list(training_renders(kind, args.calibration)), notes)
        print(f"{target}: {target.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
