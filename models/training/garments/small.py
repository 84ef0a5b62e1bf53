"""Hats and shoes, which have no landmarks and no attributes but their pattern."""

import numpy as np

from .shapes import Garment, Part, both_sides, curve

NO_ATTRIBUTES = {"sleeve": "none-applies", "neckline": "none-applies", "length": "none-applies", "fit": "none-applies"}


def hat(rng, category):
    wide, high = rng.uniform(0.38, 0.5), rng.uniform(0.32, 0.55)
    dome = np.concatenate([curve((-wide, high), (wide, high), 0.5 * high / wide * rng.uniform(0.85, 1.1), 24), [(wide, high)]])
    kind = rng.choice(["cap", "beanie", "brim"], p=[0.6, 0.25, 0.15])
    parts, lines = (
        [Part(dome)],
        [(np.array([(0, 0.02), (0, high)]), 0.8), (curve((-wide, high), (0, 0), 0.12), 0.85), (curve((0, 0), (wide, high), 0.12), 0.85)],
    )
    cloth = "second" if rng.random() < 0.4 else "main"
    if kind == "cap":
        shift, drop = rng.uniform(-0.6, 0.6), rng.uniform(0.15, 0.35)
        brim = np.concatenate(
            [
                curve((-wide * (0.95 - max(shift, 0)), high), (wide * (0.95 + min(shift, 0)), high), 0.06),
                curve((wide * (1 + shift * 0.6), high), (-wide * (1 - shift * 0.6), high), drop, 14),
            ]
        )
        parts.append(Part(brim, 0.3, rng.uniform(0.8, 1.05), cloth))
    elif kind == "beanie":
        parts.append(
            Part(
                np.array([(-wide * 1.03, high * 0.8), (wide * 1.03, high * 0.8), (wide * 1.02, high * 1.12), (-wide * 1.02, high * 1.12)]),
                0,
                0.95,
                cloth,
            )
        )
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
        right = both_sides(
            np.concatenate(
                [
                    curve((0, 0), (wide, long * 0.28), 0.2 * toe),
                    curve((wide, long * 0.28), (wide * 0.78, long * 0.6), -0.04),
                    curve((wide * 0.78, long * 0.6), (0, long), 0.28),
                ]
            )
        )
        hole = both_sides(
            np.concatenate([curve((0, long * 0.48), (wide * 0.55, long * 0.7), 0.2), curve((wide * 0.55, long * 0.7), (0, long * 0.93), 0.2)])
        )
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
        side = np.concatenate(
            [
                curve((-long / 2, 0.3 - heel), (-long / 2 + 0.02, 0.3 - heel - high), -0.05),
                curve((-long / 2 + 0.02, 0.3 - heel - high), (-long / 2 + 0.3, 0.3 - heel - high), -0.1),
                curve((-long / 2 + 0.3, 0.3 - heel - high), (long / 2, 0.22), -0.1, 10),
                curve((long / 2, 0.22), (long * 0.45, 0.3), 0.3, 5),
                curve((long * 0.45, 0.3), (-long / 2, 0.3 - heel), 0.06 if heel else 0.0),
            ]
        )
        sole = np.array([(-long / 2, 0.29 - heel), (long * 0.46, 0.29), (long * 0.46, 0.33), (0.1, 0.34), (-long / 2, 0.34 - heel)])
        parts = [Part(side), Part(sole, cloth=rng.choice(["dark", "second"]))]
        if heel:
            parts.append(
                Part(
                    np.array([(-long / 2, 0.32 - heel), (-long / 2 + 0.13, 0.32 - heel), (-long / 2 + 0.06, 0.33), (-long / 2 + 0.01, 0.33)]),
                    cloth="dark",
                )
            )
        lines = [(np.array([(0.05 + x, -0.02 + x * 0.4), (0.12 + x, 0.1 + x * 0.2)]), rng.choice([0.6, 1.5])) for x in np.arange(-0.1, 0.2, 0.07)]
        if rng.random() < 0.7:
            shift = np.array([rng.uniform(-0.15, 0.15), rng.uniform(0.2, 0.4)])
            parts = [Part(p.outline - shift / 2, p.turn, p.tone, p.cloth) for p in parts] + [
                Part(p.outline + shift / 2, p.turn, p.tone, p.cloth) for p in parts
            ]
            lines = [(p + shift / 2, d) for p, d in lines]
    return Garment(parts, {}, dict(NO_ATTRIBUTES), lines)
