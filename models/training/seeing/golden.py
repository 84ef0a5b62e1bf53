"""What the product's code is held to: small drawn pictures with what the reference makes of them, step by step.

A case of `vision-garment.json` and `vision-person.json`:

    picture   width, height, rgb (base64 of the bytes, row by row)
    image     some of the squashed picture, f32 0..255: {"at": [row, column], "rgb": [r, g, b]}
    outputs   the model's, by name: shape and values
    palette   garment only: {"lab": OKLab, "rgb": sRGB rounded, "share", "name"}, the largest first

`vision-squash.json` has pictures by formula, `rgb(x, y) = ((7x + 13y) mod 256, (x·y) mod 256, (31x + 3) mod 256)`, of
extents that enlarge, shrink and leave an axis alone, again with some pixels of the squashed picture.

`vision-colours.json` has the name of every sRGB colour whose channels are multiples of 17: {"names": [...], "of": [number of a name]},
red slowest, blue fastest.
"""

import base64

import numpy as np

from garments import figures, render

from . import palette
from .colour_names import NAMES, name_of
from .picture import SIZE, normalised, squash

SEED, SIDE = 9, 64
GARMENTS = [(4, "t-shirt"), (5, "shoes")]
FIGURES = [1]
EXTENTS = [(1, 1), (160, 160), (37, 500), (640, 90), (1023, 767)]
AT = [(0, 0), (0, SIZE - 1), (SIZE - 1, 0), (SIZE // 2, SIZE // 3), (17, 143), (SIZE - 1, SIZE - 1)]


def sample(picture):
    """Some pixels of a squashed picture."""
    return [{"at": [r, c], "rgb": [round(float(v), 3) for v in picture[r, c]]} for r, c in AT]


def formula(wide, high):
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    return np.stack([(7 * x + 13 * y) % 256, (x * y) % 256, (31 * x + 3) % 256], -1).astype(np.float32)


def squash_cases():
    return [{"width": w, "height": h, "image": sample(squash(formula(w, h)))} for w, h in EXTENTS]


def colour_cases():
    levels = np.arange(0, 256, 17)
    rgb = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 3)
    of = [name_of(lab) for lab in palette.to_oklab(palette.to_linear(rgb))]
    return {"names": [name for name, _, _ in NAMES], "of": of}


def tensor(array):
    """Maps of logits to two digits, everything else to six."""
    return {"shape": list(array.shape), "values": [round(float(v), 2 if array.size > 1000 else 6) for v in array.ravel()]}


def _case(run, picture):
    small = squash(picture.astype(np.float32))
    names = [output.name for output in run.get_outputs()]
    outputs = dict(zip(names, run.run(names, {"image": normalised(small)}), strict=True))
    shown = {"width": picture.shape[1], "height": picture.shape[0], "rgb": base64.b64encode(picture.tobytes()).decode()}
    return small, outputs, {"picture": shown, "image": sample(small), "outputs": {name: tensor(value) for name, value in outputs.items()}}


def garment_cases(run):
    """`run`: an ONNX Runtime session."""
    for index, category in GARMENTS:
        small, outputs, case = _case(run, render.garment(SEED, index, SIDE, category=category)["picture"])
        found = palette.palette(small, outputs["mask"][0, 0])
        case["palette"] = [
            {
                "lab": [round(float(v), 5) for v in lab],
                "rgb": np.rint(palette.to_srgb(palette.from_oklab(lab))).astype(int).tolist(),
                "share": round(float(share), 5),
                "name": NAMES[name_of(lab)][0],
            }
            for lab, share in found
        ]
        assert abs(float(np.linalg.norm(outputs["embedding"])) - 1) < 1e-5, f"{category}: the embedding has not unit length"
        yield case


def person_cases(run):
    for index in FIGURES:
        yield _case(run, figures.figure(SEED, index, SIDE)["picture"])[2]
