"""Shops that the project's own generator draws: bilingual catalogues and simulated visits."""

import collections
import csv
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).parents[3]
ACTIONS = {"view": 1, "add_to_cart": 2, "purchase": 3, "remove": 4}


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(row, suffix):
    """An item's text in one locale, composed as `item_text` in src/recommend/text.rs does."""
    category = [name.strip() for name in row.get(f"category{suffix}", "").split(">")][-2:]
    names = sorted(n for n in row if n.startswith("attr:") and (n.count(":") == 2) == bool(suffix))
    if suffix:
        names = [n for n in names if n.endswith(suffix)]
    parts = [row[f"title{suffix}"], row["brand"], *category, *(row[n] for n in names)]
    return " ".join(part for part in parts if part)


def load(seed, items=480):
    """A shop: `(english, chinese, sessions)`.

    `english` and `chinese` are texts of the items; a session is a list of `(item index, action)`, oldest first.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["node", str(ROOT / "www/demo/generate/main.mjs"), "--items", str(items), "--seed", str(seed), "--out", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        rows, events = _rows(f"{folder}/catalogue.csv"), _rows(f"{folder}/events.csv")
    index = {row["id"]: at for at, row in enumerate(rows)}
    sessions = collections.defaultdict(list)
    for event in sorted(events, key=lambda e: (e["session"], e["time"])):
        sessions[event["session"]].append((index[event["item_id"]], ACTIONS[event["event"]]))
    return [_text(r, "") for r in rows], [_text(r, ":zh-CN") for r in rows], [sessions[s] for s in sorted(sessions)]
