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
from seeing import palette, photos, retrieval, scores
from seeing.colour_names import name_of
from seeing.picture import SIZE, normalised, over_white, squash
from seeing.renders import draw

ROOT = pathlib.Path(__file__).parents[2]
GARMENTS, FIGURES = 1024, 512
FIRST_HELD = 1_000_000  # training looks at the first held-out renders as it goes; these are others


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


def rounded(values):
    return {key: round(float(value), 4) for key, value in values.items()}


def retrieved(vectors, random, pictures, categories, colours):
    """mAP@10 of the models' embeddings and of the baselines: by category, and by category and colour."""
    vectors = dict(vectors)
    vectors["colour histogram"] = np.stack([retrieval.colour_histogram(p) for p in pictures])
    if random:
        vectors["random weights"] = np.concatenate([random(p)["embedding"] for p in pictures])
    wanted = {"category": categories, "category_and_colour": categories * 100 + colours}
    return {name: {what: retrieval.mean_average_precision(rows, labels) for what, labels in wanted.items()} for name, rows in vectors.items()}


def stacked(run, pictures):
    """The outputs for all pictures, by name, one row a picture."""
    outputs = [run(p) for p in pictures]
    return {name: np.concatenate([o[name] for o in outputs]) for name in outputs[0]}


def accuracies(logits, labels):
    guess, top = logits.argmax(1), logits.argsort(1)
    of_classes = [(guess[labels == c] == c).mean() for c in range(len(CATEGORIES))]
    return {"accuracy": (guess == labels).mean(), "top_2": (top[:, -2:] == labels[:, None]).any(1).mean(), "mean_of_classes": np.mean(of_classes)}


def photo_rows(models, random, pictures, labels):
    """Accuracy by model; recall and precision of classes, of the first model; retrieval, with colours as its palettes name them."""
    outputs = {name: stacked(run, pictures) for name, run in models.items()}
    first = next(iter(outputs.values()))
    guess = first["category"].argmax(1)
    classes = {
        name: {"recall": (guess[labels == c] == c).mean(), "precision": (labels[guess == c] == c).sum() / max((guess == c).sum(), 1)}
        for c, name in enumerate(CATEGORIES)
    }
    colours = np.array([scores.main_colour(p, mask[0]) for p, mask in zip(pictures, first["mask"], strict=True)])
    vectors = {name: out["embedding"] for name, out in outputs.items()}
    return {
        "photos": {name: accuracies(out["category"], labels) for name, out in outputs.items()},
        "photo-classes": classes,
        "photo-retrieval": retrieved(vectors, random, pictures, labels, colours),
    }


def render_row(out, drawn, pictures):
    """What one model gets right of renders."""
    apart, seen = scores.points(out["landmarks"], [d["landmarks"] for d in drawn])
    errors = [scores.palette_errors(p, m[0], d["palette"]) for p, m, d in zip(pictures, out["mask"], drawn, strict=True)]
    errors = [e for e in errors if e]
    main, each = [e[0] for e in errors], [v for e in errors for v in e[1]]
    right = scores.attributes(out["attributes"], np.stack([d["attributes"] for d in drawn]), [len(v) for v in ATTRIBUTES.values()])
    return {
        "mask_iou": np.nanmean([scores.overlap(m, d["mask"][None]) for m, d in zip(out["mask"], drawn, strict=True)]),
        "landmark_pck_0.05": (apart <= scores.NEAR).mean(),
        "landmark_visibility": seen.mean(),
        "palette_main_delta_e_mean": np.mean(main),
        "palette_main_delta_e_median": np.median(main),
        "palette_each_delta_e_mean": np.mean(each),
        "palette_each_delta_e_median": np.median(each),
        "category": np.mean(out["category"].argmax(1) == [d["category"] for d in drawn]),
    } | dict(zip(ATTRIBUTES, right.mean(0), strict=True))


def render_rows(models, random):
    drawn = [draw("garment", "held", FIRST_HELD + i) for i in range(GARMENTS)]
    pictures = [d["picture"].astype(np.float32) for d in drawn]
    categories = np.array([d["category"] for d in drawn])
    colours = np.array([name_of(palette.to_oklab(d["palette"][0, :3])) for d in drawn])
    outputs = {name: stacked(run, pictures) for name, run in models.items()}
    first = next(iter(outputs.values()))
    return {
        "renders": {name: render_row(out, drawn, pictures) for name, out in outputs.items()},
        "render-landmarks": scores.near_by_name(LANDMARKS, first["landmarks"], [d["landmarks"] for d in drawn]),
        "render-retrieval": retrieved({n: o["embedding"] for n, o in outputs.items()}, random, pictures, categories, colours),
    }


def figure_rows(models):
    drawn = [draw("figure", "held", FIRST_HELD + i) for i in range(FIGURES)]
    known, rows = [d["key_points"] for d in drawn], {}
    outputs = {name: stacked(run, [d["picture"].astype(np.float32) for d in drawn]) for name, run in models.items()}
    for name, out in outputs.items():
        apart, seen = scores.points(out["key_points"], known)
        iou = np.nanmean([scores.overlap(r, d["regions"]) for r, d in zip(out["regions"], drawn, strict=True)], 0)
        rows[name] = {f"{region}_iou": v for region, v in zip(REGIONS, iou, strict=True)}
        rows[name] |= {"key_point_pck_0.05": (apart <= scores.NEAR).mean(), "key_point_visibility": seen.mean()}
    return {"figures": rows, "figure-points": scores.near_by_name(KEY_POINTS, next(iter(outputs.values()))["key_points"], known)}


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
