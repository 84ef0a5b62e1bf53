"""Upper bodies as outlines, from behind to before, and where their points are.

Space: the pit of the neck at 0, 0, y down, a head some half a unit high. An outline comes with the region that it belongs to
(person, hair, arms) and with what it is painted with.
"""

from dataclasses import dataclass

import numpy as np

from .shapes import both_sides, curve

_TURN = np.linspace(0, 2 * np.pi, 28, endpoint=False)
_OVAL = np.stack([np.cos(_TURN), np.sin(_TURN)], 1)


@dataclass
class _Build:
    """Half widths of shoulders, waist, hip and neck, where they are, and the head."""

    wide: float
    waist: float
    hip: float
    drop: float
    torso: float
    neck: float
    head_wide: float
    head_high: float
    lean: float
    head: np.ndarray


def _build(rng):
    wide, waist = rng.uniform(0.34, 0.52), rng.uniform(0.24, 0.5)
    hip = np.clip(waist * rng.uniform(0.95, 1.35), 0.28, 0.56)
    drop, torso = rng.uniform(0.08, 0.16), rng.uniform(0.95, 1.2)
    neck, head_wide, head_high = rng.uniform(0.1, 0.15), rng.uniform(0.17, 0.21), rng.uniform(0.23, 0.28)
    lean = rng.normal(0, 0.04)
    head = np.array([lean, -0.16 - head_high + rng.uniform(-0.03, 0.03)])
    return _Build(wide, waist, hip, drop, torso, neck, head_wide, head_high, lean, head)


def _limb(start, end, wide_start, wide_end):
    """A tapered capsule from `start` to `end` with half widths."""
    way = (end - start) / max(np.linalg.norm(end - start), 1e-6)
    side = np.array([-way[1], way[0]])
    turn = np.linspace(0, np.pi, 9)[:, None]
    cap_end = end + wide_end * (side * np.cos(turn) + way * np.sin(turn))
    cap_start = start - wide_start * (side * np.cos(turn) + way * np.sin(turn))
    return np.concatenate([cap_end, cap_start])


def _trunk(rng, b):
    right = [
        [(b.neck * 0.9, -0.12)],
        curve((b.neck, -0.07), (b.wide, b.drop), -0.03),
        curve((b.wide, b.drop), (b.waist, b.torso * 0.62), -0.04),
        curve((b.waist, b.torso * 0.62), (b.hip, b.torso), 0.03),
        curve((b.hip, b.torso), (b.hip * rng.uniform(0.9, 1.05), b.torso + 1.2), 0.0),
    ]
    return both_sides(np.concatenate(right))


def _hair_behind(rng, b, style):
    """Hair that hangs or stands behind the head."""
    if style in ("bob", "long"):
        reach = rng.uniform(0.1, 0.25) if style == "bob" else rng.uniform(0.3, 0.85)
        side = (b.head_wide * 1.45, b.head[1])
        right = [
            curve(b.head * [0, 1] - [0, b.head_high * 1.15], side, 0.15),
            curve(side, (b.head_wide * rng.uniform(1.1, 1.7), reach - 0.1), rng.uniform(-0.03, 0.05)),
            [(0, reach)],
        ]
        return [(both_sides(np.concatenate(right)) + [b.lean, 0], "hair", "hair")]
    if style == "bun":
        return [(b.head - [0, b.head_high * 1.3] + _OVAL * rng.uniform(0.07, 0.13), "hair", "hair")]
    if style == "curly":
        curls = _OVAL * (1 + 0.08 * np.sin(_TURN * 9)[:, None])
        big = curls * [b.head_wide * rng.uniform(1.3, 1.9), b.head_high * rng.uniform(1.1, 1.4)]
        return [(b.head - [0, b.head_high * 0.25] + big, "hair", "hair")]
    return []


def _arm(rng, shoulder, side):
    """Elbow and wrist of the arm at `side` (−1 left, 1 right in the picture), and whether it lies before the body."""
    upper, lower = rng.uniform(0.44, 0.54), rng.uniform(0.4, 0.5)
    manner = rng.choice(["down", "hip", "up", "across", "any"], p=[0.42, 0.18, 0.1, 0.15, 0.15])
    one, two = {
        "down": (rng.uniform(0.0, 0.35), rng.uniform(-0.15, 0.3)),
        "hip": (rng.uniform(0.5, 0.9), rng.uniform(-0.9, -0.4)),
        "up": (rng.uniform(1.2, 2.8), rng.uniform(2.0, 3.4)),
        "across": (rng.uniform(0.05, 0.3), rng.uniform(-1.9, -1.1)),
        "any": (rng.uniform(-0.1, 2.4), rng.uniform(-1.5, 2.6)),
    }[manner]
    elbow = shoulder + upper * np.array([side * np.sin(one), np.cos(one)])
    wrist = elbow + lower * np.array([side * np.sin(two), np.cos(two)])
    return elbow, wrist, manner != "down" or rng.random() < 0.7


def _arms(rng, b):
    """Both arms, bare: whether before the body, outlines, and joints with the arm's thickness; and the points of the sides."""
    arms, points = [], {}
    for side, name in ((-1, "left"), (1, "right")):
        shoulder = np.array([side * (b.wide - 0.05), b.drop + 0.03])
        elbow, wrist, front = _arm(rng, shoulder, side)
        thick = rng.uniform(0.075, 0.12)
        points |= {
            f"shoulder-{name}": np.array([side * (b.wide - 0.03), b.drop]),
            f"elbow-{name}": elbow,
            f"wrist-{name}": wrist,
            f"hip-{name}": np.array([side * b.hip, b.torso]),
        }
        hand = wrist + (wrist - elbow) / np.linalg.norm(wrist - elbow) * 0.11
        limbs = [
            (_limb(shoulder, elbow, thick, thick * 0.82), "arms", "skin"),
            (_limb(elbow, wrist, thick * 0.8, thick * 0.52), "arms", "skin"),
            (_limb(wrist, hand, thick * 0.6, thick * 0.55), "arms", "skin"),
        ]
        arms.append((front, limbs, (shoulder, elbow, wrist, thick)))
    return arms, points


def _put_on_sleeves(rng, arms):
    sleeve = rng.choice(["none", "short", "long"], p=[0.25, 0.45, 0.3])
    if sleeve == "none":
        return
    for _, limbs, (shoulder, elbow, wrist, thick) in arms:
        wide = thick * rng.uniform(1.05, 1.5)
        end = shoulder + (elbow - shoulder) * (rng.uniform(0.35, 0.8) if sleeve == "short" else 1.0)
        limbs.insert(1 if sleeve == "short" else 2, (_limb(shoulder, end, wide, wide * 0.9), "arms", "cloth"))
        if sleeve == "long":
            limbs.insert(3, (_limb(elbow, elbow + (wrist - elbow) * 0.95, wide * 0.9, wide * 0.65), "arms", "cloth"))


def _clothes(rng, b):
    cut, middle = rng.uniform(0.0, 0.25), (b.waist * 1.06, b.torso * 0.62)
    top = [
        curve((0, cut), (b.neck * rng.uniform(1.0, 2.2), -0.05 + cut * 0.2), 0.1),
        [(b.wide * 1.02, b.drop - 0.015)],
        curve((b.wide * 1.02, b.drop - 0.015), middle, -0.03),
        curve(middle, (b.hip * 1.06, b.torso), 0.03),
        [(b.hip * 1.05, b.torso + rng.uniform(-0.1, 0.2)), (0, b.torso + 0.15)],
    ]
    low = b.torso
    trousers = [(0, low - 0.1), (b.hip, low - 0.1), (b.hip * 1.1, low + 0.3), (b.hip * 1.06, low + 1.25), (0, low + 1.25)]
    return [(both_sides(trousers), "person", "trousers"), (both_sides(np.concatenate(top)), "person", "cloth")]


def _face(b):
    shapes = [(both_sides([(b.neck * 0.95, -0.2), (b.neck, -0.04), (0, 0.03)]), "person", "skin")]
    shapes.append((b.head + _OVAL * [b.head_wide, b.head_high], "person", "skin"))
    for side in (-1, 1):
        shapes.append((b.head + [side * b.head_wide * 0.4, b.head_high * -0.05] + _OVAL * [0.025, 0.014], "person", "dark"))
    shapes.append((b.head + [b.lean * 0.8, b.head_high * 0.18] + _OVAL * [0.02, 0.03], "person", "shade"))
    shapes.append((b.head + [b.lean * 0.6, b.head_high * 0.52] + _OVAL * [0.055, 0.016], "person", "lips"))
    return shapes


def _hair_before(rng, b, style):
    """The hair on the head, and locks over the shoulders."""
    shapes = []
    if style != "bald":
        part, line = rng.uniform(-0.6, 0.6), rng.uniform(-0.5, -0.1)
        side = np.array([b.head_wide * 1.06, b.head_high * line * 0.3])
        over = curve(side * [-1, 1], side, b.head_high / b.head_wide * 0.53, 16)
        temple = np.array([b.head_wide * 0.8, b.head_high * (line - 0.1)])
        under = np.array([side, temple, [b.head_wide * part, b.head_high * (line - 0.25)], temple * [-1, 1]])
        shapes.append((b.head + np.concatenate([over, under]), "hair", "hair"))
    if style == "long" and rng.random() < 0.6:
        for side in (-1, 1):
            if rng.random() < 0.7:
                wide = b.head_wide
                tip = (wide * rng.uniform(1.0, 1.6), 0.3 * rng.uniform(0.3, 2))
                lock = np.array([(wide * 0.85, b.head[1] - 0.05), (wide * 1.25, b.head[1]), tip, (wide * 0.8, 0.1)])
                shapes.append((lock * [side, 1] + [b.lean, 0], "hair", "hair"))
    return shapes


def body(rng):
    """Outlines in the order in which they are painted, each with its region and paint, and the key points by name."""
    b = _build(rng)
    points = {"neck": np.zeros(2), "nose": b.head + [b.lean * 0.8, b.head_high * 0.18]}
    trunk = _trunk(rng, b)
    style = rng.choice(["bald", "short", "bob", "long", "bun", "curly"], p=[0.08, 0.3, 0.17, 0.25, 0.08, 0.12])
    shapes = _hair_behind(rng, b, style)
    arms, sides = _arms(rng, b)
    _put_on_sleeves(rng, arms)
    behind = [limb for front, limbs, _ in arms if not front for limb in limbs]
    shapes += [*behind, (trunk, "person", "skin"), *_clothes(rng, b), *_face(b), *_hair_before(rng, b, style)]
    shapes += [limb for front, limbs, _ in arms if front for limb in limbs]
    return shapes, points | sides
