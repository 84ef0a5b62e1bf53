"""What garments are drawn of: outlines, landmarks, attributes and lines.

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


def named(value, limits, names):
    """The name of three that a measure has: up to the first limit, up to the second, above."""
    return names[int(value > limits[0]) + int(value > limits[1])]


def on_both_sides(marks):
    """Landmarks of the right half, by name without side, as landmarks of both."""
    right = {name: np.asarray(at, float) for name, at in marks.items()}
    return {f"{name}-right": at for name, at in right.items()} | {f"{name}-left": at * [-1, 1] for name, at in right.items()}
