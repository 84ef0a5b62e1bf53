"""Cloth: colours, patterns over them, weave and folds.

A pattern is a map of colour numbers over cloth coordinates, so that the palette of what is drawn is known exactly.
Kinds in `UNSEEN` are drawn for measuring only.
"""

import cv2
import numpy as np

PATTERNS = ["plain", "stripes", "checks", "dots", "floral", "print"]
WEAVES = ["smooth", "twill", "rough"]
UNSEEN_WEAVES = ["rib", "knit"]


def oklab_to_linear(lab):
    """OKLab `[..., 3]` to linear sRGB (B. Ottosson, 2020)."""
    lab = np.asarray(lab, float)
    l, a, b = lab[..., 0], lab[..., 1], lab[..., 2]  # noqa: E741
    lms = (
        np.stack([l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.2914855480 * b], -1) ** 3
    )
    return lms @ np.array(
        [[4.0767416621, -1.2684380046, -0.0041960863], [-3.3077115913, 2.6097574011, -0.7034186147], [0.2309699292, -0.3413193965, 1.7076147010]]
    )


def colour(rng):
    """A colour as cloth has them, linear sRGB in 0.01..0.9: a third near neutral, the others of any hue."""
    if rng.random() < 0.35:
        light, chroma = rng.choice([rng.uniform(0.16, 0.3), rng.uniform(0.3, 0.75), rng.uniform(0.8, 0.95)]), abs(rng.normal(0, 0.012))
    else:
        light, chroma = rng.uniform(0.25, 0.88), rng.uniform(0.03, 0.2)
    hue = rng.uniform(0, 2 * np.pi)
    return np.clip(oklab_to_linear([light, chroma * np.cos(hue), chroma * np.sin(hue)]), 0.008, 0.9)


def distance(one, other):
    """How far apart two linear colours look, roughly: in cube roots, as OKLab has it."""
    return float(np.linalg.norm(np.cbrt(one) - np.cbrt(other)))


def palette(rng, count):
    """`count` linear colours, each clearly another."""
    found = [colour(rng)]
    while len(found) < count:
        new = colour(rng)
        if min(distance(new, old) for old in found) > 0.22:
            found.append(new)
    return np.array(found)


def blobs(rng, size, cells):
    """Smooth noise, `size` × `size`, standard normal at `cells` × `cells` knots."""
    return cv2.resize(rng.normal(0, 1, (cells, cells)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)


def _tile_dots(u, v, step, radius):
    row = np.floor(v / step)
    x, y = (u / step + 0.5 * (row % 2)) % 1 - 0.5, (v / step) % 1 - 0.5
    return x * x + y * y < radius * radius


def pattern(rng, kind, unseen):
    """Returns (how many colours it has, a function of cloth coordinates `u`, `v` to colour numbers)."""
    step = rng.uniform(0.05, 0.2)
    if kind == "stripes":
        shares, across = rng.uniform(0.25, 0.75), rng.random() < (0.5 if unseen else 0.7)
        if unseen:  # chevrons
            return 2, lambda u, v: (((v + np.abs((u / step) % 2 - 1) * step * 0.8) / step) % 1 < shares).astype(np.uint8)
        if rng.random() < 0.25:
            return 3, lambda u, v: np.digitize(((v if across else u) / step / 1.5) % 1, [0.5, 0.75]).astype(np.uint8)
        return 2, lambda u, v: (((v if across else u) / step) % 1 < shares).astype(np.uint8)
    if kind == "checks":
        shares = rng.uniform(0.3, 0.6)
        if unseen:  # on the bias
            return 3, lambda u, v: (((u + v) / step) % 1 < shares).astype(np.uint8) + (((u - v) / step) % 1 < shares).astype(np.uint8)
        if rng.random() < 0.3:  # windowpane
            return 2, lambda u, v: (((u / step) % 1 < 0.14) | ((v / step) % 1 < 0.14)).astype(np.uint8)
        return 3, lambda u, v: ((u / step) % 1 < shares).astype(np.uint8) + ((v / step) % 1 < shares).astype(np.uint8)
    if kind == "dots":
        radius = rng.uniform(0.2, 0.36)
        if unseen:  # diamonds
            return 2, lambda u, v: (np.abs((u / step) % 1 - 0.5) + np.abs((v / step) % 1 - 0.5) < radius).astype(np.uint8)
        return 2, lambda u, v: _tile_dots(u, v, step, radius).astype(np.uint8)
    if kind == "floral":
        petals, big = int(rng.integers(4, 8)), rng.uniform(0.14, 0.28)
        shift = rng.uniform(0, 1, (64, 3))

        def flowers(u, v):
            column, row = np.floor(u / big).astype(int), np.floor(v / big).astype(int)
            s = shift[(column * 7 + row * 13) % 64]
            x, y = (u / big) % 1 - 0.3 - 0.4 * s[..., 0], (v / big) % 1 - 0.3 - 0.4 * s[..., 1]
            r, turn = np.hypot(x, y), np.arctan2(y, x) + 6 * s[..., 2]
            out = (r < 0.2 + 0.1 * np.cos(petals * turn)).astype(np.uint8)
            out[(r < 0.08)] = 2
            return out + 3 * ((np.abs(np.sin(9 * u / big + 4 * s[..., 0]) + np.cos(7 * v / big)) < 0.12) & (out == 0)).astype(np.uint8)

        return 4, flowers
    if kind == "print":  # a picture or lettering on the chest
        top, wide, high = rng.uniform(0.12, 0.34), rng.uniform(0.14, 0.27), rng.uniform(0.08, 0.3)
        if rng.random() < 0.55:
            bars = rng.uniform(0.15, 0.6, (12, 3))
            rows, cols = int(rng.integers(1, 4)), int(rng.integers(4, 10))

            def letters(u, v):
                x, y = (u + wide) / (2 * wide), (v - top) / high
                inside = (x > 0) & (x < 1) & (y > 0) & (y < 1)
                cell = (np.clip(x, 0, 0.999) * cols).astype(int) + (np.clip(y, 0, 0.999) * rows).astype(int) * 5
                b = bars[cell % 12]
                x, y = (x * cols) % 1, (y * rows) % 1
                ink = ((np.abs(x - b[..., 0]) < 0.16) | (np.abs(y - b[..., 1]) < 0.16) | (np.abs(y - b[..., 2]) < 0.1)) & (x < 0.82) & (y < 0.8)
                return (inside & ink).astype(np.uint8)

            return 2, letters
        shape = rng.normal(0, 1, 4)
        round_picture = rng.random() < 0.5

        def picture(u, v):
            x, y = u / wide, (v - top - high / 2) / (high / 2)
            inside = (x * x + y * y < 1) if round_picture else (np.abs(x) < 1) & (np.abs(y) < 1)
            bands = np.sin(3 * x + 2 * shape[0] * y + shape[1]) + np.sin(2.5 * y + shape[2] * x + shape[3])
            return inside * np.digitize(bands, [-0.6, 0.5]).astype(np.uint8) + inside.astype(np.uint8) * (bands > 1.4)

        return 4, picture
    return 1, lambda u, v: np.zeros(u.shape, np.uint8)


def weave(rng, u, v, unseen):
    """Fine grain: a factor on the light, near 1."""
    kind = rng.choice(UNSEEN_WEAVES if unseen else WEAVES)
    strength, step = rng.uniform(0.02, 0.12), rng.uniform(0.012, 0.04)
    if kind == "twill":
        return 1 + strength * np.sin((u + v) * (2 * np.pi / step))
    if kind == "rough":
        return 1 + rng.normal(0, strength, u.shape).astype(np.float32)
    if kind == "rib":
        return 1 + strength * np.sign(np.sin(u * (2 * np.pi / step)))
    if kind == "knit":
        return 1 + strength * np.sin(u * (2 * np.pi / step)) * np.sin(v * (2 * np.pi / step) + 2 * np.abs(np.sin(u * (np.pi / step))))
    return np.ones(u.shape, np.float32)


def folds(rng, size):
    """Light on creased cloth: a factor `size` × `size`, mostly just below 1, deep creases near 0.5."""
    half = size // 2  # creases are smooth: drawn at half size
    y, x = (np.mgrid[0:half, 0:half].astype(np.float32) + 0.5) / half
    light = 1 - np.float32(rng.uniform(0.0, 0.12)) * np.abs(blobs(rng, half, int(rng.integers(4, 9))))
    for _ in range(int(rng.integers(2, 14))):
        turn, cx, cy = rng.uniform(0, np.pi), rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85)
        wide, long = rng.uniform(0.008, 0.05), rng.uniform(0.05, 0.3)
        c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        along, across = (x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s
        across = across / wide + rng.uniform(-0.6, 0.6) * (along / long) ** 2
        crease = np.exp(-0.5 * (across * across + (along / long) ** 2))
        light -= crease * rng.uniform(0.03, 0.28) * (1 + rng.uniform(-0.8, 0.8) * np.clip(across, -2, 2))
    return cv2.resize(np.clip(light, 0.35, 1.18).astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR)
