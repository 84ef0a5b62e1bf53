"""The project's own retail intents, English and Chinese: no paraphrase of a training text is in validation or test."""

import collections
import importlib
import pathlib
import random

import expansions
import intent_set
import phrases

SEED = 20261126
DRAWN = 400  # most sentences drawn from patterns, an intent and a locale
OUTSIDE = 4  # times as many of what is out of scope: there is more of it than of any intent
BORROWED = 120  # most sentences taken of an intent of another set that means the same, or (for what is out of scope) lies outside
ALIKE = pathlib.Path(__file__).parents[1] / "data/alike.tsv"


def load(locale=None):
    """`{"train" | "validation" | "test": [(text, intent), ...]}`, of one locale or of both; `lines` are part of train."""
    parts = intent_set.split(intent_set.load())
    parts["train"] += intent_set.lines()
    return {part: [(u.text, u.intent) for u in rows if locale in (None, u.locale)] for part, rows in parts.items()}


def drawn(seed=SEED):
    """`[(text, intent), ...]` from patterns, without what is like a measured text: to train on, never to measure."""
    measured = intent_set.held_out(intent_set.load())
    found = [(text, intent) for text, intent in phrases.draw(DRAWN, seed) if text not in measured]
    per_intent = collections.defaultdict(list)
    for u in expansions.expansions(seed, 12):
        per_intent[u.intent, u.locale].append((u.text, u.intent))
    rng = random.Random(seed)
    for of in sorted(per_intent):
        rng.shuffle(per_intent[of])
        found += per_intent[of][:DRAWN * (OUTSIDE if of[0] == "out_of_scope" else 1)]
    return found


def borrowed(seed=SEED):
    """`[((text, intent), set), ...]`: training texts of other sets under the retail intent that `data/alike.tsv` says."""
    rng = random.Random(seed)
    meant = collections.defaultdict(dict)
    for line in ALIKE.read_text("utf-8").splitlines()[1:]:
        name, intent, retail = line.split("\t")
        meant[name][intent] = retail
    found = []
    for name, names in meant.items():
        rows = importlib.import_module(f"datasets.{name}").load()["train"]
        per_intent = collections.defaultdict(list)
        for text, intent in rows:
            if intent in names:
                per_intent[intent].append((text, names[intent]))
        for intent in sorted(per_intent):
            rng.shuffle(per_intent[intent])
            outside = names[intent] == "out_of_scope"
            found += [(row, name) for row in per_intent[intent][:BORROWED // 6 if outside else BORROWED]]
    return found
