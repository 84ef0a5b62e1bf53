"""Garments as outlines: polygons, landmarks and attributes drawn from a category's ranges.

Space: x to the right, y down, shoulders or waistband at y = 0, widths and lengths near 1; symmetric before posing.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Part:
    """One piece of cloth. `turn` (radians) is how its grain lies; `tone` scales its light; `cloth` says whose colours it has."""

    outline: np.ndarray
    turn: float = 0.0
    tone: float = 1.0
    cloth: str = "main"  # main, second (another colour of the palette), inside (back of the neck), dark (openings, soles)


@dataclass
class Garment:
    parts: list
    landmarks: dict = field(default_factory=dict)
    attributes: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)  # seams, buttons, zips: polylines with a darkness, drawn on the cloth


def curve(start, end, bulge, points=7):
    """Points from `start` to `end` (without it) along a parabola whose middle is `bulge` to the left of the way."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    t = np.linspace(0, 1, points, endpoint=False)[:, None]
    way = end - start
    across = np.array([way[1], -way[0]])
    return start + way * t + across * bulge * 4 * t * (1 - t)


def mirrored(points):
    return np.asarray(points, float)[::-1] * [-1, 1]


def both_sides(right):
    """A closed outline from its right half, listed from top middle to bottom middle."""
    right = np.asarray(right, float)
    return np.concatenate([right, mirrored(right)])


def _sleeve(rng, shoulder, armpit, angle, length, cuff, bend):
    """Right sleeve from shoulder to armpit, hanging `angle` from straight down. Returns outline, cuff's middle, grain."""
    lean = np.array([np.sin(angle), np.cos(angle)])
    side = np.array([lean[1], -lean[0]])
    root = (shoulder + armpit) / 2
    if bend == 0:
        end = shoulder * 0.35 + root * 0.65 + lean * length
        outer, inner = end + side * cuff, end - side * cuff
        outline = np.concatenate([curve(shoulder, outer, rng.uniform(-0.03, 0.05)), curve(outer, inner, rng.uniform(-0.05, 0.05), 3),
                                  curve(inner, armpit, rng.uniform(-0.03, 0.03)), [armpit, root - [0.07, 0.0]]])
        return outline, end, angle
    elbow = root + lean * length * 0.5
    wide = (np.linalg.norm(shoulder - armpit) / 2 + cuff) / 2
    low = np.array([np.sin(angle - bend), np.cos(angle - bend)])
    low_side = np.array([low[1], -low[0]])
    end = elbow + low * length * 0.5
    middle = side + low_side
    middle = middle / np.linalg.norm(middle) * wide
    outline = np.concatenate([curve(shoulder, elbow + middle, 0.03), curve(elbow + middle, end + low_side * cuff, 0.03),
                              [end + low_side * cuff, end - low_side * cuff], curve(end - low_side * cuff, elbow - middle, 0.0),
                              curve(elbow - middle, armpit, 0.0), [armpit, root - [0.07, 0.0]]])
    return outline, end, angle - bend / 2


SLEEVES = {"dress": (0.62, 0.25, 0.13), "longsleeve": (0, 0, 1), "outwear": (0.12, 0.03, 0.85), "shirt": (0.04, 0.38, 0.58),
           "t-shirt": (0.05, 0.95, 0)}
NECKLINES = {"dress": (0.42, 0.25, 0.1, 0.23, 0), "longsleeve": (0.55, 0.2, 0.05, 0.08, 0.12), "outwear": (0.1, 0.15, 0.45, 0, 0.3),
             "shirt": (0, 0, 1, 0, 0), "t-shirt": (0.72, 0.18, 0.06, 0.04, 0)}
LENGTHS = {"dress": ((1.2, 2.3), (1.5, 1.85)), "longsleeve": ((0.72, 1.25), (0.9, 1.08)), "outwear": ((0.75, 1.75), (0.98, 1.3)),
           "shirt": ((0.8, 1.3), (0.96, 1.12)), "t-shirt": ((0.72, 1.2), (0.88, 1.04))}


def _named(value, limits, names):
    return names[int(value > limits[0]) + int(value > limits[1])]


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


def top(rng, category):
    sleeve = rng.choice(["sleeveless", "short", "long"], p=SLEEVES[category])
    neckline = rng.choice(["round", "v", "collar", "boat", "hood"], p=NECKLINES[category])
    neck, depth, shoulder = _shoulders(rng, category, sleeve, neckline)
    ease = rng.uniform(0.8, 1.22)
    chest = max(shoulder[0] * (0.9 + 0.14 * (ease - 1)), shoulder[0] + 0.02 if sleeve == "sleeveless" else 0) * ease
    armpit = np.array([chest, shoulder[1] + rng.uniform(0.26, 0.36)])
    low, high = LENGTHS[category][0]
    length = rng.uniform(low, high)
    taper = rng.uniform(0.78, 0.98) if category == "dress" or ease < 0.95 else rng.uniform(0.93, 1.03)
    flare = rng.uniform(1.0, 2.1) if category == "dress" else rng.uniform(0.92, 1.15)
    waist = np.array([chest * taper, armpit[1] + (0.28 if category == "dress" else 0.5 * (length - armpit[1])) * rng.uniform(0.85, 1.1)])
    hem = np.array([chest * taper * flare, length - rng.uniform(0, 0.05)])
    body = both_sides(np.concatenate([
        curve((0, depth), (neck, 0), -0.02 if neckline == "v" else rng.uniform(0.1, 0.2)),
        curve((neck, 0), shoulder, rng.uniform(-0.03, 0.03), 3), curve(shoulder, armpit, rng.uniform(-0.14, -0.04)),
        curve(armpit, waist, rng.uniform(-0.03, 0.02)), curve(waist, hem, rng.uniform(-0.06, 0.06)),
        curve(hem, (0, length + rng.uniform(-0.02, 0.05)), rng.uniform(-0.05, 0.08))]))
    inside = both_sides([(0, -0.01), (neck, 0), (neck * 0.5, depth * 0.75), (0, depth)])
    parts, lines = [Part(inside, cloth="inside", tone=0.62), Part(body)], []
    marks = {"collar": (neck, 0), "shoulder": shoulder, "hem": hem, "waist": waist, "cuff": armpit}
    if sleeve != "sleeveless":
        reach = rng.uniform(0.18, 0.36) if sleeve == "short" else rng.uniform(0.68, 0.92)
        angle = rng.uniform(0.12, 0.5) if rng.random() < 0.5 else rng.uniform(0.5, 1.25)
        cuff = rng.uniform(0.11, 0.18) if sleeve == "short" else rng.uniform(0.055, 0.12)
        bend = 0.0 if sleeve == "short" or rng.random() < 0.4 else rng.uniform(-0.5, 1.0)
        outline, end, turn = _sleeve(rng, shoulder, armpit, angle, reach, cuff, bend)
        cloth = "second" if rng.random() < 0.12 else "main"
        front = rng.random() < 0.35
        sleeves = [Part(outline, -turn, rng.uniform(0.86, 1.05), cloth), Part(mirrored(outline), turn, rng.uniform(0.86, 1.05), cloth)]
        parts = [parts[0], parts[1], *sleeves] if front else [*sleeves, *parts]
        lines.append((np.array([shoulder, armpit]), 0.8))
        lines.append((mirrored([shoulder, armpit]), 0.8))
        marks["cuff"] = end
    open_front = category == "outwear" and rng.random() < 0.3
    if category == "shirt" or (category == "outwear" and not open_front and rng.random() < 0.85) or (category == "dress" and rng.random() < 0.1):
        bottom = length if category != "longsleeve" else depth + 0.2
        lines.append((np.array([(0, depth), (0.004, bottom)]), 0.55))
        if category == "shirt":
            lines.append((np.array([(0.04, depth), (0.04, bottom)]), 0.85))
        lines += [(np.array([(0.018, y), (0.018, y + 0.012)]), rng.choice([0.3, 1.7])) for y in np.arange(depth + 0.05, bottom - 0.04, rng.uniform(0.08, 0.13))]
    if open_front:
        gap = rng.uniform(0.03, 0.16)
        parts.append(Part(both_sides([(0, depth), (neck * 0.6, depth * 0.6), (gap, length * 0.5), (gap * rng.uniform(0.8, 1.6), length), (0, length)]), cloth="inside", tone=0.7))
    if neckline == "collar":
        point = (neck * rng.uniform(0.5, 0.9), depth + rng.uniform(0.06, 0.14))
        flap = np.array([(0.0, depth * 0.8), (neck * 0.85, -0.05), (neck * 1.08, 0.01), point])
        cloth = "second" if rng.random() < 0.15 else "main"
        parts += [Part(flap, 0.6, rng.uniform(0.85, 1.1), cloth), Part(mirrored(flap), -0.6, rng.uniform(0.85, 1.1), cloth)]
    if neckline == "hood":
        rise = rng.uniform(0.16, 0.32)
        hood = both_sides(np.concatenate([curve((0, -rise), (neck * 1.25, -0.02), 0.25), [(neck * 1.2, 0.06), (0, depth + 0.08)]]))
        hole = both_sides(np.concatenate([curve((0, -rise * 0.6), (neck * 0.75, 0.0), 0.25), [(0, depth + 0.02)]]))
        parts += [Part(hood, 0.0, 0.95), Part(hole, cloth="inside", tone=0.6)]
    if category == "outwear":
        if rng.random() < 0.4:  # quilting
            lines += [(np.array([(-hem[0], y), (hem[0], y)]), 0.75) for y in np.arange(armpit[1] * 0.6, length, rng.uniform(0.09, 0.16))]
        pocket = [(chest * 0.45, length * 0.62), (chest * 0.75, length * 0.74)]
        lines += [(np.array(pocket), 0.5), (mirrored(pocket), 0.5)]
    if category == "shirt" and rng.random() < 0.5:
        x, y, w = chest * 0.3, armpit[1] * 0.85, chest * 0.38
        lines.append((np.array([(x, y), (x + w, y), (x + w, y + w), (x + w / 2, y + w * 1.15), (x, y + w), (x, y)]), 0.75))
    if category == "dress" and rng.random() < 0.4:
        lines.append((np.array([(-waist[0], waist[1]), (waist[0], waist[1])]), 0.6))
    lines.append((np.array([hem - [0, 0.03], (0, length - 0.02), hem * [-1, 1] - [0, 0.03]]), 0.85))
    attributes = {"sleeve": sleeve, "length": _named(length, LENGTHS[category][1], ["short", "medium", "long"]), "neckline": neckline,
                  "fit": _named(ease, (0.94, 1.08), ["slim", "regular", "loose"])}
    return Garment(parts, {f"{k}-right": v for k, v in marks.items()} | {f"{k}-left": np.asarray(v) * [-1, 1] for k, v in marks.items()}, attributes, lines)


def trousers(rng, category):
    ease = rng.uniform(0.8, 1.25)
    waist = rng.uniform(0.24, 0.33)
    hip, crotch = waist * rng.uniform(1.08, 1.3) * (0.7 + 0.3 * ease), rng.uniform(0.3, 0.42)
    length = rng.uniform(1.05, 1.55) if category == "pants" else rng.uniform(0.42, 0.82)
    spread = rng.uniform(0.0, 0.22) if category == "pants" else rng.uniform(0.02, 0.14)
    width = hip * (rng.uniform(0.42, 0.7) if category == "pants" else rng.uniform(0.8, 1.0)) * ease
    inner = spread * (length - crotch) + (0.01 if category == "pants" else 0.015)
    hem_out, hem_in = np.array([inner + width, length]), np.array([inner, length + rng.uniform(-0.03, 0.05)])
    dip = rng.uniform(-0.01, 0.05)
    body = both_sides(np.concatenate([[(0, dip)], curve((0, dip), (waist, 0), 0.03, 3), curve((waist, 0), (hip, crotch * 0.8), -0.05),
                                      curve((hip, crotch * 0.8), hem_out, rng.uniform(-0.03, 0.03)), curve(hem_out, hem_in, 0.0, 3),
                                      curve(hem_in, (0.0, crotch), rng.uniform(-0.02, 0.03)), [(0, crotch)]]))
    inside = both_sides([(0, -0.015), (waist, 0), (waist * 0.5, dip), (0, dip)])
    lines = [(np.array([(-waist, 0.06), (0, 0.06 + dip), (waist, 0.06)]), 0.7), (np.array([(0, dip), (0.02, crotch * 0.75), (0, crotch)]), 0.6)]
    pocket = [(waist * 0.95, 0.07), (waist * 0.6, 0.18), (hip * 0.97, 0.22)]
    if rng.random() < 0.7:
        lines += [(np.array([pocket[0], pocket[2]] if rng.random() < 0.5 else pocket), 0.6)]
        lines += [(mirrored(lines[-1][0]), 0.6)]
    if rng.random() < 0.3:
        lines += [(np.array([(waist, 0.06), (hip, crotch * 0.8), hem_out]) - [0.02, 0], 1.6), (mirrored(np.array([(waist, 0.06), (hip, crotch * 0.8), hem_out]) - [0.02, 0]), 1.6)]
    if rng.random() < 0.3:
        lines += [(np.array([(0.03, 0.05), (0.05, 0.22)]), 1.8), (np.array([(-0.02, 0.05), (-0.05, 0.25)]), 1.8)]
    marks = {"waist": (waist, 0.0), "hem": hem_out, "cuff": hem_in}
    limits = (0.55, 0.7) if category == "shorts" else (1.18, 1.38)
    attributes = {"sleeve": "none-applies", "neckline": "none-applies", "length": _named(length, limits, ["short", "medium", "long"]),
                  "fit": _named(ease, (0.94, 1.08), ["slim", "regular", "loose"])}
    return Garment([Part(inside, cloth="inside", tone=0.6), Part(body)], {f"{k}-right": np.asarray(v) for k, v in marks.items()}
                   | {f"{k}-left": np.asarray(v) * [-1, 1] for k, v in marks.items()}, attributes, lines)


def skirt(rng, category):
    waist, length, flare = rng.uniform(0.24, 0.34), rng.uniform(0.42, 1.2), rng.uniform(1.0, 2.4)
    hem = np.array([waist * flare * rng.uniform(1.0, 1.25), length])
    hip = np.array([max(waist * 1.15, waist + (hem[0] - waist) * 0.35), length * 0.4])
    dip = rng.uniform(-0.01, 0.05)
    body = both_sides(np.concatenate([curve((0, dip), (waist, 0), 0.03, 3), curve((waist, 0), hip, rng.uniform(-0.05, 0.0)),
                                      curve(hip, hem, rng.uniform(-0.03, 0.05)), curve(hem, (0, length + rng.uniform(0, 0.1)), rng.uniform(-0.08, 0.05))]))
    lines = [(np.array([(-waist, 0.06), (0, 0.06 + dip), (waist, 0.06)]), 0.65)]
    if rng.random() < 0.45:  # pleats
        lines += [(np.array([(waist * x, 0.07), (hem[0] * x, length)]), rng.choice([0.65, 1.25])) for x in np.linspace(-0.9, 0.9, rng.integers(5, 13))]
    inside = both_sides([(0, -0.015), (waist, 0), (waist * 0.5, dip), (0, dip)])
    marks = {"waist": (waist, 0.0), "hem": hem}
    attributes = {"sleeve": "none-applies", "neckline": "none-applies", "length": _named(length, (0.62, 0.88), ["short", "medium", "long"]),
                  "fit": _named(flare, (1.25, 1.7), ["slim", "regular", "loose"])}
    return Garment([Part(inside, cloth="inside", tone=0.6), Part(body)], {f"{k}-right": np.asarray(v) for k, v in marks.items()}
                   | {f"{k}-left": np.asarray(v) * [-1, 1] for k, v in marks.items()}, attributes, lines)


NO_ATTRIBUTES = {"sleeve": "none-applies", "neckline": "none-applies", "length": "none-applies", "fit": "none-applies"}


def hat(rng, category):
    wide, high = rng.uniform(0.38, 0.5), rng.uniform(0.32, 0.55)
    dome = np.concatenate([curve((-wide, high), (wide, high), 0.5 * high / wide * rng.uniform(0.85, 1.1), 24), [(wide, high)]])
    kind = rng.choice(["cap", "beanie", "brim"], p=[0.6, 0.25, 0.15])
    parts, lines = [Part(dome)], [(np.array([(0, 0.02), (0, high)]), 0.8), (curve((-wide, high), (0, 0), 0.12), 0.85), (curve((0, 0), (wide, high), 0.12), 0.85)]
    cloth = "second" if rng.random() < 0.4 else "main"
    if kind == "cap":
        shift, drop = rng.uniform(-0.6, 0.6), rng.uniform(0.15, 0.35)
        brim = np.concatenate([curve((-wide * (0.95 - max(shift, 0)), high), (wide * (0.95 + min(shift, 0)), high), 0.06),
                               curve((wide * (1 + shift * 0.6), high), (-wide * (1 - shift * 0.6), high), drop, 14)])
        parts.append(Part(brim, 0.3, rng.uniform(0.8, 1.05), cloth))
    elif kind == "beanie":
        parts.append(Part(np.array([(-wide * 1.03, high * 0.8), (wide * 1.03, high * 0.8), (wide * 1.02, high * 1.12), (-wide * 1.02, high * 1.12)]), 0, 0.95, cloth))
        lines = [(np.array([(wide * x, high * 0.8), (wide * x, high * 1.12)]), 0.8) for x in np.linspace(-0.9, 0.9, 12)]
        if rng.random() < 0.5:
            turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
            parts.append(Part(np.stack([np.cos(turn), np.sin(turn)], 1) * rng.uniform(0.08, 0.14), 0, 1.05, cloth))
    else:
        rim = np.concatenate([curve((-wide * 1.5, high), (wide * 1.5, high), 0.03), curve((wide * 1.5, high), (-wide * 1.5, high), 0.12, 16)])
        parts = [Part(rim, 0, 0.9, cloth), *parts]
    return Garment(parts, {}, dict(NO_ATTRIBUTES), lines)


def shoes(rng, category):
    long, wide = rng.uniform(0.75, 0.95), rng.uniform(0.13, 0.2)
    if rng.random() < 0.6:  # from above: a pair of soles
        toe = rng.uniform(0.6, 1.0)
        right = both_sides(np.concatenate([curve((0, 0), (wide, long * 0.28), 0.2 * toe), curve((wide, long * 0.28), (wide * 0.78, long * 0.6), -0.04), curve((wide * 0.78, long * 0.6), (0, long), 0.28)]))
        hole = both_sides(np.concatenate([curve((0, long * 0.48), (wide * 0.55, long * 0.7), 0.2), curve((wide * 0.55, long * 0.7), (0, long * 0.93), 0.2)]))
        gap, turn = wide + rng.uniform(0.01, 0.12), rng.uniform(-0.15, 0.25)
        rows = [(np.array([(-wide * 0.4, long * y), (wide * 0.4, long * y)]), rng.choice([0.5, 1.6])) for y in np.arange(0.25, 0.47, 0.06)]
        sandal = rng.random() < 0.25
        parts, lines = [], []
        for side in (-1, 1):
            c, s = np.cos(turn * side), np.sin(turn * side)
            place = lambda p: np.asarray(p) @ np.array([[c, s], [-s, c]]) + [gap * side, 0]  # noqa: B023, E731
            parts.append(Part(place(right), turn * side, cloth="dark" if sandal else "main"))
            if sandal:
                band = both_sides([(0, long * 0.16), (wide * 0.98, long * 0.3), (wide * 0.9, long * 0.48), (0, long * 0.36)])
                parts.append(Part(place(band)))
            else:
                parts.append(Part(place(hole), cloth="dark", tone=0.5))
                lines += [(place(p), d) for p, d in rows]
    else:  # from the side
        heel, high = rng.choice([0.0, 0.0, rng.uniform(0.1, 0.4)]), rng.uniform(0.22, 0.6)
        side = np.concatenate([curve((-long / 2, 0.3 - heel), (-long / 2 + 0.02, 0.3 - heel - high), -0.05), curve((-long / 2 + 0.02, 0.3 - heel - high), (-long / 2 + 0.3, 0.3 - heel - high), -0.1),
                               curve((-long / 2 + 0.3, 0.3 - heel - high), (long / 2, 0.22), -0.1, 10), curve((long / 2, 0.22), (long * 0.45, 0.3), 0.3, 5), curve((long * 0.45, 0.3), (-long / 2, 0.3 - heel), 0.06 if heel else 0.0)])
        sole = np.array([(-long / 2, 0.29 - heel), (long * 0.46, 0.29), (long * 0.46, 0.33), (0.1, 0.34), (-long / 2, 0.34 - heel)])
        parts = [Part(side), Part(sole, cloth=rng.choice(["dark", "second"]))]
        if heel:
            parts.append(Part(np.array([(-long / 2, 0.32 - heel), (-long / 2 + 0.13, 0.32 - heel), (-long / 2 + 0.06, 0.33), (-long / 2 + 0.01, 0.33)]), cloth="dark"))
        lines = [(np.array([(0.05 + x, -0.02 + x * 0.4), (0.12 + x, 0.1 + x * 0.2)]), rng.choice([0.6, 1.5])) for x in np.arange(-0.1, 0.2, 0.07)]
        if rng.random() < 0.7:
            shift = np.array([rng.uniform(-0.15, 0.15), rng.uniform(0.2, 0.4)])
            parts = [Part(p.outline - shift / 2, p.turn, p.tone, p.cloth) for p in parts] + [Part(p.outline + shift / 2, p.turn, p.tone, p.cloth) for p in parts]
            lines = [(p + shift / 2, d) for p, d in lines]
    return Garment(parts, {}, dict(NO_ATTRIBUTES), lines)


DRAW = {"dress": top, "longsleeve": top, "outwear": top, "shirt": top, "t-shirt": top, "pants": trousers, "shorts": trousers,
        "skirt": skirt, "hat": hat, "shoes": shoes}


def draw(rng, category):
    """A garment of the category, drawn with `rng` (numpy Generator)."""
    return DRAW[category](rng, category)
