"""amazon-beauty: measured only; nothing fitted on it is shipped."""

import gzip
import json

from . import data_folder


def load():
    """`(titles, sequences)`: title of items 1..n at index id - 1, and each user's items oldest first."""
    folder = data_folder("amazon-beauty")
    with gzip.open(folder / "items.jsonl.gz", "rt", encoding="utf-8") as file:
        items = [json.loads(line) for line in file]
    titles = [""] * len(items)
    for item in items:
        titles[int(item["item_id"]) - 1] = item.get("title") or ""
    with gzip.open(folder / "sequences.tsv.gz", "rt", encoding="utf-8") as file:
        next(file)
        sequences = [[int(i) - 1 for i in line.rstrip("\n").split("\t")[1].split()] for line in file]
    return titles, sequences
