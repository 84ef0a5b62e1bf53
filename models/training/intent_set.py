"""The retail intent set: reads its files and splits it. Standard library only.

A file `INTENT.tsv` has the columns group, locale and text (`utterances.py` has the notation of its slots), a file `lines/INTENT.tsv` more to train
on: locale and text, of no group.
"""

import hashlib
import pathlib
import re
from collections import defaultdict

from likeness import Near
from utterances import Utterance, parse

FOLDER = pathlib.Path(__file__).parent / "data/intents"
HEADER = "group\tlocale\ttext"
TAB = "\t"
LINES_HEADER = "locale\ttext"
LOCALES = ("en", "zh")
PARTS = ("train", "validation", "test")
SHARES = (0.70, 0.15, 0.15)
SEED = 6


def parse_row(intent, row):
    cells = row.split("\t")
    if len(cells) != 3:
        raise ValueError(f"{len(cells)} columns; there must be three, with one tab between each")
    group, locale, annotated = cells
    if not re.fullmatch(r"[1-9]\d*", group):
        raise ValueError(f"group '{group}' is no whole number from 1")
    if locale not in LOCALES:
        raise ValueError(f"locale '{locale}' is none of {', '.join(LOCALES)}")
    if not annotated.strip():
        raise ValueError("the text is empty")
    return Utterance(intent, int(group), locale, *parse(annotated))


def read(path):
    """`(utterances, problems)` of one file; a problem is a line that says where, what and how to mend it."""
    try:
        rows = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        return [], [f"{path.name}: not UTF-8 at byte {error.start}; save it as UTF-8"]
    if rows[0] != HEADER:
        return [], [f"{path.name}:1: the header must be group, locale, text, separated by tabs"]
    utterances, problems = [], []
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        try:
            utterances.append(parse_row(path.stem, row))
        except ValueError as error:
            problems.append(f"{path.name}:{number}: {error}")
    return utterances, problems


def read_all(folder=FOLDER):
    """`(utterances, problems)` of every file, by name."""
    utterances, problems = [], []
    for path in sorted(folder.glob("*.tsv")):
        found, wrong = read(path)
        utterances += found
        problems += wrong
    return utterances, problems


def unbroken(utterances, problems):
    """`utterances`; `ValueError` with the problems where there are any."""
    if problems:
        raise ValueError("\n".join(problems))
    return utterances


def load(folder=FOLDER):
    """Every utterance; `ValueError` when a file is broken."""
    return unbroken(*read_all(folder))


def part_of_groups(intent, groups):
    """`{group: part}`: the groups in an order that only the seed, the intent and the numbers decide, cut 70/15/15.

    Cut by rank, not by the hash's value, so that even a small intent has groups in every part.
    """
    order = sorted(groups, key=lambda group: hashlib.sha256(f"{SEED}:{intent}:{group}".encode()).digest())
    first = round(SHARES[0] * len(order))
    second = first + (len(order) - first) // 2
    return {group: PARTS[(rank >= first) + (rank >= second)] for rank, group in enumerate(order)}


def split(utterances):
    """`{part: utterances}`; the paraphrases of one group are in one part."""
    groups = defaultdict(set)
    for utterance in utterances:
        groups[utterance.intent].add(utterance.group)
    parts = {intent: part_of_groups(intent, numbers) for intent, numbers in groups.items()}
    result = {part: [] for part in PARTS}
    for utterance in utterances:
        result[parts[utterance.intent][utterance.group]].append(utterance)
    return result


def rows_of(path, header):
    """`(number, row)` of each row with text; `ValueError` when the encoding or the header is another."""
    try:
        rows = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"1: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    if rows[0] != header:
        raise ValueError(f"1: the header must be {', '.join(header.split(TAB))}, separated by tabs")
    return [(number, row) for number, row in enumerate(rows[1:], 2) if row]


def read_lines(folder=FOLDER):
    """`(utterances, problems)` of every `lines/INTENT.tsv`, by name; they belong to no group (0)."""
    utterances, problems = [], []
    for path in sorted(folder.glob("lines/*.tsv")):
        try:
            if not (folder / path.name).exists():
                raise ValueError(" the set has no such intent")
            for number, row in rows_of(path, LINES_HEADER):
                locale, _, annotated = row.partition(TAB)
                try:
                    if locale not in LOCALES or TAB in annotated or not annotated.strip():
                        raise ValueError(f"there must be a locale ({' or '.join(LOCALES)}) and a text, with one tab between")
                    utterances.append(Utterance(path.stem, 0, locale, *parse(annotated)))
                except ValueError as error:
                    problems.append(f"lines/{path.name}:{number}: {error}")
        except ValueError as error:
            problems.append(f"lines/{path.name}:{error}")
    return utterances, problems


def lines(folder=FOLDER):
    """Every line to train on; `ValueError` when a file is broken."""
    return unbroken(*read_lines(folder))


def held_out(utterances):
    """Tells whether a text is near one that measures: of validation or test."""
    parts = split(utterances)
    return Near([u.text for part in PARTS[1:] for u in parts[part]])
