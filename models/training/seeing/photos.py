"""The real photos (`clothing-dataset-small`, CC0), small and square, in memory.

Decoding takes longer than training on a fast machine, so `pack` writes them once as one file of small pictures.
"""

import io
import pathlib

import numpy as np
from PIL import Image

from garments.labels import CATEGORIES

SPLITS = ["train", "validation", "test"]
SIDE = 176  # a little more than the nets read, for crops


def files(data, split):
    """(path, category) of a split, in the order of names."""
    root = pathlib.Path(data) / "clothing-dataset-small" / split
    return [(path, number) for number, name in enumerate(CATEGORIES) for path in sorted((root / name).iterdir())]


def pack(data, path, quality=80):
    """Writes all splits as WebP pictures of `SIDE` pixels a side into one `.npz`."""
    arrays = {}
    for split in SPLITS:
        blobs, labels = [], []
        for file, label in files(data, split):
            out = io.BytesIO()
            Image.open(file).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR).save(out, "WEBP", quality=quality)
            blobs.append(out.getvalue())
            labels.append(label)
        arrays |= {
            f"{split}_bytes": np.frombuffer(b"".join(blobs), np.uint8),
            f"{split}_ends": np.cumsum([len(b) for b in blobs]),
            f"{split}_labels": np.array(labels),
        }
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def unpack(path, split):
    """(u8 `[n, SIDE, SIDE, 3]`, labels `[n]`) of a packed file."""
    file = np.load(path)
    data, ends = file[f"{split}_bytes"].tobytes(), file[f"{split}_ends"]
    starts = np.concatenate([[0], ends[:-1]])
    pictures = [np.asarray(Image.open(io.BytesIO(data[a:b]))) for a, b in zip(starts, ends, strict=True)]
    return np.stack(pictures), file[f"{split}_labels"]


def pieces(pictures, labels, side=52):
    """What renders are made of besides what is drawn: `floors`, the four corners of photos, mostly what garments lie on;
    `cloths`, the middles of photos of what is large enough to fill one, mostly cloth."""
    s, middle = side, (pictures.shape[1] - side) // 2
    floors = np.concatenate([pictures[:, :s, :s], pictures[:, :s, -s:], pictures[:, -s:, :s], pictures[:, -s:, -s:]])
    large = ~np.isin(labels, [CATEGORIES.index("hat"), CATEGORIES.index("shoes")])
    return {"floors": floors, "cloths": pictures[large, middle : middle + s, middle : middle + s]}
