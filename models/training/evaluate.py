"""Measures the shipped models: full ranking on two logs, and finding a text by its other language.

    python models/training/evaluate.py [--split validation|test] [--users 5000]

Needs numpy, onnx and onnxruntime, no PyTorch. Every item of the catalogue is a candidate; items that the user already
has are left out unless a row says "seen kept". HR@k is 1 when a target is among the first k, NDCG@k counts its place.

- uci-online-retail: what is known ends with October 2011 (validation: with September); the targets are what of the
  next basket (validation: of October) the customer has not bought before; customers with at least one.
- amazon-beauty: leave one out; the last item is the target (validation: the one before it), as its README asks.

The test split without `--users` writes models/*/metrics.json: from the files themselves, with their hashes. Rows before
quantization need build/training/*.f32.onnx, which the trainings write; where those are missing the rows of the last
measurement are kept if they were of the same shipped file, else left out.
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

import baselines
import encode
import scoring
import splits
from datasets import generated

ROOT = pathlib.Path(__file__).parents[2]
TRAINED = ROOT / "build/training"
TRAINING_SHOPS = range(101, 111)
HELD_OUT_SHOP = 7


def shipped(name):
    return ROOT / f"models/{name}/model.q8.onnx"


def before_quantization(name):
    """The f32 file that the shipped one was made from: of the same training, or `None`."""
    path = TRAINED / f"{name}.f32.onnx"
    if not path.is_file():
        return None
    same = notes(path).get("training") == notes(shipped(name)).get("training")
    if not same:
        print(f"{path} is of another training than {shipped(name)}: f32 not measured")
    return path if same else None


def notes(path):
    """How a model file was made: its metadata."""
    return {prop.key: prop.value for prop in onnx.load(path).metadata_props}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_scores(path, embeddings):
    """The for-you model at `path`, run by ONNX Runtime."""
    run = encode.session(path)
    padded = encode.padded_table(embeddings)

    def scores_of(history):
        items, actions = encode.pad([(item, encode.PURCHASE) for item in history])
        feed = {"items": padded[items][None], "actions": np.array([actions], np.int64)}
        return embeddings @ run.run(None, feed)[0][0]

    return scores_of


def full_ranking(name, split, users):
    """`(facts, {row: values})` of one data set."""
    titles, train, cases = splits.load(name, split)
    cases = cases[:: max(1, len(cases) // users)]
    q8 = encode.items(titles)
    rows = {
        "popularity": baselines.popularity(train, len(titles)),
        "item-kNN": baselines.item_knn(baselines.cosines(train, len(titles)), **baselines.KNN[name]),
        "item-text, newest item, int8": baselines.newest_item(q8),
        "item-text, mean of newest 32, int8": baselines.mean_of_newest(q8),
        "for-you, int8": model_scores(shipped("for-you"), q8),
    }
    text, encoder = before_quantization("item-text"), before_quantization("for-you")
    if text:
        f32 = encode.texts(titles, text)
        rows["item-text, newest item, f32"] = baselines.newest_item(f32)
        rows["item-text, mean of newest 32, f32"] = baselines.mean_of_newest(f32)
        if encoder:
            rows["for-you, f32 over f32 items"] = model_scores(encoder, f32)
    if encoder:
        rows["for-you, f32 over int8 items"] = model_scores(encoder, q8)
    measured = {}
    for row, scores_of in rows.items():
        measured[row] = scoring.score(cases, scores_of, kept_too=name == "amazon-beauty")
        print(f"{name:18} {split:10} {row:36} {measured[row]}", flush=True)
    return {"split": split, "users": len(cases), "items": len(titles)}, measured


def other_language():
    """Of the items of a generated shop whose texts are in no training shop: how many find their other language first.

    A tie with another text counts as a miss, unless that text is the same.
    """
    seen = set()
    for seed in TRAINING_SHOPS:
        english, chinese, _ = generated.load(seed)
        seen.update(english, chinese)
    english, chinese, _ = generated.load(HELD_OUT_SHOP)
    pairs = [(e, c) for e, c in dict.fromkeys(zip(english, chinese)) if e not in seen and c not in seen]
    lefts, rights = [e for e, _ in pairs], [c for _, c in pairs]
    measured = {}
    for row, model in (("int8", shipped("item-text")), ("f32", before_quantization("item-text"))):
        if model:
            scores = encode.texts(lefts, model) @ encode.texts(rights, model).T
            measured[row] = {"en_to_zh_top1": first(scores, rights), "zh_to_en_top1": first(scores.T, lefts)}
            print(f"generated shop {HELD_OUT_SHOP:4}         {row:36} {measured[row]}", flush=True)
    return {"texts": len(pairs), "of": len(english)}, measured


def first(scores, texts):
    """Part of the rows whose own column is above every column of another text."""
    own = np.diagonal(scores)
    other = np.array([[a != b for b in texts] for a in texts])
    return round(float((np.where(other, scores, -np.inf).max(1) < own - 1e-6).mean()), 4)


def record(name, measured):
    """Writes metrics.json: what was measured, on which files, by what."""
    model, path = shipped(name), ROOT / f"models/{name}/metrics.json"
    found = {"model": model.name, "sha256": sha256(model)}
    old = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if before_quantization(name):
        found["f32_sha256"] = sha256(before_quantization(name))
    elif old.get("sha256") == found["sha256"]:
        found["f32_sha256"] = old.get("f32_sha256")
        for data, part in measured.items():
            kept = old.get("datasets", {}).get(data, {}).get("rows", {})
            part["rows"].update({row: values for row, values in kept.items() if "f32" in row and row not in part["rows"]})
    if name == "for-you":
        found["item_text_sha256"] = sha256(shipped("item-text"))
    found["command"] = " ".join(["python", pathlib.Path(sys.argv[0]).resolve().relative_to(ROOT).as_posix(), *sys.argv[1:]])
    found["measured_with"] = {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in ("numpy", "onnx", "onnxruntime")}}
    found["trained"] = notes(model)
    found["item_knn"] = baselines.KNN
    found["datasets"] = measured
    path.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(f"written: {path.relative_to(ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=splits.SPLITS, default="test")
    parser.add_argument("--users", type=int, help="ask at most as many users a data set, chosen evenly; writes nothing")
    args = parser.parse_args()
    ranked = {name: full_ranking(name, args.split, args.users or 1_000_000) for name in splits.DATASETS}
    facts, languages = other_language()
    if args.split != "test" or args.users:
        return
    texts = {name: {**about, "rows": {r: v for r, v in rows.items() if not r.startswith("for-you")}} for name, (about, rows) in ranked.items()}
    record("item-text", {**texts, f"generated-shop-{HELD_OUT_SHOP}": {**facts, "rows": languages}})
    record("for-you", {name: {**about, "rows": rows} for name, (about, rows) in ranked.items()})


if __name__ == "__main__":
    main()
