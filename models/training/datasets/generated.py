"""Shops that the project's own generator draws: bilingual catalogues and simulated visits."""

import collections
import csv
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).parents[3]
# Drawn shops are kept here, so that machines without node can train, too.
KEPT = pathlib.Path(os.environ.get("NEARSHELF_SHOPS", ROOT / "build/training/shops"))
ACTIONS = {"view": 1, "add_to_cart": 2, "purchase": 3, "remove": 4}


def _rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(row, suffix):
    """An item's text in one locale, composed as `item_text` in src/recommend/text.rs does."""
    category = [name.strip() for name in row.get(f"category{suffix}", "").split(">")][-2:]
    names = sorted(n for n in row if n.startswith("attr:") and (n.count(":") == 2) == bool(suffix))
    if suffix:
        names = [n for n in names if n.endswith(suffix)]
    parts = [row[f"title{suffix}"], row["brand"], *category, *(row[n] for n in names)]
    return " ".join(part for part in parts if part)


def drawn(seed, items):
    """Folder with `catalogue.csv.gz` and `events.csv.gz` of a shop; draws it if it isn't there yet."""
    folder = KEPT / f"{seed}-{items}"
    if not (folder / "events.csv.gz").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as written:
            command = ["node", str(ROOT / "www/demo/generate/main.mjs"), "--items", str(items), "--seed", str(seed), "--out", written]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            # Events last: they say that the folder is complete.
            for name in ("catalogue.csv", "events.csv"):
                with open(f"{written}/{name}", "rb") as plain, gzip.open(folder / f"{name}.gz", "wb") as packed:
                    shutil.copyfileobj(plain, packed)
    return folder


def load(seed, items=480):
    """A shop: `(english, chinese, sessions)`.

    `english` and `chinese` are texts of the items; a session is a list of `(item index, action)`, oldest first.
    """
    folder = drawn(seed, items)
    rows, events = _rows(folder / "catalogue.csv.gz"), _rows(folder / "events.csv.gz")
    index = {row["id"]: at for at, row in enumerate(rows)}
    sessions = collections.defaultdict(list)
    for event in sorted(events, key=lambda e: (e["session"], e["time"])):
        sessions[event["session"]].append((index[event["item_id"]], ACTIONS[event["event"]]))
    return [_text(r, "") for r in rows], [_text(r, ":zh-CN") for r in rows], [sessions[s] for s in sorted(sessions)]
