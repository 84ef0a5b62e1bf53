"""CLINC150 (Larson et al. 2019; CC BY 3.0): 150 intents and what is none of them."""

import json

from . import OUT_OF_SCOPE, data_folder


def load():
    """`{"train" | "validation" | "test": [(text, intent), ...]}`, out of scope included."""
    found = json.loads((data_folder("clinc150") / "data_full.json").read_text("utf-8"))
    splits = {"train": "train", "validation": "val", "test": "test"}
    return {
        split: [(text, OUT_OF_SCOPE if intent == "oos" else intent) for text, intent in found[name] + found[f"oos_{name}"]]
        for split, name in splits.items()
    }
