"""Measures the shipped models and writes models/*/metrics.json.

    python models/training/evaluate.py [--users 5000]

Full ranking: every item of the catalogue is a candidate. Items the user already has are left out (on both data
sets; a customer's repeat purchases are thus never counted). HR@10 is 1 when a target is among the first ten,
NDCG@10 counts its place. uci-online-retail: history up to the end of October 2011, targets are the next basket's
items that the customer has not bought before; customers with at least one. amazon-beauty: leave one out, the last
item is the target. `--users` bounds the number of users a data set, chosen evenly.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np

import encode
import export
import for_you
from datasets import beauty, generated, uci

ROOT = pathlib.Path(__file__).parents[2]
K = 10


def uci_cases():
    """`(titles, [train sequences], [(history, targets)])`."""
    titles, customers = uci.load()
    train, cases = [], []
    for baskets in customers:
        before = [item for when, basket in baskets if when < uci.TEST for item in basket]
        after = [basket for when, basket in baskets if when >= uci.TEST]
        if before:
            train.append(before)
            fresh = [item for item in (after[0] if after else []) if item not in set(before)]
            if fresh:
                cases.append((before, fresh))
    return titles, train, cases


def beauty_cases():
    titles, sequences = beauty.load()
    return titles, [s[:-2] for s in sequences], [(s[:-1], s[-1:]) for s in sequences]


def score(cases, scores_of):
    """HR@10 and NDCG@10 (several targets: binary gains against the ideal order)."""
    hits, gains = [], []
    for history, targets in cases:
        scores = np.array(scores_of(history), dtype=np.float64)
        scores[list(set(history))] = -np.inf
        top = np.argpartition(-scores, K)[:K]
        top = top[np.argsort(-scores[top], kind="stable")]
        found = [1 / np.log2(place + 2) for place, item in enumerate(top) if item in targets]
        ideal = sum(1 / np.log2(place + 2) for place in range(min(K, len(targets))))
        hits.append(bool(found))
        gains.append(sum(found) / ideal)
    return {"hr@10": round(float(np.mean(hits)), 4), "ndcg@10": round(float(np.mean(gains)), 4)}


def popularity(train, count):
    counts = np.bincount([i for s in train for i in s], minlength=count)
    return lambda history: counts


def item_knn(train, count, newest=10):
    """Cosine over users who have both; the newest items of the history vote, each with the half of the one after it."""
    users = [set() for _ in range(count)]
    for user, sequence in enumerate(train):
        for item in sequence:
            users[item].add(user)
    sizes = np.array([max(len(u), 1) for u in users], np.float64)
    cache = {}

    def row(item):
        if item not in cache:
            together = np.bincount([other for user in users[item] for other in set(train[user])], minlength=count)
            cache[item] = together / np.sqrt(sizes * sizes[item])
        return cache[item]

    def scores_of(history):
        recent = history[-newest:][::-1]
        return sum(row(item) * 0.8 ** age for age, item in enumerate(recent))

    return scores_of


def model_scores(path, embeddings):
    """The for-you model at `path`, run by ONNX Runtime."""
    run = encode.session(path)
    padded = np.vstack([embeddings, np.zeros((1, embeddings.shape[1]), np.float32)])

    def scores_of(history):
        items, actions = for_you.pad([(item, for_you.PURCHASE) for item in history])
        feed = {"items": padded[items][None], "actions": np.array([actions], np.int64)}
        return embeddings @ run.run(None, feed)[0][0]

    return scores_of


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(name, metrics, seed):
    path = ROOT / f"models/{name}/metrics.json"
    model = ROOT / f"models/{name}/model.q8.onnx"
    record = {"model": "model.q8.onnx", "sha256": sha256(model), "command": "python models/training/evaluate.py", "seed": seed, "datasets": metrics}
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(path.relative_to(ROOT), json.dumps(metrics, indent=1))


def evaluate_for_you(users):
    metrics = {}
    for name, (titles, train, cases) in (("uci-online-retail", uci_cases()), ("amazon-beauty", beauty_cases())):
        cases = cases[:: max(1, len(cases) // users)]
        embeddings = encode.items(titles)
        q8 = model_scores(ROOT / "models/for-you/model.q8.onnx", embeddings)
        f32 = model_scores(ROOT / "build/training/for-you.f32.onnx", embeddings)
        metrics[name] = {
            "users": len(cases), "items": len(titles),
            **score(cases, q8),
            "f32": score(cases, f32),
            "popularity": score(cases, popularity(train, len(titles))),
            "item_knn": score(cases, item_knn(train, len(titles))),
        }
        print(name, metrics[name], flush=True)
    return metrics


def evaluate_item_text():
    """Finding an item's Chinese text by its English one, and the reverse, in a shop that training never saw."""
    english, chinese, _ = generated.load(7)
    table = np.load(ROOT / "build/training/item-text.npy")
    f32 = export.item_text(table, ROOT / "build/training/item-text.f32.onnx", quantized=False)
    result = {"texts": len(english)}
    for name, model in (("", encode.MODEL), ("f32", f32)):
        scores = encode.texts(english, model) @ encode.texts(chinese, model).T
        own = np.diagonal(scores)
        values = {
            "en_to_zh_top1": round(float((scores.max(1) <= own + 1e-6).mean()), 4),
            "zh_to_en_top1": round(float((scores.max(0) <= own + 1e-6).mean()), 4),
        }
        result.update({name: values} if name else values)
    return {"generated-shop-7": result}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=1_000_000)
    args = parser.parse_args()
    write("item-text", evaluate_item_text(), 20261124)
    write("for-you", evaluate_for_you(args.users), 20261124)


if __name__ == "__main__":
    main()
