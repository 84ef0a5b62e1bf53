"""Measures the garment and the person model as they ship: models/garment/metrics.json and models/person/metrics.json.

    python models/training/vision_evaluate.py [--checkpoints build/training/vision] [--split validation]

Photos: accuracy and retrieval on the test split of clothing-dataset-small, each photo resized from its file by the reference
arithmetic. Renders: 1,024 garments and 512 figures with textures and backgrounds that training never shows. With
`--split validation` nothing is written. Needs numpy, opencv, pillow, onnx and onnxruntime, no PyTorch.
"""

import argparse
import hashlib
import importlib.metadata
import json
import pathlib
import platform
import sys

import numpy as np
import onnx
import onnxruntime
from PIL import Image

from garments.labels import ATTRIBUTES, CATEGORIES, KEY_POINTS, LANDMARKS, REGIONS
from seeing import palette, photos, retrieval
from seeing.colour_names import NAMES, name_of
from seeing.picture import SIZE, normalised, over_white, squash
from seeing.renders import draw

ROOT = pathlib.Path(__file__).parents[2]
GARMENTS, FIGURES = 1024, 512
FIRST_HELD = 1_000_000  # training looks at the first held-out renders as it goes; these are others
NEAR = 0.05  # of the picture's side


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    run = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in run.get_outputs()]
    return lambda picture: dict(zip(names, run.run(names, {"image": normalised(picture)}), strict=True))


def load_photos(data, split):
    found = photos.files(data, split)
    return [squash(over_white(np.asarray(Image.open(path).convert("RGB")))) for path, _ in found], np.array([label for _, label in found])


def enlarge(logits, size):
    """`[c, h, w]` logits to `[c, size, size]`, bilinear with half-pixel centres."""
    h = logits.shape[1]
    at = np.clip((np.arange(size) + 0.5) * h / size - 0.5, 0, h - 1)
    low = np.floor(at).astype(int)
    high, part = np.minimum(low + 1, h - 1), (at - low).astype(np.float32)
    rows = logits[:, low] * (1 - part)[:, None] + logits[:, high] * part[:, None]
    return rows[:, :, low] * (1 - part) + rows[:, :, high] * part


def overlap(logits, masks):
    """IoU of each channel with the exact mask, NaN where neither has anything."""
    found, exact = enlarge(logits, masks.shape[1]) > 0, masks > 127
    union = (found | exact).sum((1, 2))
    return np.where(union > 0, (found & exact).sum((1, 2)) / np.maximum(union, 1), np.nan)


def points(outputs, labels):
    """(distances of the visible points, whether visibility is told right) over renders."""
    apart = [np.linalg.norm(o[:, :2] - k[:, :2], axis=1)[k[:, 2] > 1] for o, k in zip(outputs, labels, strict=True)]
    seen = [(o[:, 2] > 0) == (k[:, 2] > 1) for o, k in zip(outputs, labels, strict=True)]
    return np.concatenate(apart), np.concatenate(seen)


def main_colour(picture, outputs):
    found = palette.palette(picture, outputs["mask"][0, 0])
    return name_of(found[0][0]) if found else len(NAMES)


def palette_errors(picture, outputs, known):
    """ΔE00 of the render's main colour, and of each of its colours of a tenth or more, to the nearest found."""
    known = known[known[:, 3] >= 0.1]
    found = [palette.to_cielab(palette.from_oklab(lab)) for lab, _ in palette.palette(picture, outputs["mask"][0, 0])]
    if not len(known):
        return None
    apart = [min((palette.delta_e(palette.to_cielab(k[:3]), f) for f in found), default=100.0) for k in known]
    first = palette.delta_e(palette.to_cielab(known[0, :3]), found[0]) if found else 100.0
    return first, apart


def rounded(values):
    return {key: round(float(value), 4) for key, value in values.items()}


def photo_rows(models, random, pictures, labels):
    """Accuracy by model; mAP@10 by model and baseline; each class's recall of the first model."""
    accuracy, found = {}, {}
    outputs = {name: [run(p) for p in pictures] for name, run in models.items()}
    for name, outs in outputs.items():
        guess = np.array([o["category"][0].argmax() for o in outs])
        accuracy[name] = {
            "accuracy": (guess == labels).mean(),
            "top_2": np.mean([label in o["category"][0].argsort()[-2:] for o, label in zip(outs, labels, strict=True)]),
        }
        accuracy[name]["mean_of_classes"] = np.mean([(guess[labels == c] == c).mean() for c in range(len(CATEGORIES))])
    first = next(iter(outputs.values()))
    guess = np.array([o["category"][0].argmax() for o in first])
    classes = {
        name: {"recall": (guess[labels == c] == c).mean(), "precision": (labels[guess == c] == c).mean() if (guess == c).any() else 0.0}
        for c, name in enumerate(CATEGORIES)
    }
    colours = np.array([main_colour(p, o) for p, o in zip(pictures, first, strict=True)])
    vectors = {name: np.concatenate([o["embedding"] for o in outs]) for name, outs in outputs.items()}
    vectors["colour histogram"] = np.stack([retrieval.colour_histogram(p) for p in pictures])
    if random:
        vectors["random weights"] = np.concatenate([random(p)["embedding"] for p in pictures])
    for name, rows in vectors.items():
        found[name] = {
            "category": retrieval.mean_average_precision(rows, labels),
            "category_and_colour": retrieval.mean_average_precision(rows, labels * 100 + colours),
        }
    return {"photos": accuracy, "photo-classes": classes, "photo-retrieval": found}


def render_rows(models, random):
    drawn = [draw("garment", "held", FIRST_HELD + i) for i in range(GARMENTS)]
    pictures = [d["picture"].astype(np.float32) for d in drawn]
    categories = np.array([d["category"] for d in drawn])
    colours = np.array([name_of(palette.to_oklab(d["palette"][0, :3])) for d in drawn])
    rows, vectors, marks = {}, {}, {}
    for name, run in models.items():
        outs = [run(p) for p in pictures]
        apart, seen = points([o["landmarks"][0] for o in outs], [d["landmarks"] for d in drawn])
        errors = [e for p, o, d in zip(pictures, outs, drawn, strict=True) if (e := palette_errors(p, o, d["palette"]))]
        groups = np.cumsum([0] + [len(v) for v in ATTRIBUTES.values()])
        right = [
            [o["attributes"][0, a:b].argmax() == d["attributes"][i] for i, (a, b) in enumerate(zip(groups, groups[1:]))]
            for o, d in zip(outs, drawn, strict=True)
        ]
        rows[name] = {
            "mask_iou": np.nanmean([overlap(o["mask"][0], d["mask"][None]) for o, d in zip(outs, drawn, strict=True)]),
            "landmark_pck_0.05": (apart <= NEAR).mean(),
            "landmark_visibility": seen.mean(),
            "palette_main_delta_e_mean": np.mean([e[0] for e in errors]),
            "palette_main_delta_e_median": np.median([e[0] for e in errors]),
            "palette_each_delta_e_mean": np.mean([v for e in errors for v in e[1]]),
            "palette_each_delta_e_median": np.median([v for e in errors for v in e[1]]),
            "category": np.mean([o["category"][0].argmax() == c for o, c in zip(outs, categories, strict=True)]),
        }
        rows[name] |= dict(zip(ATTRIBUTES, np.mean(right, 0), strict=True))
        vectors[name] = np.concatenate([o["embedding"] for o in outs])
        if not marks:
            for number, mark in enumerate(LANDMARKS):
                own = np.concatenate(
                    [
                        np.linalg.norm(o["landmarks"][0, number : number + 1, :2] - d["landmarks"][number : number + 1, :2], axis=1)[
                            d["landmarks"][number : number + 1, 2] > 1
                        ]
                        for o, d in zip(outs, drawn, strict=True)
                    ]
                )
                marks[mark] = {"pck_0.05": (own <= NEAR).mean(), "pck_0.1": (own <= 2 * NEAR).mean()}
    vectors["colour histogram"] = np.stack([retrieval.colour_histogram(p) for p in pictures])
    if random:
        vectors["random weights"] = np.concatenate([random(p)["embedding"] for p in pictures])
    found = {
        name: {
            "category": retrieval.mean_average_precision(v, categories),
            "category_and_colour": retrieval.mean_average_precision(v, categories * 100 + colours),
        }
        for name, v in vectors.items()
    }
    return {"renders": rows, "render-landmarks": marks, "render-retrieval": found}


def figure_rows(models):
    drawn = [draw("figure", "held", FIRST_HELD + i) for i in range(FIGURES)]
    rows, marks = {}, {}
    for name, run in models.items():
        outs = [run(d["picture"].astype(np.float32)) for d in drawn]
        apart, seen = points([o["key_points"][0] for o in outs], [d["key_points"] for d in drawn])
        iou = np.nanmean([overlap(o["regions"][0], d["regions"]) for o, d in zip(outs, drawn, strict=True)], 0)
        rows[name] = {f"{region}_iou": v for region, v in zip(REGIONS, iou, strict=True)} | {
            "key_point_pck_0.05": (apart <= NEAR).mean(),
            "key_point_visibility": seen.mean(),
        }
        if not marks:
            for number, mark in enumerate(KEY_POINTS):
                own = np.array(
                    [
                        np.linalg.norm(o["key_points"][0, number, :2] - d["key_points"][number, :2])
                        for o, d in zip(outs, drawn, strict=True)
                        if d["key_points"][number, 2] > 1
                    ]
                )
                marks[mark] = {"pck_0.05": (own <= NEAR).mean(), "pck_0.1": (own <= 2 * NEAR).mean()}
    return {"figures": rows, "figure-points": marks}


def models_of(name, folder, checkpoints):
    found = {"int8": session(folder / name / "model.q8.onnx")}
    plain = pathlib.Path(checkpoints) / f"{name}.f32.onnx"
    if plain.is_file():
        found["f32"] = session(plain)
    return found, plain


def record(name, folder, plain, parts, about):
    path = folder / name / "model.q8.onnx"
    notes = {p.key: p.value for p in onnx.load(path).metadata_props}
    found = {
        "model": path.name,
        "sha256": sha256(path),
        **({"f32_sha256": sha256(plain)} if plain.is_file() else {}),
        "command": " ".join(["python", pathlib.Path(sys.argv[0]).resolve().relative_to(ROOT).as_posix()]),
        "measured_with": {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in ("numpy", "onnx", "onnxruntime")}},
        "trained": notes,
        "datasets": {data: {**about.get(data, {}), "rows": {row: rounded(values) for row, values in rows.items()}} for data, rows in parts.items()},
    }
    (folder / name / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", default=str(ROOT / "build/training/vision"))
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "models")
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data"))
    parser.add_argument("--split", choices=["test", "validation"], default="test")
    parser.add_argument("--only", choices=["garment", "person"])
    args = parser.parse_args()
    if args.only != "person":
        models, plain = models_of("garment", args.models, args.checkpoints)
        random = pathlib.Path(args.checkpoints) / "random.f32.onnx"
        pictures, labels = load_photos(args.data, args.split)
        parts = photo_rows(models, session(random) if random.is_file() else None, pictures, labels)
        if args.split == "test":
            parts |= render_rows(models, session(random) if random.is_file() else None)
        print(json.dumps({k: {r: rounded(v) for r, v in rows.items()} for k, rows in parts.items()}, indent=1), flush=True)
        if args.split == "test":
            photo, drawn = {"split": "test", "photos": len(labels)}, {"garments": GARMENTS, "size": SIZE}
            record(
                "garment",
                args.models,
                plain,
                parts,
                {
                    "photos": {**photo, "rows_are": "model"},
                    "photo-classes": {**photo, "rows_are": "class, int8"},
                    "photo-retrieval": {**photo, "rows_are": "vectors"},
                    "renders": {**drawn, "rows_are": "model"},
                    "render-landmarks": {**drawn, "rows_are": "landmark, int8"},
                    "render-retrieval": {**drawn, "rows_are": "vectors"},
                },
            )
    if args.only != "garment":
        models, plain = models_of("person", args.models, args.checkpoints)
        parts = figure_rows(models)
        print(json.dumps({k: {r: rounded(v) for r, v in rows.items()} for k, rows in parts.items()}, indent=1), flush=True)
        if args.split == "test":
            drawn = {"figures": FIGURES, "size": SIZE}
            record(
                "person",
                args.models,
                plain,
                parts,
                {"figures": {**drawn, "rows_are": "model"}, "figure-points": {**drawn, "rows_are": "key point, int8"}},
            )


if __name__ == "__main__":
    main()
