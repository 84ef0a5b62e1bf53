"""How right masks, points and palettes are, picture by picture."""

import numpy as np

from . import palette
from .colour_names import NAMES, name_of

NEAR = 0.05  # of the picture's side: PCK@0.05


def enlarge(logits, size):
    """`[c, h, w]` logits to `[c, size, size]`, bilinear with half-pixel centres."""
    h = logits.shape[1]
    at = np.clip((np.arange(size) + 0.5) * h / size - 0.5, 0, h - 1)
    low = np.floor(at).astype(int)
    high, part = np.minimum(low + 1, h - 1), (at - low).astype(np.float32)
    rows = logits[:, low] * (1 - part)[:, None] + logits[:, high] * part[:, None]
    return rows[:, :, low] * (1 - part) + rows[:, :, high] * part


def overlap(logits, masks):
    """IoU of each channel with the exact mask, NaN where neither has anything."""
    found, exact = enlarge(logits, masks.shape[1]) > 0, masks > 127
    union = (found | exact).sum((1, 2))
    return np.where(union > 0, (found & exact).sum((1, 2)) / np.maximum(union, 1), np.nan)


def points(outputs, labels):
    """(distances of the visible points, whether visibility is told right) over renders."""
    apart = [np.linalg.norm(o[:, :2] - k[:, :2], axis=1)[k[:, 2] > 1] for o, k in zip(outputs, labels, strict=True)]
    seen = [(o[:, 2] > 0) == (k[:, 2] > 1) for o, k in zip(outputs, labels, strict=True)]
    return np.concatenate(apart), np.concatenate(seen)


def main_colour(picture, mask):
    """The number in `NAMES` of the main colour; one past them where there is no palette."""
    found = palette.palette(picture, mask)
    return name_of(found[0][0]) if found else len(NAMES)


def palette_errors(picture, mask, known):
    """ΔE00 of the render's main colour, and of each of its colours of a tenth or more, to the nearest found."""
    known = known[known[:, 3] >= 0.1]
    found = [palette.to_cielab(palette.from_oklab(lab)) for lab, _ in palette.palette(picture, mask)]
    if not len(known):
        return None
    apart = [min((palette.delta_e(palette.to_cielab(k[:3]), f) for f in found), default=100.0) for k in known]
    first = palette.delta_e(palette.to_cielab(known[0, :3]), found[0]) if found else 100.0
    return first, apart


def near_by_name(names, outputs, labels):
    """For each point, the part of the visible ones that are found within `NEAR` and within twice that."""
    found = {}
    for number, name in enumerate(names):
        apart = np.array([np.linalg.norm(o[number, :2] - k[number, :2]) for o, k in zip(outputs, labels, strict=True) if k[number, 2] > 1])
        found[name] = {"pck_0.05": (apart <= NEAR).mean(), "pck_0.1": (apart <= 2 * NEAR).mean()}
    return found


def attributes(logits, labels, sizes):
    """Whether each group's value is told right: bool `[n, groups]`. `logits` `[n, sum of sizes]`."""
    groups = np.split(logits, np.cumsum(sizes)[:-1], 1)
    return np.stack([group.argmax(1) == labels[:, number] for number, group in enumerate(groups)], 1)
