"""BANKING77 (Casanueva et al. 2020; CC BY 4.0): 77 fine intents of a bank's customers."""

import csv
import random

from . import data_folder

SEED = 20261126


def _rows(split):
    with open(data_folder("banking77") / f"{split}.csv", encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def load():
    """`{"train" | "validation" | "test": [(text, intent), ...]}`; validation is a tenth of each intent of train."""
    rows = _rows("train")
    by_intent = {}
    for row in rows:
        by_intent.setdefault(row[1], []).append(row)
    rng = random.Random(SEED)
    train, validation = [], []
    for intent in sorted(by_intent):
        of_intent = by_intent[intent]
        rng.shuffle(of_intent)
        held = max(1, round(len(of_intent) / 10))
        validation += of_intent[:held]
        train += of_intent[held:]
    return {"train": train, "validation": validation, "test": _rows("test")}


def few(shots, seed=SEED):
    """`shots` training texts an intent, drawn from all of train."""
    by_intent = {}
    for row in _rows("train"):
        by_intent.setdefault(row[1], []).append(row)
    rng = random.Random(seed)
    return [row for intent in sorted(by_intent) for row in rng.sample(by_intent[intent], shots)]
