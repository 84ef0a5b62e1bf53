"""Drawn people from the waist or thighs up, with exact regions (person, hair, arms) and key points.

Bodies, skin, hair and clothes vary freely and independently: the net is to find where a body is, and nothing else about it.
"""

import cv2
import numpy as np

from . import fabrics, scenes
from .bodies import body
from .labels import KEY_POINTS


def skin(rng):
    """Linear sRGB along the range from very light to very dark skin, evenly in lightness."""
    light = rng.uniform(0.34, 0.86)
    return np.clip(fabrics.oklab_to_linear([light, rng.uniform(0.02, 0.055), rng.uniform(0.03, 0.075)]), 0.01, 0.9)


def hair_colour(rng):
    if rng.random() < 0.1:
        return fabrics.colour(rng)
    return np.clip(fabrics.oklab_to_linear([rng.uniform(0.15, 0.75), rng.uniform(-0.005, 0.05), rng.uniform(0.0, 0.09)]), 0.004, 0.9)


def figure(seed, index, size=160, unseen=False, patches=None):
    """A dictionary: `picture` u8 [size, size, 3]; `regions` u8 [3, size, size] 0..255; `key_points` f32 [10, 3] as landmarks have it."""
    rng = np.random.default_rng((seed, index, int(unseen), 7))
    shapes, points = body(rng)
    scale = size / rng.uniform(1.7, 3.1)
    turn = rng.normal(0, 0.06)
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, -s], [s, c]]) * scale * [[rng.uniform(0.85, 1.15)], [1.0]]
    offset = np.array([rng.uniform(0.38, 0.62), rng.uniform(0.28, 0.42) if rng.random() < 0.8 else rng.uniform(0.1, 0.5)]) * size

    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    table = {"skin": skin(rng), "hair": hair_colour(rng), "dark": np.full(3, 0.03)}
    table |= {"shade": table["skin"] * 0.8, "lips": table["skin"] * [0.95, 0.6, 0.6]}
    grain = 1 + 0.25 * np.sin(x * rng.uniform(0.3, 1.5) + 4 * fabrics.blobs(rng, size, 6)) * rng.uniform(0.2, 1)
    cloths = {}
    for name in ("cloth", "trousers"):
        kind = str(rng.choice(fabrics.PATTERNS, p=[0.5, 0.12, 0.12, 0.08, 0.08, 0.1]))
        count, numbers = fabrics.pattern(rng, kind, unseen)
        colours = np.float32(fabrics.palette(rng, count))
        u, v = (x - offset[0]) / scale, (y - offset[1]) / scale
        light = fabrics.folds(rng, size) * fabrics.weave(rng, u, v, unseen)
        cloths[name] = colours[numbers(u, v)] * light[..., None]
    scene = scenes.background(rng, size, unseen, patches and patches["floors"])
    masks = np.zeros((3, size, size), np.float32)
    covered = np.zeros((size, size), np.float32)
    for outline, what, key in shapes:
        cover = np.zeros((size, size), np.uint8)
        cv2.fillPoly(cover, [np.int32(np.round((outline @ matrix.T + offset) * 16))], 255, cv2.LINE_AA, 4)
        cover = cover.astype(np.float32) / 255
        soft = cv2.GaussianBlur(cover, (0, 0), size * 0.02)
        shade = 0.62 + 0.38 * np.clip(soft * 1.6 - 0.6, 0, 1)
        if key not in ("dark", "shade", "lips") and what == "arms":
            scene *= (1 - 0.25 * soft * (1 - cover))[..., None]
        paint = cloths[key] if key in cloths else table[key] * (grain[..., None] if key == "hair" else 1)
        scene += cover[..., None] * (paint * shade[..., None] - scene)
        masks[0] = np.maximum(masks[0], cover)
        for number, region in ((1, "hair"), (2, "arms")):
            masks[number] = masks[number] * (1 - cover) if what != region else np.maximum(masks[number], cover)
        covered = np.maximum(covered, cover)
    scene = np.float32(scene)
    scenes.occluders(rng, size, scene, masks[0])
    masks[1:] = np.minimum(masks[1:], masks[0])
    scenes.light(rng, size, scene)
    key_points = np.zeros((len(KEY_POINTS), 3), np.float32)
    for number, name in enumerate(KEY_POINTS):
        at = points[name] @ matrix.T + offset
        inside = 0 <= at[0] < size and 0 <= at[1] < size
        hidden = not inside or masks[0][max(int(at[1]) - 2, 0) : int(at[1]) + 3, max(int(at[0]) - 2, 0) : int(at[0]) + 3].max(initial=0) < 0.05
        key_points[number] = (*(at / size), 1 if hidden else 2)
    return {"picture": scenes.develop(rng, scene), "regions": (masks * 255 + 0.5).astype(np.uint8), "key_points": key_points}
