"""Tries photos of garments on mannequins by the product's own code, onto one sheet, to be looked at.

    python models/training/try_on_sheet.py build/try-on-sheet.png [--photo PHOTO]

Five test photos of each category that can be worn, the first of every fifth of it by name. Each is cut out (left) and worn
(right), with its handles: green ones were seen by the model, orange ones estimated.
"""

import argparse
import pathlib
import subprocess

import numpy as np
from PIL import Image, ImageOps

from garments.labels import CATEGORIES
from seeing import photos
from vision_evaluate import ROOT

EACH, COLUMNS, SCALE = 5, 5, 0.5
WORN = [name for name in CATEGORIES if name not in ("hat", "shoes")]


def as_ppm(path, folder, name):
    """A photo as the example reads it, upright."""
    out = folder / f"{name}.ppm"
    ImageOps.exif_transpose(Image.open(path)).convert("RGB").save(out)
    return out


def compiled(name, folder):
    """A model's plan."""
    plan = folder / f"{name}.plan"
    subprocess.run([ROOT / "target/release/nearshelf", "compile", ROOT / f"models/{name}/model.q8.onnx", "-o", plan], check=True)
    return plan


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=pathlib.Path)
    parser.add_argument("--photo", type=pathlib.Path, help="of a person, in place of mannequins")
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data"))
    args = parser.parse_args()
    folder = ROOT / "build/try-on"
    (folder / "worn").mkdir(parents=True, exist_ok=True)
    pictures = []
    for name in WORN:
        own = [path for path, label in photos.files(args.data, "test") if CATEGORIES[label] == name]
        pictures += [as_ppm(own[number * len(own) // EACH], folder, f"{name}-{number}") for number in range(EACH)]
    command = [ROOT / "target/release/examples/sheet", compiled("garment", folder), folder / "worn"]
    if args.photo:
        command += ["--photo", compiled("person", folder), as_ppm(args.photo, folder, "photo")]
    subprocess.run(["cargo", "build", "--release", "-p", "nearshelf-try-on", "--example", "sheet"], cwd=ROOT, check=True)
    subprocess.run([*command, *pictures], check=True)
    tiles = []
    for picture in pictures:
        worn = folder / "worn" / picture.name
        tile = Image.open(worn) if worn.exists() else Image.new("RGB", (700, 600), "white")
        tiles.append(np.asarray(tile.resize((round(tile.width * SCALE), round(tile.height * SCALE)), Image.Resampling.LANCZOS)))
    rows = [np.concatenate(tiles[at : at + COLUMNS], 1) for at in range(0, len(tiles), COLUMNS)]
    args.sheet.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(rows)).save(args.sheet)


if __name__ == "__main__":
    main()
