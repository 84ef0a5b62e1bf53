"""Bitext customer support, 27 intents (CDLA-Sharing-1.0): made from templates."""

import csv

from . import data_folder


def load():
    """`{"train" | "validation" | "test": [(text, intent), ...]}`."""
    splits = {}
    for split, name in (("train", "train"), ("validation", "dev"), ("test", "test")):
        with open(data_folder("bitext27") / f"{name}.csv", encoding="utf-8", newline="") as file:
            splits[split] = [(row["utterance"], row["intent"]) for row in csv.DictReader(file)]
    return splits
