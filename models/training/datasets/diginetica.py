"""diginetica: anonymous click sessions; measured only, nothing fitted on it is shipped."""

import gzip

import numpy as np

from .folder import ACTIONS, Shop

SESSIONS = "train_sessions.txt.gz"


def load(folder):
    """`(shop, questions)`: the training sessions, and `(history, target)` of the test, item numbers from 0."""
    with gzip.open(folder / SESSIONS, "rt") as file:
        sequences = [np.array(line.split(), np.int64) - 1 for line in file]
    with gzip.open(folder / "test_prefix_target.tsv.gz", "rt") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    questions = [(np.array(prefix.split(), np.int64) - 1, int(target) - 1) for prefix, target in lines]
    count = 1 + int(max(sequence.max() for sequence in sequences))
    views = [np.full(len(sequence), ACTIONS["view"], np.int64) for sequence in sequences]
    ids = [str(item + 1) for item in range(count)]
    return Shop([""] * count, [[] for _ in range(count)], sequences, views, ids=ids), questions
