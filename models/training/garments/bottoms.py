"""Trousers, shorts and skirts."""

import numpy as np

from .shapes import Garment, Part, both_sides, curve, mirrored, named, on_both_sides


def trousers(rng, category):
    ease = rng.uniform(0.8, 1.25)
    waist = rng.uniform(0.24, 0.33)
    hip, crotch = waist * rng.uniform(1.08, 1.3) * (0.7 + 0.3 * ease), rng.uniform(0.3, 0.42)
    length = rng.uniform(1.05, 1.55) if category == "pants" else rng.uniform(0.42, 0.82)
    spread = rng.uniform(0.0, 0.3) if category == "pants" else rng.uniform(0.02, 0.14)
    width = hip * (rng.uniform(0.42, 0.7) if category == "pants" else rng.uniform(0.8, 1.0)) * ease
    inner = spread * (length - crotch) + (0.01 if category == "pants" else 0.015)
    hem_out, hem_in = np.array([inner + width, length]), np.array([inner, length + rng.uniform(-0.03, 0.05)])
    dip = rng.uniform(-0.01, 0.05)
    body = both_sides(
        np.concatenate(
            [
                [(0, dip)],
                curve((0, dip), (waist, 0), 0.03, 3),
                curve((waist, 0), (hip, crotch * 0.8), -0.05),
                curve((hip, crotch * 0.8), hem_out, rng.uniform(-0.03, 0.03)),
                curve(hem_out, hem_in, 0.0, 3),
                curve(hem_in, (0.0, crotch), rng.uniform(-0.02, 0.03)),
                [(0, crotch)],
            ]
        )
    )
    inside = both_sides([(0, -0.015), (waist, 0), (waist * 0.5, dip), (0, dip)])
    lines = [(np.array([(-waist, 0.06), (0, 0.06 + dip), (waist, 0.06)]), 0.7), (np.array([(0, dip), (0.02, crotch * 0.75), (0, crotch)]), 0.6)]
    pocket = [(waist * 0.95, 0.07), (waist * 0.6, 0.18), (hip * 0.97, 0.22)]
    if rng.random() < 0.7:
        lines += [(np.array([pocket[0], pocket[2]] if rng.random() < 0.5 else pocket), 0.6)]
        lines += [(mirrored(lines[-1][0]), 0.6)]
    if rng.random() < 0.3:
        lines += [
            (np.array([(waist, 0.06), (hip, crotch * 0.8), hem_out]) - [0.02, 0], 1.6),
            (mirrored(np.array([(waist, 0.06), (hip, crotch * 0.8), hem_out]) - [0.02, 0]), 1.6),
        ]
    if rng.random() < 0.3:
        lines += [(np.array([(0.03, 0.05), (0.05, 0.22)]), 1.8), (np.array([(-0.02, 0.05), (-0.05, 0.25)]), 1.8)]
    marks = {"waist": (waist, 0.0), "hem": hem_out, "cuff": hem_in}
    limits = (0.55, 0.7) if category == "shorts" else (1.18, 1.38)
    attributes = {
        "sleeve": "none-applies",
        "neckline": "none-applies",
        "length": named(length, limits, ["short", "medium", "long"]),
        "fit": named(ease, (0.94, 1.08), ["slim", "regular", "loose"]),
    }
    return Garment(
        [Part(inside, cloth="inside", tone=0.6), Part(body)],
        on_both_sides(marks),
        attributes,
        lines,
    )


def skirt(rng, category):
    waist, length, flare = rng.uniform(0.24, 0.34), rng.uniform(0.42, 1.2), rng.uniform(1.0, 2.4)
    hem = np.array([waist * flare * rng.uniform(1.0, 1.25), length])
    hip = np.array([max(waist * 1.15, waist + (hem[0] - waist) * 0.35), length * 0.4])
    dip = rng.uniform(-0.01, 0.05)
    body = both_sides(
        np.concatenate(
            [
                curve((0, dip), (waist, 0), 0.03, 3),
                curve((waist, 0), hip, rng.uniform(-0.05, 0.0)),
                curve(hip, hem, rng.uniform(-0.03, 0.05)),
                curve(hem, (0, length + rng.uniform(0, 0.1)), rng.uniform(-0.08, 0.05)),
            ]
        )
    )
    lines = [(np.array([(-waist, 0.06), (0, 0.06 + dip), (waist, 0.06)]), 0.65)]
    if rng.random() < 0.45:  # pleats
        lines += [
            (np.array([(waist * x, 0.07), (hem[0] * x, length)]), rng.choice([0.65, 1.25])) for x in np.linspace(-0.9, 0.9, rng.integers(5, 13))
        ]
    inside = both_sides([(0, -0.015), (waist, 0), (waist * 0.5, dip), (0, dip)])
    marks = {"waist": (waist, 0.0), "hem": hem}
    attributes = {
        "sleeve": "none-applies",
        "neckline": "none-applies",
        "length": named(length, (0.62, 0.88), ["short", "medium", "long"]),
        "fit": named(flare, (1.25, 1.7), ["slim", "regular", "loose"]),
    }
    return Garment(
        [Part(inside, cloth="inside", tone=0.6), Part(body)],
        on_both_sides(marks),
        attributes,
        lines,
    )
