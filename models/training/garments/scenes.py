"""What garments lie on, what covers them, and the light of the whole picture. All in linear sRGB, f32."""

import cv2
import numpy as np

from .fabrics import blobs, colour

BACKGROUNDS = ["plain", "gradient", "planks", "tiles", "carpet", "sheet", "rug", "bricks", "clutter"]
UNSEEN_BACKGROUNDS = ["herringbone", "terrazzo", "wallpaper"]


def _grid(size):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    return x, y


def _turned(rng, size, most):
    x, y = _grid(size)
    turn = rng.uniform(-most, most)
    return x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)


def _wood(rng):
    return np.clip(np.array([0.42, 0.26, 0.14]) * rng.uniform(0.35, 1.7) * rng.uniform(0.8, 1.2, 3), 0.02, 0.9)


def _shapes(rng, size, base, count, small, big):
    canvas = np.tile(np.asarray(base, np.float32), (size, size, 1))
    colours = [colour(rng) for _ in range(4)]
    for _ in range(count):
        centre = tuple(int(v) for v in rng.integers(0, size, 2))
        axes = tuple(int(v) for v in rng.uniform(small, big, 2) * size + 1)
        cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, [float(c) for c in colours[rng.integers(4)]], -1, cv2.LINE_AA)
    return canvas


def background(rng, size, unseen=False, floors=None):
    """`[size, size, 3]` linear. `floors` are corners of real photos (u8), taken for a third of the pictures."""
    if floors is not None and rng.random() < 0.35:
        patch = floors[rng.integers(len(floors))]
        patch = np.rot90(patch, rng.integers(4))
        patch = cv2.resize(np.ascontiguousarray(patch), (size, size), interpolation=cv2.INTER_CUBIC)
        return (np.clip(patch.astype(np.float32) / 255, 0, 1) ** 2.2) * np.float32(rng.uniform(0.7, 1.2))
    kind = rng.choice(UNSEEN_BACKGROUNDS if unseen else BACKGROUNDS)
    base = colour(rng) if rng.random() < 0.6 else np.full(3, rng.uniform(0.3, 0.95)) * rng.uniform(0.93, 1.0, 3)
    if kind == "plain":
        out = np.tile(base, (size, size, 1))
    elif kind == "gradient":
        u, v = _turned(rng, size, np.pi)
        out = base + (np.clip(base * rng.uniform(0.5, 1.6), 0, 1) - base) * np.clip(v, 0, 1)[..., None]
    elif kind in ("planks", "bricks", "tiles", "herringbone"):
        u, v = _turned(rng, size, 0.3 if rng.random() < 0.6 else np.pi)
        wide = rng.uniform(0.08, 0.3)
        long = {"planks": rng.uniform(3, 8), "bricks": 2.2, "tiles": 1.0, "herringbone": 3.0}[kind]
        if kind == "herringbone":
            v = v + np.abs((u / (wide * 1.5)) % 2 - 1) * wide * 1.5
        row = np.floor(v / wide)
        offset = 0 if kind == "tiles" else (row * 0.37) % 1
        column = np.floor(u / (wide * long) + offset)
        tone = np.sin(row * 12.9898 + column * 78.233) * 43758.5453 % 1
        base = _wood(rng) if kind in ("planks", "herringbone") else base
        out = base * (1 + rng.uniform(0.02, 0.3) * (tone[..., None] - 0.5))
        if kind in ("planks", "herringbone"):
            out = out * (1 + rng.uniform(0.02, 0.15) * np.sin(v * rng.uniform(150, 400) + 3 * blobs(rng, size, 6))[..., None])
        joint = ((v / wide) % 1 < rng.uniform(0.02, 0.08)) | ((u / (wide * long) + offset) % 1 < 0.05 / long)
        out = np.where(joint[..., None], base * rng.choice([0.4, 0.6, 1.25]), out)
    elif kind == "carpet":
        out = base * (1 + rng.uniform(0.05, 0.35) * rng.normal(0, 1, (size, size, 1))) * (1 + 0.12 * blobs(rng, size, 5)[..., None])
    elif kind == "sheet":
        out = base * (1 + rng.uniform(0.05, 0.2) * blobs(rng, size, int(rng.integers(3, 8))) + 0.06 * blobs(rng, size, 14))[..., None]
    elif kind == "rug":
        out = _shapes(rng, size, base, int(rng.integers(40, 140)), 0.01, 0.07)
    elif kind == "terrazzo":
        out = _shapes(rng, size, base, 160, 0.005, 0.03)
    elif kind == "wallpaper":
        u, v = _turned(rng, size, np.pi)
        step = rng.uniform(0.06, 0.2)
        other = base * rng.uniform(0.5, 1.4)
        ink = np.sin(u / step * 6.28) + np.sin(v / step * 6.28) > rng.uniform(0.2, 1.0)
        out = np.where(ink[..., None], other, base)
    else:  # a room: floor, wall and things
        out = _shapes(rng, size, base, int(rng.integers(3, 9)), 0.1, 0.4)
        out[int(size * rng.uniform(0.5, 0.9)) :] = _wood(rng)
    return np.clip(out, 0.003, 1).astype(np.float32)


def occluders(rng, size, picture, mask):
    """Draws a hanger, a tag, a hand or another cloth over `picture`; takes from `mask` (f32, 0..1) what they cover."""
    if rng.random() < 0.6:
        return
    cover = np.zeros((size, size), np.uint8)
    kind = rng.choice(["tag", "hand", "cloth", "strap"])
    centre = rng.uniform(0.15, 0.85, 2) * size
    if kind == "tag":
        half = rng.uniform(0.02, 0.05) * size
        corners = cv2.boxPoints(((float(centre[0]), float(centre[1])), (float(half), float(2 * half)), float(rng.uniform(0, 90))))
        cv2.fillPoly(cover, [np.int32(corners * 16)], 255, cv2.LINE_AA, 4)
        ink = np.full(3, rng.uniform(0.5, 0.9))
    elif kind == "hand":
        edge = np.array([rng.choice([-0.1, 1.1]), rng.uniform(0.2, 0.9)]) * size
        inner = edge + (np.array([0.5, 0.5]) * size - edge) * rng.uniform(0.35, 0.6)
        cv2.line(cover, tuple(np.int32(edge)), tuple(np.int32(inner)), 255, max(2, int(size * rng.uniform(0.06, 0.1))), cv2.LINE_AA)
        for turn in np.linspace(-0.5, 0.5, 4):
            way = (inner - edge) / np.linalg.norm(inner - edge)
            tip = inner + np.array([way[0] * np.cos(turn) - way[1] * np.sin(turn), way[0] * np.sin(turn) + way[1] * np.cos(turn)]) * size * 0.09
            cv2.line(cover, tuple(np.int32(inner)), tuple(np.int32(tip)), 255, max(1, int(size * 0.025)), cv2.LINE_AA)
        ink = np.array([0.6, 0.35, 0.25]) * rng.uniform(0.25, 1.3)
    elif kind == "cloth":
        edge = rng.integers(4)
        depth = rng.uniform(0.08, 0.22) * size
        wave = depth + np.sin(np.linspace(0, rng.uniform(2, 8), 12)) * depth * 0.25
        line = np.linspace(0, size, 12)
        outline = np.concatenate([np.stack([line, wave], 1), [[size, 0], [0, 0]]])
        outline = {0: outline, 1: outline[:, ::-1], 2: [size, size] - outline, 3: ([size, size] - outline)[:, ::-1]}[int(edge)]
        cv2.fillPoly(cover, [np.int32(outline * 16)], 255, cv2.LINE_AA, 4)
        ink = colour(rng)
    else:
        ends = rng.uniform(0, 1, (2, 2)) * size
        cv2.line(cover, tuple(np.int32(ends[0])), tuple(np.int32(ends[1])), 255, max(1, int(size * rng.uniform(0.01, 0.03))), cv2.LINE_AA)
        ink = colour(rng)
    share = cover.astype(np.float32) / 255
    shade = 1 + 0.1 * blobs(rng, size, 5)
    picture += share[..., None] * (np.clip(ink * shade[..., None], 0.003, 1) - picture)
    mask *= 1 - share


def light(rng, size, picture):
    """The picture's light: gain, tint, a side that is brighter, darker corners. In place."""
    x, y = _grid(size)
    turn = rng.uniform(0, 2 * np.pi)
    slope = 1 + rng.uniform(0, 0.22) * (((x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn)) * 2)
    corners = 1 - rng.uniform(0, 0.25) * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    tint = 1 + rng.normal(0, 0.035, 3)
    picture *= (slope * corners * np.exp(rng.normal(0, 0.1)))[..., None] * (tint / tint.mean())


_TO_SRGB = (255 * np.where((g := np.linspace(0, 1, 4096)) <= 0.0031308, 12.92 * g, 1.055 * np.maximum(g, 1e-9) ** (1 / 2.4) - 0.055)).astype(
    np.float32
)


def develop(rng, picture):
    """Linear light to u8 sRGB with the noise and, sometimes, blur and JPEG blocks of a camera."""
    out = _TO_SRGB[(np.clip(picture, 0, 1) * 4095).astype(np.int32)]
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.0))
    out = out + rng.normal(0, rng.uniform(0.5, 5), out.shape).astype(np.float32)
    out = np.clip(out + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 92))])[1], cv2.IMREAD_COLOR)
    return out
