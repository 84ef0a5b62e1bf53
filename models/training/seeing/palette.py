"""A garment's colours from a picture and its mask, and how far apart two colours look. The product repeats `palette`."""

import numpy as np

CENTRES = 6
NEW_CENTRE = 0.0004  # squared distance below which all colours have a centre near
MERGE = 0.05
SMALLEST = 0.04
LIT = (0.5, 0.9)  # of a colour's cells by lightness, those that say what it is: folds only darken, highlights only lighten
MOST = 5
FEWEST_CELLS = 16
ROUNDS = 12


def to_linear(srgb):
    """sRGB 0..255 to linear 0..1."""
    c = np.asarray(srgb, np.float64) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def to_srgb(linear):
    """Linear to sRGB 0..255, clamped, not rounded."""
    c = np.clip(linear, 0, 1)
    return 255 * np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)


_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])
_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)


def to_oklab(linear):
    """Linear sRGB to OKLab (B. Ottosson, 2020)."""
    return np.cbrt(np.asarray(linear, np.float64) @ _LMS.T) @ _LAB.T


def from_oklab(lab):
    """OKLab to linear sRGB, possibly outside 0..1."""
    return (np.asarray(lab) @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_LMS).T


def cells_of(picture, mask):
    """Mean sRGB of the mask's cells that lie inside it: f32 `[s, s, 3]` and logits `[s/2, s/2]` to `[n, 3]`, row by row."""
    h, w = mask.shape
    blocks = picture.reshape(h, 2, w, 2, 3).mean((1, 3))
    inside = mask > 0
    ring = np.zeros((h + 2, w + 2), bool)
    ring[1:-1, 1:-1] = inside
    deep = inside & ring[:-2, 1:-1] & ring[2:, 1:-1] & ring[1:-1, :-2] & ring[1:-1, 2:]
    return blocks[deep if deep.sum() >= FEWEST_CELLS else inside]


def _clusters(features):
    """k-means from far points: (centres, the cluster of each row)."""
    first = ((features - features.mean(0)) ** 2).sum(1).argmin()
    centres = [features[first]]
    nearest = ((features - centres[0]) ** 2).sum(1)
    while len(centres) < CENTRES and nearest.max() >= NEW_CENTRE:
        centres.append(features[nearest.argmax()])
        nearest = np.minimum(nearest, ((features - centres[-1]) ** 2).sum(1))
    centres = np.array(centres)
    for _ in range(ROUNDS):
        of = ((features[:, None] - centres[None]) ** 2).sum(2).argmin(1)
        for c in range(len(centres)):
            if (of == c).any():
                centres[c] = features[of == c].mean(0)
    return centres, ((features[:, None] - centres[None]) ** 2).sum(2).argmin(1)


def palette(picture, mask):
    """Up to five (OKLab, share), the largest first. `picture` f32 `[160, 160, 3]` 0..255, `mask` logits `[80, 80]`."""
    cells = cells_of(picture, mask)
    if len(cells) < FEWEST_CELLS:
        return []
    lab = to_oklab(to_linear(cells))
    centres, of = _clusters(lab * [0.5, 1, 1])
    counts = np.bincount(of, minlength=len(centres))
    groups = [(centres[c], [c], counts[c]) for c in range(len(centres)) if counts[c]]
    while len(groups) > 1:
        apart, one, two = min((float(((a[0] - b[0]) ** 2).sum()), i, j) for i, a in enumerate(groups) for j, b in enumerate(groups) if i < j)
        if apart >= MERGE**2:
            break
        (a, of_a, n), (b, of_b, m) = groups[one], groups[two]
        groups[one] = ((a * n + b * m) / (n + m), of_a + of_b, n + m)
        del groups[two]
    groups = sorted((g for g in groups if g[2] >= SMALLEST * len(cells)), key=lambda g: -g[2])[:MOST]
    total, found = sum(g[2] for g in groups), []
    for _, members, count in groups:
        own = lab[np.isin(of, members)]
        own = own[np.argsort(own[:, 0], kind="stable")]
        low = int(np.floor(LIT[0] * count))
        found.append((own[low : max(int(np.ceil(LIT[1] * count)), low + 1)].mean(0), count / total))
    return found


def to_cielab(linear):
    """Linear sRGB to CIELAB, D65."""
    xyz = np.asarray(linear, np.float64) @ np.array(
        [[0.4124564, 0.2126729, 0.0193339], [0.3575761, 0.7151522, 0.1191920], [0.1804375, 0.0721750, 0.9503041]]
    )
    t = xyz / [0.95047, 1.0, 1.08883]
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def delta_e(one, other):
    """CIEDE2000 of two CIELAB colours (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    dh = 0.0 if grey else (h2 - h1 + 180) % 360 - 180
    mean_h = h1 + h2 if grey else (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    cos = lambda degrees: np.cos(np.radians(degrees))  # noqa: E731
    t = 1 - 0.17 * cos(mean_h - 30) + 0.24 * cos(2 * mean_h) + 0.32 * cos(3 * mean_h + 6) - 0.2 * cos(4 * mean_h - 63)
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    turn = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    x, y, z = (l2 - l1) / s_l, (c2 - c1) / s_c, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2)) / s_h
    return float(np.sqrt(max(0.0, x * x + y * y + z * z + turn * y * z)))
