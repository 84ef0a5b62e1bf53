"""Visits of generated shops as feature vectors, each with whether a purchase followed. Standard library and numpy."""

import csv
import datetime
import gzip
import math

import numpy as np

from datasets import generated

# What a browser can count of a visit, at any moment of it; the order is that of the weights. Nothing about coming back to
# an item: simulated shoppers don't, so nothing could be learned of it.
FEATURES = (
    "log_views",  # ln(1 + views)
    "in_cart",  # items put into the cart and not removed, at most 5, divided by 5
    "has_cart",  # 1 if there is any
    "removed",  # 1 if anything was removed from the cart
    "since_cart",  # ln(1 + events since the last change of the cart); 0 without a cart
    "log_gap",  # ln(1 + median seconds between events)
    "last_gap",  # ln(1 + seconds before the newest event)
    "price",  # ln of the newest item's price over the catalogue's median
    "price_spread",  # standard deviation of ln price of what was looked at
)


def features(events, prices, median):
    """`[9]` of the events so far `[(action, item, seconds), ...]`, oldest first; at least one."""
    views = [item for action, item, _ in events if action == "view"]
    cart, changed, removed = set(), 0, False
    for at, (action, item, _) in enumerate(events):
        if action == "add_to_cart":
            cart.add(item)
            changed = at
        elif action == "remove":
            cart.discard(item)
            changed, removed = at, True
    gaps = [max(b[2] - a[2], 0) for a, b in zip(events, events[1:])]
    looked = [math.log(prices[item]) for item in views] or [math.log(prices[events[-1][1]])]
    return np.array([
        math.log1p(len(views)), min(len(cart), 5) / 5, float(bool(cart)), float(removed), math.log1p(len(events) - 1 - changed) if cart else 0.0,
        math.log1p(float(np.median(gaps))) if gaps else 0.0, math.log1p(gaps[-1]) if gaps else 0.0,
        math.log(prices[events[-1][1]] / median), float(np.std(looked)),
    ])


def load(seed, each=4):
    """`(x [m, 9], y [m])` of a generated shop: up to `each` moments a visit, before its purchase if it has one.

    Moments are chosen evenly by event number, so that a long visit does not count more than a short one.
    """
    folder = generated.drawn(seed, 480)
    with gzip.open(folder / "catalogue.csv.gz", "rt", encoding="utf-8", newline="") as file:
        prices = {row["id"]: float((row["sale_price"] or row["price"]).split()[0]) for row in csv.DictReader(file)}
    sessions = {}
    with gzip.open(folder / "events.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seconds = datetime.datetime.fromisoformat(row["time"]).timestamp()
            sessions.setdefault(row["session"], []).append((row["event"], row["item_id"], seconds))
    median, rows, labels = float(np.median(list(prices.values()))), [], []
    for events in sessions.values():
        events.sort(key=lambda event: event[2])
        bought = [at for at, event in enumerate(events) if event[0] == "purchase"]
        end = bought[0] if bought else len(events)
        for at in sorted({round(1 + part * (end - 1) / max(each - 1, 1)) for part in range(each)}) if end else ():
            rows.append(features(events[:at], prices, median))
            labels.append(float(bool(bought)))
    return np.array(rows), np.array(labels)
