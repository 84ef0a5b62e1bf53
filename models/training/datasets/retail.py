"""The project's own retail intents, English and Chinese: no paraphrase of a training text is in validation or test."""

import intents
import phrases

DRAWN = 200  # sentences drawn from patterns, an intent and a locale
SEED = 20261126


def load(locale=None, drawn=DRAWN):
    """`{"train" | "validation" | "test" | "drawn": [(text, intent), ...]}`, of one locale or of both.

    `drawn` is for training too: sentences of `data/phrases`, of both locales, without those that are like a measured text.
    """
    parts = intents.split(intents.load())
    sets = {part: [(u.text, u.intent) for u in rows if locale in (None, u.locale)] for part, rows in parts.items()}
    measured = [u.text for part in ("validation", "test") for u in parts[part]]
    return sets | {"drawn": unlike(phrases.draw(drawn, SEED), measured) if drawn else []}


def unlike(rows, measured):
    """`rows` without those whose trigrams are near those of a measured text."""
    texts = [text for text, _ in rows] + measured
    near = {i for i, j, _ in intents.near_pairs(texts) if i < len(rows) <= j}
    return [row for at, row in enumerate(rows) if at not in near]
