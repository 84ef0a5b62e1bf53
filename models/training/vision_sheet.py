"""Draws what the garment model says of 40 test photos, four a class, onto one sheet, to be looked at.

    python models/training/vision_sheet.py build/vision-sheet.png

Beside each photo: the category with its probability (red where wrong), the mask (what is outside is dimmed), landmarks (green
where the model calls them visible, left ones lighter), and the palette with its shares.
"""

import argparse
import pathlib

import cv2
import numpy as np
from PIL import Image

from garments.labels import ATTRIBUTES, CATEGORIES
from seeing import palette, photos
from seeing.picture import over_white, squash
from seeing.scores import enlarge
from vision_evaluate import ROOT, session

EACH, SIDE, BAND, COLUMNS = 4, 220, 44, 8


def tile(picture, outputs, label):
    """One photo with what was found in it, `[SIDE + BAND, SIDE, 3]` u8."""
    out = np.full((SIDE + BAND, SIDE, 3), 255, np.uint8)
    shown = squash(picture, SIDE)
    inside = enlarge(outputs["mask"][0], SIDE)[0] > 0
    shown = np.where(inside[..., None], shown, shown * 0.25 + 40)
    view = np.ascontiguousarray(np.clip(shown, 0, 255).astype(np.uint8))
    for number, (x, y, seen) in enumerate(outputs["landmarks"][0]):
        if seen > 0:
            cv2.circle(view, (int(x * SIDE), int(y * SIDE)), 4, (120, 255, 120) if number % 2 == 0 else (0, 170, 0), -1, cv2.LINE_AA)
            cv2.circle(view, (int(x * SIDE), int(y * SIDE)), 4, (0, 0, 0), 1, cv2.LINE_AA)
    out[:SIDE] = view
    left = 0
    for lab, share in palette.palette(squash(picture), outputs["mask"][0, 0]):
        right = min(SIDE, left + max(4, int(share * SIDE)))
        out[SIDE : SIDE + 14, left:right] = np.round(palette.to_srgb(palette.from_oklab(lab)))
        left = right
    chances = np.exp(outputs["category"][0] - outputs["category"][0].max())
    chances /= chances.sum()
    guess = int(chances.argmax())
    ends = np.cumsum([0] + [len(v) for v in ATTRIBUTES.values()])
    said = [values[outputs["attributes"][0, a:b].argmax()] for values, a, b in zip(ATTRIBUTES.values(), ends, ends[1:], strict=False)]
    cv2.putText(
        out,
        f"{CATEGORIES[guess]} {100 * chances[guess]:.0f}%" + ("" if guess == label else f" not {CATEGORIES[label]}"),
        (2, SIDE + 27),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.42,
        (0, 0, 0) if guess == label else (200, 0, 0),
        1,
        cv2.LINE_AA,
    )
    cv2.putText(out, " ".join(s for s in said if s != "none-applies"), (2, SIDE + 40), cv2.FONT_HERSHEY_SIMPLEX, 0.34, (70, 70, 70), 1, cv2.LINE_AA)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "models/garment/model.q8.onnx")
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data"))
    args = parser.parse_args()
    run, found = session(args.model), photos.files(args.data, "test")
    tiles = []
    for label in range(len(CATEGORIES)):
        own = [path for path, of in found if of == label]
        for number in range(EACH):
            picture = over_white(np.asarray(Image.open(own[number * len(own) // EACH]).convert("RGB")))
            tiles.append(tile(picture, run(squash(picture)), label))
    rows = [np.concatenate(tiles[i : i + COLUMNS], 1) for i in range(0, len(tiles), COLUMNS)]
    args.sheet.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(rows)).save(args.sheet)


if __name__ == "__main__":
    main()
