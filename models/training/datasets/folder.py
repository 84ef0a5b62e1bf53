"""Any shop's folder: items with or without texts, and what each shopper did, oldest first.

Two formats are read. `items.jsonl.gz` and `sequences.tsv.gz` as research sets come (a sequence a shopper, all of it
purchases), or `catalogue.csv` and `events.csv` as `nearshelf pack` reads them.
"""

import csv
import dataclasses
import gzip
import hashlib
import json
import pathlib

import numpy as np

ACTIONS = {"view": 1, "add_to_cart": 2, "purchase": 3, "remove": 4}
PURCHASE = ACTIONS["purchase"]


@dataclasses.dataclass
class Shop:
    """Items by number, and sequences of them.

    - `texts`: a text an item, maybe empty
    - `attributes`: strings an item shares with others: brand, category, colour
    - `sequences`: item numbers of each shopper, int64, oldest first
    - `actions`: the same shape, of `ACTIONS`
    - `baskets`: the same shape, or `None`: a number that changes where another basket begins, whose events are
      foretold from what came before it
    - `ids`: an id an item, as `nearshelf` reads them, or `None`
    """

    texts: list
    attributes: list
    sequences: list
    actions: list
    baskets: list = None
    ids: list = None

    @property
    def count(self):
        return len(self.texts)

    @property
    def ids_sha256(self):
        """What names the catalogue: SHA-256 of all ids in order, a line each."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest() if self.ids is not None else None


class FolderError(SystemExit):
    """Names the file, the line and what to do."""


def load(folder):
    """The shop in `folder`."""
    folder = pathlib.Path(folder)
    if (folder / "sequences.tsv.gz").is_file():
        return _research(folder)
    if (folder / "events.csv").is_file():
        return _merchant(folder / "catalogue.csv", folder / "events.csv")
    raise FolderError(f"{folder}: neither sequences.tsv.gz with items.jsonl.gz nor events.csv with catalogue.csv is there")


def _research(folder):
    numbers, texts, attributes = {}, [], []
    with gzip.open(folder / "items.jsonl.gz", "rt", encoding="utf-8") as file:
        for line_number, line in enumerate(file, 1):
            try:
                item = json.loads(line)
                numbers[str(item["item_id"])] = len(texts)
            except (ValueError, KeyError, TypeError) as error:
                raise FolderError(f"items.jsonl.gz, line {line_number}: not an object with `item_id` ({error})") from None
            texts.append(str(item.get("title") or item.get("text_id") or ""))
            attributes.append(_strings(item))
    sequences, actions = [], []
    with gzip.open(folder / "sequences.tsv.gz", "rt", encoding="utf-8") as file:
        next(file, None)
        for line_number, line in enumerate(file, 2):
            columns = line.rstrip("\r\n").split("\t")
            if len(columns) < 2:
                raise FolderError(f"sequences.tsv.gz, line {line_number}: `user` and `items` must be separated by a tab")
            try:
                sequence = np.array([numbers[item] for item in columns[1].split()], np.int64)
            except KeyError as error:
                raise FolderError(f"sequences.tsv.gz, line {line_number}: item {error} is not in items.jsonl.gz") from None
            sequences.append(sequence)
            actions.append(np.full(len(sequence), PURCHASE, np.int64))
    return Shop(texts, attributes, sequences, actions, ids=list(numbers))


def _strings(item):
    """What an item of `items.jsonl` shares with others, as strings that name their field."""
    found = []
    for field in ("brand", "category", "categories", "attributes"):
        value = item.get(field)
        if isinstance(value, dict):
            found += [f"{field}.{name}={part}" for name, part in value.items()]
        elif isinstance(value, list):
            found += [f"{field}={part}" for part in value]
        elif value:
            found.append(f"{field}={value}")
    return found


def _merchant(catalogue, events):
    numbers, texts, attributes = {}, [], []
    with open(catalogue, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if not row.get("id") or row["id"] in numbers:
                continue
            numbers[row["id"]] = len(texts)
            texts.append(" ".join(row[name] for name in row if name and (name == "title" or name.startswith("title:")) and row[name]))
            levels = [level.strip() for level in (row.get("category") or "").split(">") if level.strip()]
            found = [f"category={level}" for level in levels]
            found += [f"brand={row['brand']}"] if row.get("brand") else []
            # A second colon names a locale: the same attribute in other words.
            found += [f"{name}={row[name]}" for name in row if name and name.startswith("attr:") and name.count(":") == 1 and row[name]]
            attributes.append(found)
    if not texts:
        raise FolderError(f"{catalogue}: no row with an `id`")
    sessions = {}
    with open(events, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            item, action = numbers.get(row.get("item_id")), ACTIONS.get(row.get("event"))
            if item is not None and action and row.get("session"):
                sessions.setdefault(row["session"], []).append((row.get("time") or "", item, action))
    ordered = [sorted(rows, key=lambda row: row[0]) for rows in sessions.values()]
    sequences = [np.array([item for _, item, _ in rows], np.int64) for rows in ordered]
    actions = [np.array([action for _, _, action in rows], np.int64) for rows in ordered]
    return Shop(texts, attributes, sequences, actions, ids=list(numbers))
