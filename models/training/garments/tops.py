"""Dresses, long sleeves, outwear, shirts and t-shirts: a body, sleeves, a neckline, and what closes it."""

from dataclasses import dataclass

import numpy as np

from .shapes import Garment, Part, both_sides, curve, mirrored, named, on_both_sides

# A category's chances: of sleeveless, short, long; of round, v, collar, boat, hood.
SLEEVES = {
    "dress": (0.62, 0.25, 0.13),
    "longsleeve": (0, 0, 1),
    "outwear": (0.12, 0.03, 0.85),
    "shirt": (0.04, 0.38, 0.58),
    "t-shirt": (0.05, 0.95, 0),
}
NECKLINES = {
    "dress": (0.42, 0.25, 0.1, 0.23, 0),
    "longsleeve": (0.55, 0.2, 0.05, 0.08, 0.12),
    "outwear": (0.1, 0.15, 0.45, 0, 0.3),
    "shirt": (0, 0, 1, 0, 0),
    "t-shirt": (0.72, 0.18, 0.06, 0.04, 0),
}
# The range of lengths, and where short ends and long begins.
LENGTHS = {
    "dress": ((1.2, 2.3), (1.5, 1.85)),
    "longsleeve": ((0.72, 1.25), (0.9, 1.08)),
    "outwear": ((0.75, 1.75), (0.98, 1.3)),
    "shirt": ((0.8, 1.3), (0.96, 1.12)),
    "t-shirt": ((0.72, 1.2), (0.88, 1.04)),
}


@dataclass
class _Cut:
    """What a top is cut by: points of its right half, its neck, how it is worn."""

    category: str
    sleeve: str
    neckline: str
    neck: float
    depth: float
    shoulder: np.ndarray
    ease: float
    armpit: np.ndarray
    length: float
    waist: np.ndarray
    hem: np.ndarray


def _shoulders(rng, category, sleeve, neckline):
    """Neckline and shoulder measures: neck's half width and depth, the shoulder point."""
    shoulder = np.array([rng.uniform(0.34, 0.46), rng.uniform(0.05, 0.13)])
    neck, depth = shoulder[0] * rng.uniform(0.32, 0.48), rng.uniform(0.07, 0.17)
    if neckline == "v":
        depth = rng.uniform(0.18, 0.36)
    if neckline == "boat":
        neck, depth = shoulder[0] * rng.uniform(0.6, 0.8), rng.uniform(0.03, 0.08)
    if neckline in ("collar", "hood"):
        depth = rng.uniform(0.05, 0.1)
    if category == "dress" and sleeve == "sleeveless" and rng.random() < 0.45:  # straps
        shoulder[0] *= 0.72
        neck, depth = shoulder[0] - rng.uniform(0.03, 0.09), rng.uniform(0.12, 0.3)
    return neck, depth, shoulder


def _cut(rng, category):
    sleeve = str(rng.choice(["sleeveless", "short", "long"], p=SLEEVES[category]))
    neckline = str(rng.choice(["round", "v", "collar", "boat", "hood"], p=NECKLINES[category]))
    neck, depth, shoulder = _shoulders(rng, category, sleeve, neckline)
    ease = rng.uniform(0.8, 1.22)
    chest = max(shoulder[0] * (0.9 + 0.14 * (ease - 1)), shoulder[0] + 0.02 if sleeve == "sleeveless" else 0) * ease
    armpit = np.array([chest, shoulder[1] + rng.uniform(0.26, 0.36)])
    length = rng.uniform(*LENGTHS[category][0])
    taper = rng.uniform(0.78, 0.98) if category == "dress" or ease < 0.95 else rng.uniform(0.93, 1.03)
    flare = rng.uniform(1.0, 2.1) if category == "dress" else rng.uniform(0.92, 1.15)
    waist = np.array([chest * taper, armpit[1] + (0.28 if category == "dress" else 0.5 * (length - armpit[1])) * rng.uniform(0.85, 1.1)])
    hem = np.array([chest * taper * flare, length - rng.uniform(0, 0.05)])
    return _Cut(category, sleeve, neckline, neck, depth, shoulder, ease, armpit, length, waist, hem)


def _body(rng, cut):
    """The inside of the neck's back, and the front over it."""
    neck, depth = cut.neck, cut.depth
    right = [
        curve((0, depth), (neck, 0), -0.02 if cut.neckline == "v" else rng.uniform(0.1, 0.2)),
        curve((neck, 0), cut.shoulder, rng.uniform(-0.03, 0.03), 3),
        curve(cut.shoulder, cut.armpit, rng.uniform(-0.14, -0.04)),
        curve(cut.armpit, cut.waist, rng.uniform(-0.03, 0.02)),
        curve(cut.waist, cut.hem, rng.uniform(-0.06, 0.06)),
        curve(cut.hem, (0, cut.length + rng.uniform(-0.02, 0.05)), rng.uniform(-0.05, 0.08)),
    ]
    inside = both_sides([(0, -0.01), (neck, 0), (neck * 0.5, depth * 0.75), (0, depth)])
    return [Part(inside, cloth="inside", tone=0.62), Part(both_sides(np.concatenate(right)))]


def _sleeve(rng, shoulder, armpit, angle, length, cuff, bend):
    """Right sleeve from shoulder to armpit, hanging `angle` from straight down. Returns outline, cuff's middle, grain."""
    lean = np.array([np.sin(angle), np.cos(angle)])
    side = np.array([lean[1], -lean[0]])
    root = (shoulder + armpit) / 2
    if bend == 0:
        end = shoulder * 0.35 + root * 0.65 + lean * length
        outer, inner = end + side * cuff, end - side * cuff
        outline = np.concatenate(
            [
                curve(shoulder, outer, rng.uniform(-0.03, 0.05)),
                curve(outer, inner, rng.uniform(-0.05, 0.05), 3),
                curve(inner, armpit, rng.uniform(-0.03, 0.03)),
                [armpit, root - [0.07, 0.0]],
            ]
        )
        return outline, end, angle
    elbow = root + lean * length * 0.5
    wide = (np.linalg.norm(shoulder - armpit) / 2 + cuff) / 2
    low = np.array([np.sin(angle - bend), np.cos(angle - bend)])
    low_side = np.array([low[1], -low[0]])
    end = elbow + low * length * 0.5
    middle = side + low_side
    middle = middle / np.linalg.norm(middle) * wide
    outline = np.concatenate(
        [
            curve(shoulder, elbow + middle, 0.03),
            curve(elbow + middle, end + low_side * cuff, 0.03),
            [end + low_side * cuff, end - low_side * cuff],
            curve(end - low_side * cuff, elbow - middle, 0.0),
            curve(elbow - middle, armpit, 0.0),
            [armpit, root - [0.07, 0.0]],
        ]
    )
    return outline, end, angle - bend / 2


def _sleeves(rng, cut):
    """Both sleeves, the middle of the right cuff, and whether they lie before the body."""
    short = cut.sleeve == "short"
    reach = rng.uniform(0.18, 0.36) if short else rng.uniform(0.68, 0.92)
    angle = rng.uniform(0.12, 0.5) if rng.random() < 0.5 else rng.uniform(0.5, 1.25)
    cuff = rng.uniform(0.11, 0.18) if short else rng.uniform(0.055, 0.12)
    bend = 0.0 if short or rng.random() < 0.4 else rng.uniform(-0.5, 1.0)
    outline, end, turn = _sleeve(rng, cut.shoulder, cut.armpit, angle, reach, cuff, bend)
    cloth = "second" if rng.random() < 0.12 else "main"
    front = rng.random() < 0.35
    return [Part(outline, -turn, rng.uniform(0.86, 1.05), cloth), Part(mirrored(outline), turn, rng.uniform(0.86, 1.05), cloth)], end, front


def _fastening(rng, cut):
    """Parts and lines of what closes the front: buttons, a zip, or nothing, so that the lining shows."""
    parts, lines, depth, length = [], [], cut.depth, cut.length
    open_front = cut.category == "outwear" and rng.random() < 0.3
    closed = cut.category == "outwear" and not open_front and rng.random() < 0.85
    if cut.category == "shirt" or closed or (cut.category == "dress" and rng.random() < 0.1):
        lines.append((np.array([(0, depth), (0.004, length)]), 0.55))
        if cut.category == "shirt":
            lines.append((np.array([(0.04, depth), (0.04, length)]), 0.85))
        for y in np.arange(depth + 0.05, length - 0.04, rng.uniform(0.08, 0.13)):
            lines.append((np.array([(0.018, y), (0.018, y + 0.012)]), rng.choice([0.3, 1.7])))
    if open_front:
        gap = rng.uniform(0.03, 0.16)
        right = [(0, depth), (cut.neck * 0.6, depth * 0.6), (gap, length * 0.5), (gap * rng.uniform(0.8, 1.6), length), (0, length)]
        parts.append(Part(both_sides(right), cloth="inside", tone=0.7))
    return parts, lines


def _neck(rng, cut):
    """A collar's flaps or a hood."""
    neck, depth = cut.neck, cut.depth
    if cut.neckline == "collar":
        point = (neck * rng.uniform(0.5, 0.9), depth + rng.uniform(0.06, 0.14))
        flap = np.array([(0.0, depth * 0.8), (neck * 0.85, -0.05), (neck * 1.08, 0.01), point])
        cloth = "second" if rng.random() < 0.15 else "main"
        return [Part(flap, 0.6, rng.uniform(0.85, 1.1), cloth), Part(mirrored(flap), -0.6, rng.uniform(0.85, 1.1), cloth)]
    if cut.neckline == "hood":
        rise = rng.uniform(0.16, 0.32)
        hood = both_sides(np.concatenate([curve((0, -rise), (neck * 1.25, -0.02), 0.25), [(neck * 1.2, 0.06), (0, depth + 0.08)]]))
        hole = both_sides(np.concatenate([curve((0, -rise * 0.6), (neck * 0.75, 0.0), 0.25), [(0, depth + 0.02)]]))
        return [Part(hood, 0.0, 0.95), Part(hole, cloth="inside", tone=0.6)]
    return []


def _lines(rng, cut):
    """Quilting, pockets, a waist seam and the hem."""
    lines, chest, hem = [], cut.armpit[0], cut.hem
    if cut.category == "outwear":
        if rng.random() < 0.4:
            for y in np.arange(cut.armpit[1] * 0.6, cut.length, rng.uniform(0.09, 0.16)):
                lines.append((np.array([(-hem[0], y), (hem[0], y)]), 0.75))
        pocket = [(chest * 0.45, cut.length * 0.62), (chest * 0.75, cut.length * 0.74)]
        lines += [(np.array(pocket), 0.5), (mirrored(pocket), 0.5)]
    if cut.category == "shirt" and rng.random() < 0.5:
        x, y, w = chest * 0.3, cut.armpit[1] * 0.85, chest * 0.38
        lines.append((np.array([(x, y), (x + w, y), (x + w, y + w), (x + w / 2, y + w * 1.15), (x, y + w), (x, y)]), 0.75))
    if cut.category == "dress" and rng.random() < 0.4:
        lines.append((np.array([cut.waist * [-1, 1], cut.waist]), 0.6))
    lines.append((np.array([hem - [0, 0.03], (0, cut.length - 0.02), hem * [-1, 1] - [0, 0.03]]), 0.85))
    return lines


def top(rng, category):
    """A dress, long sleeve, outwear, shirt or t-shirt."""
    cut = _cut(rng, category)
    parts, lines = _body(rng, cut), []
    marks = {"collar": (cut.neck, 0), "shoulder": cut.shoulder, "hem": cut.hem, "waist": cut.waist, "cuff": cut.armpit}
    if cut.sleeve != "sleeveless":
        sleeves, marks["cuff"], front = _sleeves(rng, cut)
        parts = [*parts, *sleeves] if front else [*sleeves, *parts]
        lines += [(np.array([cut.shoulder, cut.armpit]), 0.8), (mirrored([cut.shoulder, cut.armpit]), 0.8)]
    more_parts, more_lines = _fastening(rng, cut)
    parts += more_parts + _neck(rng, cut)
    lines += more_lines + _lines(rng, cut)
    attributes = {
        "sleeve": cut.sleeve,
        "length": named(cut.length, LENGTHS[category][1], ["short", "medium", "long"]),
        "neckline": cut.neckline,
        "fit": named(cut.ease, (0.94, 1.08), ["slim", "regular", "loose"]),
    }
    return Garment(parts, on_both_sides(marks), attributes, lines)
