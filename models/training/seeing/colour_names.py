"""Names of colours, by the nearest of a few prototypes in OKLab."""

import numpy as np

from .palette import to_linear, to_oklab

# Name, 简体中文, prototypes as sRGB.
NAMES = [
    ("black", "黑色", ["#0c0c0d", "#1f1f22"]),
    ("grey", "灰色", ["#4a4a4d", "#808080", "#b4b4b4"]),
    ("white", "白色", ["#f8f8f6", "#e6e4e0"]),
    ("beige", "米色", ["#d9c8a9", "#c2ae8e"]),
    ("brown", "棕色", ["#5b3a21", "#86552e", "#3d281a"]),
    ("red", "红色", ["#c81e26", "#8c1620"]),
    ("orange", "橙色", ["#e8772a", "#f29b4b"]),
    ("yellow", "黄色", ["#f2cf3a", "#d6b021", "#f3e58e"]),
    ("olive", "橄榄色", ["#6b6b2f", "#8a8a4a"]),
    ("green", "绿色", ["#2f8f3f", "#1f4d2b", "#8fce7a"]),
    ("teal", "青色", ["#1f8a8a", "#5cc4c0"]),
    ("blue", "蓝色", ["#2f6fd0", "#5b8fc9", "#a3c7ec", "#1a2be6"]),
    ("navy", "藏青色", ["#1b2547", "#2a3a66"]),
    ("purple", "紫色", ["#6b3fa0", "#a07cc9", "#43255e"]),
    ("pink", "粉色", ["#e88bb0", "#f4c3d0", "#d0417f"]),
]
_ROWS = [(number, colour) for number, (_, _, colours) in enumerate(NAMES) for colour in colours]
_OF = np.array([number for number, _ in _ROWS])
_LAB = to_oklab(to_linear(np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for _, c in _ROWS])))


def name_of(lab):
    """The number in `NAMES` of an OKLab colour; of two prototypes equally near, the first."""
    return int(_OF[((_LAB - np.asarray(lab)) ** 2).sum(1).argmin()])
