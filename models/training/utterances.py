"""Utterances with their slots, as they are written: `[surface](slot)`, `[surface](slot=value)` or, when it is ruled out,
`[surface](slot!=value)`.
"""

import re
from typing import NamedTuple

COMPARISONS = frozenset(
    "cheaper dearer more_like_this bigger smaller lighter darker newer better_rated longer shorter warmer cooler "
    "softer thicker thinner looser tighter sturdier simpler brighter quieter lighter_weight heavier wider narrower "
    "dressier casual different".split()
)

# What a slot's value, or its surface where no value is given, must look like.
ANY = re.compile(r".+")
PRICE = re.compile(r"\d+(\.\d+)?( [A-Z]{3})?")
SLOTS = {
    "product_type": ANY,
    "colour": re.compile(r"[a-z][a-z -]*"),
    "size": ANY,
    "brand": ANY,
    "material": ANY,
    "price_min": PRICE,
    "price_max": PRICE,
    "quantity": re.compile(r"\d+"),
    "order_number": ANY,
    "date": ANY,
    "occasion": ANY,
    "comparison": re.compile("|".join(sorted(COMPARISONS))),
}
MARK = re.compile(r"\[([^\[\]]+)\]\(([a-z_]+)(?:(!?=)([^()]+))?\)")
CURRENCIES = (("$", "USD"), ("¥", "CNY"), ("￥", "CNY"), ("€", "EUR"), ("£", "GBP"))


class Slot(NamedTuple):
    """`text[start:end]` in characters, what it fills, with which value, and whether it is ruled out."""

    start: int
    end: int
    name: str
    value: str
    negated: bool


class Utterance(NamedTuple):
    intent: str
    group: int
    locale: str
    text: str
    slots: tuple


def slot_of(surface, name, value):
    """The slot's value; `ValueError` when the name or the value is not one the set knows."""
    if name not in SLOTS:
        raise ValueError(f"no slot is called {name}; there are {', '.join(SLOTS)}")
    value = surface.lower() if value is None and name == "colour" else value or surface
    if not SLOTS[name].fullmatch(value):
        raise ValueError(f"{name} cannot be '{value}'; write it normalised, as [{surface}]({name}=…)")
    for sign, code in CURRENCIES:
        if name.startswith("price") and sign in surface and not value.endswith(code):
            raise ValueError(f"'{surface}' states a currency; its value must end in {code}")
    return value


def parse(annotated):
    """`(text, slots)` of an annotated text; `ValueError` when a mark is broken."""
    text, slots, rest = "", [], 0
    for mark in MARK.finditer(annotated):
        surface, name, sign, value = mark.groups()
        if surface != surface.strip():
            raise ValueError(f"the mark of '{surface}' must not begin or end with a space")
        text += annotated[rest : mark.start()]
        slots.append(Slot(len(text), len(text) + len(surface), name, slot_of(surface, name, value), sign == "!="))
        text += surface
        rest = mark.end()
    text += annotated[rest:]
    if re.search(r"[\[\]]", text):
        raise ValueError("a square bracket belongs to no mark; write [surface](slot) or [surface](slot=value)")
    return text, tuple(slots)


def annotated(utterance):
    """The text with its slots marked, as the files have it."""
    out, rest = "", 0
    for slot in utterance.slots:
        sign = "!=" if slot.negated else "="
        out += f"{utterance.text[rest : slot.start]}[{utterance.text[slot.start : slot.end]}]({slot.name}{sign}{slot.value})"
        rest = slot.end
    return out + utterance.text[rest:]
