"""What seven bits a weight cost the for-you model: full ranking by the `nearshelf` command, and distance to ONNX Runtime.

    python models/training/weight_bits.py [--out build/weight-bits]

For 8 and for 7 bits a weight (`--weight-bits` of `nearshelf compile`, `pack` and `eval`):

- HR@10 and NDCG@10 of `nearshelf eval` over all items, on the logs of `evaluate.py`, written as a shop's catalogue and
  events. On uci-online-retail a customer's last basket is hidden, where it is of November 2011 or later; what was bought
  before is never recommended, so that repeats count as missed. On amazon-beauty it is the last item. *for-you alone* is the
  model's query alone, *nearshelf, pack and model* what a page shows, where neighbours of the log count most.
- The largest difference and the least cosine of queries from those that ONNX Runtime makes of the shipped file, over
  histories of random lengths from the same logs, by `nearshelf run`.

Needs numpy, onnx, onnxruntime and the built command (`cargo build --release -p nearshelf-cli`).
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import subprocess

import numpy as np

import encode
from datasets import beauty, uci

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/nearshelf"
MODEL = ROOT / "models/for-you/model.q8.onnx"
BITS = (8, 7)
SEED, HISTORIES = 20261126, 200
BEGIN = datetime.datetime(2014, 1, 1)


def nearshelf(*arguments):
    done = subprocess.run([COMMAND, *map(str, arguments)], check=False, capture_output=True)
    if done.returncode:
        raise SystemExit(f"nearshelf {arguments[0]}: {done.stderr.decode()}")
    return done.stdout


def write_shop(folder, titles, rows):
    """A catalogue and an event log; `rows` are `(session, time, item)`. Titles that are missing are dashes."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "items.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title"])
        writer.writerows((f"i{at}", title.strip() or "-") for at, title in enumerate(titles))
    with open(folder / "events.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["session", "event", "item_id", "time"])
        writer.writerows((f"s{who}", "purchase", f"i{item}", f"{when.isoformat()}Z") for who, when, item in rows)
    return ["--items", folder / "items.csv", "--events", folder / "events.csv", "--models", ROOT / "models", "--k", 10, "--json"]


def logs():
    """Of each data set: name, titles, histories, rows of its log, and what `nearshelf eval` is to hide."""
    titles, customers = uci.load()
    rows = [(who, when, item) for who, baskets in enumerate(customers) for when, basket in baskets for item in basket]
    histories = [[item for _, basket in baskets for item in basket] for baskets in customers]
    yield "uci-online-retail", titles, histories, rows, ["--protocol", "last-basket", "--from", uci.TEST.date()]
    titles, sequences = beauty.load()
    # The log has no times, only an order.
    rows = [(who, BEGIN + datetime.timedelta(days=at), item) for who, items in enumerate(sequences) for at, item in enumerate(items)]
    yield "amazon-beauty", titles, sequences, rows, ["--protocol", "leave-one-out"]


def distances(plans, folder, embeddings, histories):
    """Of each plan: largest difference and least cosine to ONNX Runtime's queries."""
    rng, run, padded = np.random.default_rng(SEED), encode.session(MODEL), encode.padded_table(embeddings)
    found = {bits: [] for bits in plans}
    for which in rng.choice(len(histories), HISTORIES):
        history = histories[which][: rng.integers(1, len(histories[which]) + 1)]
        items, actions = encode.pad([(item, encode.PURCHASE) for item in history])
        feed = {"items": padded[items][None], "actions": np.array([actions], np.int64)}
        [wanted] = run.run(["query"], feed)
        np.savez(folder / "in.npz", **feed)
        for bits, plan in plans.items():
            nearshelf("run", plan, "--inputs", folder / "in.npz", "--outputs", folder / "out.npz")
            query = np.load(folder / "out.npz")["query"]
            cosine = float(query[0] @ wanted[0] / np.linalg.norm(query) / np.linalg.norm(wanted))
            found[bits].append((float(np.abs(query - wanted).max()), cosine))
    return {bits: (max(d for d, _ in pairs), min(c for _, c in pairs)) for bits, pairs in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/weight-bits")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    plans = {bits: folder / f"for-you.{bits}.plan" for bits in BITS}
    for bits, plan in plans.items():
        print(nearshelf("compile", MODEL, "--output", plan, "--weight-bits", bits).decode(), end="", flush=True)
    for name, titles, histories, rows, hidden in logs():
        shop = write_shop(folder / name, titles, rows)
        print(f"\n{name}\n| bits | recommender | cases | HR@10 | NDCG@10 |\n|---|---|---|---|---|", flush=True)
        for bits in BITS:
            report = json.loads(nearshelf("eval", *shop, *hidden, "--weight-bits", bits))
            for row in report["rows"]:
                if not row["repeat_purchases"] and row["recommender"] in ("for-you alone", "nearshelf, pack and model"):
                    print(f"| {bits} | {row['recommender']} | {row['cases']} | {row['metrics']['hr@10']['value']:.4f} | {row['metrics']['ndcg@10']['value']:.4f} |", flush=True)
        embeddings = encode.items(titles)
        for bits, (largest, cosine) in distances(plans, folder, embeddings, histories).items():
            print(f"{bits} bits against ONNX Runtime, {HISTORIES} histories: largest difference {largest:.2g}, least cosine {cosine:.6f}", flush=True)


if __name__ == "__main__":
    main()
