"""Renders garments with everything that is known of them: mask, landmarks, attributes, palette.

`garment(seed, index)` is the same picture for ever: each index has its own random numbers.
"""

import cv2
import numpy as np

from . import fabrics, outlines, scenes
from .labels import ATTRIBUTES, CATEGORIES, LANDMARKS

UNKNOWN = -100  # an attribute of which nothing is known
PALETTE_SIZE = 5  # rows of `palette`: linear r, g, b and share, largest first, zeros after the last


def pose(rng, garment, size):
    """A matrix and an offset from the garment's space to pixels, and a bend that leaves outlines smooth."""
    points = np.concatenate([part.outline for part in garment.parts])
    low, high = points.min(0), points.max(0)
    turn = rng.normal(0, 0.12) if rng.random() < 0.85 else rng.uniform(-0.8, 0.8)
    shear, stretch = rng.normal(0, 0.05), np.exp(rng.normal(0, 0.09))
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, -s], [s, c]]) @ np.array([[stretch, shear], [0, 1 / stretch]])
    corners = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])]) @ matrix.T
    extent = (corners.max(0) - corners.min(0)).max()
    matrix = matrix * (rng.uniform(0.62, 1.04) * size / extent)
    centre = (low + high) / 2 @ matrix.T
    offset = np.array([size, size]) * rng.uniform(0.43, 0.57, 2) - centre
    waves = rng.normal(0, 0.012, (2, 2, 2)), rng.uniform(2, 7, (2, 2)), rng.uniform(0, 6, (2, 2))

    def bend(points):
        points = np.asarray(points, float)
        moved = points.copy()
        for axis in range(2):
            for k in range(2):
                moved += waves[0][axis, k] * np.sin(points[..., axis : axis + 1] * waves[1][axis, k] + waves[2][axis, k])
        return moved

    return matrix, offset, bend


def _fill(shape, outline):
    cover = np.zeros(shape, np.uint8)
    cv2.fillPoly(cover, [np.int32(np.round(outline * 16))], 255, cv2.LINE_AA, 4)
    return cover.astype(np.float32) / 255


def _real_cloth(rng, size, cloths):
    """Cloth from the middle of a photo, laid over the whole picture: linear `[size, size, 3]`."""
    patch = np.rot90(cloths[rng.integers(len(cloths))], rng.integers(4))
    patch = cv2.resize(np.ascontiguousarray(patch), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(patch.astype(np.float32) / 255 * np.float32(rng.uniform(0.8, 1.2)), 0.02, 1) ** 2.2


def _kind(rng, category):
    """A pattern for the category: prints are on tops."""
    kinds = ATTRIBUTES["pattern"]
    if category in ("hat", "shoes", "pants", "shorts", "skirt"):
        return str(rng.choice(kinds[:5], p=[0.6, 0.1, 0.1, 0.1, 0.1]))
    return str(rng.choice(kinds, p=[0.4, 0.13, 0.12, 0.1, 0.1, 0.15]))


class _Cloth:
    """The garment's cloth over the whole picture: colour numbers, the colours' table, weave."""

    def __init__(self, rng, kind, size, matrix, offset, unseen, patches):
        self.kind = kind
        count, self.numbers = fabrics.pattern(rng, kind, unseen)
        colours = fabrics.palette(rng, max(count, 2))
        self.inside, self.dark = len(colours), len(colours) + 1
        self.table = np.concatenate([colours, [colours[0] * 0.7], [np.full(3, 0.02)]]).astype(np.float32)
        y, x = np.mgrid[0:size, 0:size].astype(np.float32) + 0.5
        inverse = np.linalg.inv(matrix).astype(np.float32)
        self.u = (x - offset[0]) * inverse[0, 0] + (y - offset[1]) * inverse[0, 1]
        self.v = (x - offset[0]) * inverse[1, 0] + (y - offset[1]) * inverse[1, 1]
        self.ripple = fabrics.blobs(rng, size, 5) * 0.02
        self.grain = fabrics.weave(rng, self.u, self.v, unseen)
        self.straight = self.numbers(self.u + self.ripple, self.v)
        self.real = _real_cloth(rng, size, patches["cloths"]) if patches and rng.random() < 0.25 else None

    def of(self, part):
        """Colour numbers of a part, and its colours."""
        if part.cloth != "main":
            number = {"second": 1, "inside": self.inside, "dark": self.dark}[part.cloth]
            numbers = np.full_like(self.straight, number)
        elif not part.turn:
            numbers = self.straight
        elif self.kind == "print":
            numbers = np.zeros_like(self.straight)
        else:
            c, s = np.float32(np.cos(part.turn)), np.float32(np.sin(part.turn))
            numbers = self.numbers(self.u * c - self.v * s + self.ripple, self.u * s + self.v * c)
        return numbers, self.table[numbers] if self.real is None or part.cloth in ("inside", "dark") else self.real


def _paint(rng, drawn, cloth, size, place):
    """The garment alone: linear colours, how much of each pixel it covers, and the number of each pixel's colour (255: none)."""
    picture = np.zeros((size, size, 3), np.float32)
    mask, tone = np.zeros((size, size), np.float32), np.ones((size, size), np.float32)
    which = np.full((size, size), 255, np.uint8)
    for part in drawn.parts:
        cover = _fill((size, size), place(part.outline))
        numbers, colours = cloth.of(part)
        edge = cv2.GaussianBlur(cover, (0, 0), size * 0.012)
        shade = part.tone * (0.72 + 0.28 * np.clip(edge * 2 - 1, 0, 1) ** 0.5)
        picture += cover[..., None] * (colours - picture)
        tone = np.where(cover > 0.02, tone + cover * (shade - tone), tone)
        which = np.where(cover > 0.5, numbers, which)
        mask = np.maximum(mask, cover)
    marks = np.ones((size, size), np.float32)
    for line, darkness in drawn.lines:
        cv2.polylines(marks, [np.int32(np.round(place(line) * 16))], False, float(darkness), max(1, round(size / 160)), cv2.LINE_AA, 4)
    picture *= (tone * marks * fabrics.folds(rng, size) * cloth.grain)[..., None]
    return picture, mask, which


def _shadow(rng, mask):
    size = len(mask)
    drop = rng.uniform(0, 0.025, 2) * size * rng.choice([-1, 1], 2)
    moved = cv2.warpAffine(mask, np.float32([[1, 0, drop[0]], [0, 1, drop[1]]]), (size, size))
    return cv2.GaussianBlur(moved, (0, 0), size * rng.uniform(0.008, 0.03))


def _landmarks(drawn, place, whole, mask):
    """f32 `[10, 3]`. Covered is what had cloth around it before something was laid over the garment, and has none now."""
    size, found = len(mask), np.zeros((len(LANDMARKS), 3), np.float32)
    for number, mark in enumerate(LANDMARKS):
        if mark in drawn.landmarks:
            at = place(drawn.landmarks[mark])
            row, column = int(at[1]), int(at[0])
            inside = 0 <= at[0] < size and 0 <= at[1] < size
            seen = inside and not (_around(whole, row, column) > 0.1 and _around(mask, row, column) < 0.05)
            found[number] = (*(at / size), 2 if seen else 1)
    return found


def garment(seed, index, size=160, unseen=False, category=None, patches=None):
    """One render: a dictionary of

    - `picture` u8 `[size, size, 3]`, `mask` u8 `[size, size]`, 0..255, `category`, `attributes` i64 `[5]`;
    - `landmarks` f32 `[10, 3]`: x, y in 0..1, and 2 visible, 1 covered or outside, 0 absent;
    - `palette` f32 `[5, 4]`: linear colours of the cloth without light, and shares.

    `patches`, if any, are pieces of real photos (u8): `floors` for backgrounds, and `cloths`, of which a quarter of the garments
    is made; their pattern is `UNKNOWN` and their palette the one mean colour.
    """
    rng = np.random.default_rng((seed, index, int(unseen)))
    name = category or CATEGORIES[int(rng.integers(len(CATEGORIES)))]
    drawn = outlines.draw(rng, name)
    kind = _kind(rng, name)
    matrix, offset, bend = pose(rng, drawn, size)
    cloth = _Cloth(rng, kind, size, matrix, offset, unseen, patches)
    place = lambda points: bend(points) @ matrix.T + offset  # noqa: E731
    garment_alone, mask, which = _paint(rng, drawn, cloth, size, place)

    scene = scenes.background(rng, size, unseen, patches and patches["floors"])
    shadow = _shadow(rng, mask)
    scene *= (1 - rng.uniform(0.1, 0.6) * shadow)[..., None]
    scene += mask[..., None] * (garment_alone - scene)
    whole = mask.copy()
    scenes.occluders(rng, size, scene, mask)
    scenes.light(rng, size, scene)

    known = {**drawn.attributes, "pattern": kind}
    attributes = np.array([ATTRIBUTES[group].index(known[group]) for group in ATTRIBUTES], np.int64)
    palette = _palette(which, mask > 0.5, cloth.table, cloth.inside)
    if cloth.real is not None:
        attributes[list(ATTRIBUTES).index("pattern")] = UNKNOWN
        palette[:] = 0
        palette[0] = (*cloth.real.mean((0, 1)), 1)
    return {
        "picture": scenes.develop(rng, scene),
        "mask": (mask * 255 + 0.5).astype(np.uint8),
        "category": CATEGORIES.index(name),
        "attributes": attributes,
        "landmarks": _landmarks(drawn, place, whole, mask),
        "palette": palette,
    }


def _around(mask, row, column):
    return mask[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3].max(initial=0.0)


def _palette(which, mask, table, inside):
    """Colours of the visible cloth and their shares; linings don't count as a colour of the garment."""
    numbers, counts = np.unique(which[mask & (which != 255) & (which != inside)], return_counts=True)
    found = np.zeros((PALETTE_SIZE, 4), np.float32)
    order = np.argsort(-counts, kind="stable")[:PALETTE_SIZE]
    if len(order):
        found[: len(order), :3], found[: len(order), 3] = table[numbers[order]], counts[order] / counts.sum()
    return found
