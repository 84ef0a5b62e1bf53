"""Drawn people from the waist or thighs up, with exact regions (person, hair, arms) and key points.

Bodies, skin, hair and clothes vary freely and independently: the net is to find where a body is, and nothing else about it.
"""

import cv2
import numpy as np

from . import fabrics, scenes
from .labels import KEY_POINTS
from .outlines import both_sides, curve


def _limb(start, end, wide_start, wide_end):
    """A tapered capsule from `start` to `end` with half widths."""
    way = (end - start) / max(np.linalg.norm(end - start), 1e-6)
    side = np.array([-way[1], way[0]])
    turn = np.linspace(0, np.pi, 9)[:, None]
    cap_end = end + wide_end * (side * np.cos(turn) + way * np.sin(turn))
    cap_start = start - wide_start * (side * np.cos(turn) + way * np.sin(turn))
    return np.concatenate([cap_end, cap_start])


def skin(rng):
    """Linear sRGB along the range from very light to very dark skin, evenly in lightness."""
    light = rng.uniform(0.34, 0.86)
    return np.clip(fabrics.oklab_to_linear([light, rng.uniform(0.02, 0.055), rng.uniform(0.03, 0.075)]), 0.01, 0.9)


def hair_colour(rng):
    if rng.random() < 0.1:
        return fabrics.colour(rng)
    return np.clip(fabrics.oklab_to_linear([rng.uniform(0.15, 0.75), rng.uniform(-0.005, 0.05), rng.uniform(0.0, 0.09)]), 0.004, 0.9)


def _arm(rng, shoulder, build, side):
    """Elbow and wrist of the arm at `side` (−1 left, 1 right in the picture), and whether it lies before the body."""
    upper, lower = rng.uniform(0.44, 0.54), rng.uniform(0.4, 0.5)
    manner = rng.choice(["down", "hip", "up", "across", "any"], p=[0.42, 0.18, 0.1, 0.15, 0.15])
    one, two = {"down": (rng.uniform(0.0, 0.35), rng.uniform(-0.15, 0.3)), "hip": (rng.uniform(0.5, 0.9), rng.uniform(-0.9, -0.4)),
                "up": (rng.uniform(1.2, 2.8), rng.uniform(2.0, 3.4)), "across": (rng.uniform(0.05, 0.3), rng.uniform(-1.9, -1.1)),
                "any": (rng.uniform(-0.1, 2.4), rng.uniform(-1.5, 2.6))}[manner]
    elbow = shoulder + upper * np.array([side * np.sin(one), np.cos(one)])
    wrist = elbow + lower * np.array([side * np.sin(two), np.cos(two)])
    return elbow, wrist, manner != "down" or rng.random() < 0.7


def body(rng):
    """Outlines in body space (neck pit at 0, 0; y down; a head is some 0.5 high), a list of (outline, what, colour key), and key points."""
    wide, waist = rng.uniform(0.34, 0.52), rng.uniform(0.24, 0.5)
    hip = np.clip(waist * rng.uniform(0.95, 1.35), 0.28, 0.56)
    drop, torso = rng.uniform(0.08, 0.16), rng.uniform(0.95, 1.2)
    neck, head_wide, head_high = rng.uniform(0.1, 0.15), rng.uniform(0.17, 0.21), rng.uniform(0.23, 0.28)
    lean = rng.normal(0, 0.04)
    head = np.array([lean, -0.16 - head_high + rng.uniform(-0.03, 0.03)])
    points = {"neck": np.zeros(2), "nose": head + [lean * 0.8, head_high * 0.18]}
    trunk = both_sides(np.concatenate([[(neck * 0.9, -0.12)], curve((neck, -0.07), (wide, drop), -0.03), curve((wide, drop), (waist, torso * 0.62), -0.04),
                                       curve((waist, torso * 0.62), (hip, torso), 0.03), curve((hip, torso), (hip * rng.uniform(0.9, 1.05), torso + 1.2), 0.0)]))
    shapes = []
    style = rng.choice(["bald", "short", "bob", "long", "bun", "curly"], p=[0.08, 0.3, 0.17, 0.25, 0.08, 0.12])
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    oval = np.stack([np.cos(turn), np.sin(turn)], 1)
    if style in ("bob", "long"):
        reach = rng.uniform(0.1, 0.25) if style == "bob" else rng.uniform(0.3, 0.85)
        behind = both_sides(np.concatenate([curve(head * [0, 1] - [0, head_high * 1.15], (head_wide * 1.45, head[1]), 0.15),
                                            curve((head_wide * 1.45, head[1]), (head_wide * rng.uniform(1.1, 1.7), reach - 0.1), rng.uniform(-0.03, 0.05)), [(0, reach)]])) + [lean, 0]
        shapes.append((behind, "hair", "hair"))
    if style == "bun":
        shapes.append((head - [0, head_high * 1.3] + oval * rng.uniform(0.07, 0.13), "hair", "hair"))
    if style == "curly":
        big = oval * (1 + 0.08 * np.sin(turn * 9)[:, None]) * [head_wide * rng.uniform(1.3, 1.9), head_high * rng.uniform(1.1, 1.4)]
        shapes.append((head - [0, head_high * 0.25] + big, "hair", "hair"))
    arms = []
    for side, name in ((-1, "left"), (1, "right")):
        shoulder = np.array([side * (wide - 0.05), drop + 0.03])
        elbow, wrist, front = _arm(rng, shoulder, wide, side)
        thick = rng.uniform(0.075, 0.12)
        points |= {f"shoulder-{name}": np.array([side * (wide - 0.03), drop]), f"elbow-{name}": elbow, f"wrist-{name}": wrist, f"hip-{name}": np.array([side * hip, torso])}
        hand = wrist + (wrist - elbow) / np.linalg.norm(wrist - elbow) * 0.11
        arms.append((front, [(_limb(shoulder, elbow, thick, thick * 0.82), "arms", "skin"), (_limb(elbow, wrist, thick * 0.8, thick * 0.52), "arms", "skin"),
                             (_limb(wrist, hand, thick * 0.6, thick * 0.55), "arms", "skin")], (shoulder, elbow, wrist, thick)))
    sleeve = rng.choice(["none", "short", "long"], p=[0.25, 0.45, 0.3])
    for front, limbs, (shoulder, elbow, wrist, thick) in arms:
        if sleeve != "none":
            loose = rng.uniform(1.05, 1.5)
            limbs.insert(1 if sleeve == "short" else 2, (_limb(shoulder, shoulder + (elbow - shoulder) * (rng.uniform(0.35, 0.8) if sleeve == "short" else 1.0), thick * loose, thick * loose * 0.9), "arms", "cloth"))
            if sleeve == "long":
                limbs.insert(3, (_limb(elbow, elbow + (wrist - elbow) * 0.95, thick * loose * 0.9, thick * loose * 0.65), "arms", "cloth"))
        if not front:
            shapes += limbs
    shapes.append((trunk, "person", "skin"))
    cut = rng.uniform(0.0, 0.25)
    top = both_sides(np.concatenate([curve((0, cut), (neck * rng.uniform(1.0, 2.2), -0.05 + cut * 0.2), 0.1), [(wide * 1.02, drop - 0.015)], curve((wide * 1.02, drop - 0.015), (waist * 1.06, torso * 0.62), -0.03),
                                     curve((waist * 1.06, torso * 0.62), (hip * 1.06, torso), 0.03), [(hip * 1.05, torso + rng.uniform(-0.1, 0.2)), (0, torso + 0.15)]]))
    trousers = both_sides([(0, torso - 0.1), (hip * 1.0, torso - 0.1), (hip * 1.1, torso + 0.3), (hip * 1.06, torso + 1.25), (0, torso + 1.25)])
    shapes += [(trousers, "person", "trousers"), (top, "person", "cloth")]
    shapes.append((both_sides([(neck * 0.95, -0.2), (neck, -0.04), (0, 0.03)]), "person", "skin"))
    shapes.append((head + oval * [head_wide, head_high], "person", "skin"))
    for side in (-1, 1):
        shapes.append((head + [side * head_wide * 0.4, head_high * -0.05] + oval * [0.025, 0.014], "person", "dark"))
    shapes.append((head + [lean * 0.8, head_high * 0.18] + oval * [0.02, 0.03], "person", "shade"))
    shapes.append((head + [lean * 0.6, head_high * 0.52] + oval * [0.055, 0.016], "person", "lips"))
    if style != "bald":
        part = rng.uniform(-0.6, 0.6)
        line = rng.uniform(-0.5, -0.1)
        cap = np.concatenate([head + curve((-head_wide * 1.06, head_high * line * 0.3), (head_wide * 1.06, head_high * line * 0.3), head_high / head_wide * 0.53, 16),
                              head + [[head_wide * 1.06, head_high * line * 0.3], [head_wide * 0.8, head_high * (line - 0.1)], [head_wide * part, head_high * (line - 0.25)], [-head_wide * 0.8, head_high * (line - 0.1)]]])
        shapes.append((cap, "hair", "hair"))
    if style == "long" and rng.random() < 0.6:
        for side in (-1, 1):
            if rng.random() < 0.7:
                lock = np.array([(head_wide * 0.85, head[1] - 0.05), (head_wide * 1.25, head[1]), (head_wide * rng.uniform(1.0, 1.6), 0.3 * rng.uniform(0.3, 2)), (head_wide * 0.8, 0.1)]) * [side, 1] + [lean, 0]
                shapes.append((lock, "hair", "hair"))
    for front, limbs, _ in arms:
        if front:
            shapes += limbs
    return shapes, points


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
        hidden = not inside or masks[0][max(int(at[1]) - 2, 0):int(at[1]) + 3, max(int(at[0]) - 2, 0):int(at[0]) + 3].max(initial=0) < 0.05
        key_points[number] = (*(at / size), 1 if hidden else 2)
    return {"picture": scenes.develop(rng, scene), "regions": (masks * 255 + 0.5).astype(np.uint8), "key_points": key_points}
