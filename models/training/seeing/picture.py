"""Pictures to what the nets read: the reference of the arithmetic that the product repeats."""

import numpy as np

SIZE = 160  # pixels a side of what both nets read


def over_white(rgba):
    """`[h, w, 3 or 4]` u8 to f32 `[h, w, 3]`, 0..255, transparent parts white."""
    picture = np.asarray(rgba).astype(np.float32)
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:]
    return (picture[..., :3] * alpha + 255 * (255 - alpha)) / np.float32(255)


def _weights(source, target):
    """Rows of a triangle filter with half-pixel centres, as wide as the step when it shrinks: f32 `[target, source]`."""
    scale = source / target
    support = max(scale, 1.0)
    rows = np.zeros((target, source))
    for i in range(target):
        centre = (i + 0.5) * scale
        low, high = max(0, int(np.floor(centre - support + 0.5))), min(source, int(np.floor(centre + support + 0.5)))
        weights = np.maximum(0.0, 1 - np.abs(np.arange(low, high) + 0.5 - centre) / support)
        rows[i, low:high] = weights / weights.sum()
    return rows.astype(np.float32)


def squash(picture, size=SIZE):
    """f32 `[h, w, 3]` to f32 `[size, size, 3]`, aspect not kept, nothing rounded: rows first, then columns."""
    high, wide = picture.shape[:2]
    if wide != size:
        picture = np.einsum("ij,hjc->hic", _weights(wide, size), picture, optimize=True)
    if high != size:
        picture = np.einsum("ij,jwc->iwc", _weights(high, size), picture, optimize=True)
    return picture


def normalised(picture):
    """f32 `[s, s, 3]`, 0..255, to the nets' input `image`: f32 `[1, 3, s, s]`, −1..1."""
    return np.ascontiguousarray((picture / np.float32(127.5) - 1).transpose(2, 0, 1)[None], dtype=np.float32)
