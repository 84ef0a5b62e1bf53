"""The retail intent set: reads it, checks it and splits it. Standard library only.

    python models/training/intents.py --check [--folder models/training/data/intents]
    python models/training/intents.py --expand build/intents --per-pattern 40     all there is to train on besides, as annotated files

A file `INTENT.tsv` has the columns group, locale and text; a slot is written in the text as `[surface](slot)`,
`[surface](slot=value)` or, when it is ruled out, `[surface](slot!=value)`. data/intents/README.md has the guidelines.
A file `lines/INTENT.tsv` has more of them to train on (locale and text, of no group), and `grammar/LOCALE/INTENT.tsv` has patterns that
make still more; grammar.py has their notation.
"""

import argparse
import hashlib
import pathlib
import re
import sys
from collections import Counter, defaultdict
from typing import NamedTuple

import grammar
from likeness import NEAR, Near, near_pairs, normalised, trigrams

FOLDER = pathlib.Path(__file__).parent / "data/intents"
HEADER = "group\tlocale\ttext"
TAB = "\t"
LINES_HEADER = "locale\ttext"
GRAMMAR_HEADER = "pattern"
WORDS, WORDS_HEADER = "words.tsv", "name\tpattern"
LOCALES = ("en", "zh")
PARTS = ("train", "validation", "test")
SHARES = (0.70, 0.15, 0.15)
SEED = 6
LEAST_GROUPS, LEAST_UTTERANCES = 24, 60
CHECKED = 30  # utterances drawn of each pattern by --check
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


def load(folder=FOLDER):
    """Every utterance; `ValueError` when a file is broken."""
    utterances, problems = read_all(folder)
    if problems:
        raise ValueError("\n".join(problems))
    return utterances


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


def duplicates(utterances):
    """`(problems, notes)`: pairs too alike that two groups or two intents share, and near ones of two intents."""
    problems, notes = [], []
    for i, j, similarity in near_pairs([u.text for u in utterances]):
        a, b = utterances[i], utterances[j]
        said = f"{a.intent} {a.group} '{a.text}' and {b.intent} {b.group} '{b.text}'"
        if a.text == b.text:
            problems.append(f"twice the same: {said}")
        elif a.intent == b.intent and a.group != b.group:
            problems.append(f"alike ({similarity:.2f}) in two groups: {said}; put them into one or rewrite one")
        elif a.intent != b.intent and normalised(a.text) == normalised(b.text):
            problems.append(f"one text, two intents: {said}")
        elif a.intent != b.intent:
            notes.append(f"alike ({similarity:.2f}) in two intents: {said}")
    return problems, notes


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
    utterances, problems = read_lines(folder)
    if problems:
        raise ValueError("\n".join(problems))
    return utterances


def check_lines(folder, utterances):
    """Prints how many lines there are; the problems: broken, said before, or near a line of validation or test."""
    own, problems = read_lines(folder)
    parts = split(utterances)
    held_out = Near([u.text for part in PARTS[1:] for u in parts[part]])
    said = {normalised(u.text): u.intent for u in parts["train"]}
    for u in own:
        key = normalised(u.text)
        if key in said:
            problems.append(f"lines/{u.intent}.tsv: said before, as {said[key]}: '{u.text}'")
        elif u.text in held_out:
            problems.append(f"lines/{u.intent}.tsv: near a line that measures: '{u.text}'; remove it")
        said[key] = u.intent
    locales = Counter(u.locale for u in own)
    print(f"{len(own)} lines to train on: " + ", ".join(f"{locales[locale]} {locale}" for locale in LOCALES))
    return problems


def read_words(path):
    """`{name: alternation}` of a locale; a name may use those above it. `ValueError` when a row is broken."""
    words = {}
    for number, row in rows_of(path, WORDS_HEADER) if path.exists() else ():
        name, _, pattern = row.partition(TAB)
        try:
            if name in words:
                raise ValueError(f"{name} is named twice")
            words[name] = grammar.filled(pattern, words)
            grammar.parse(words[name])
        except ValueError as error:
            raise ValueError(f"{number}: {error}") from None
    return words


def read_pattern(row, words, sound):
    """The tree of a row. Every wording of each mark is tried, but of those in `sound`, to which it adds."""
    if TAB in row:
        raise ValueError("a tab; a row is one pattern")
    tree = grammar.parse(grammar.filled(row, words))
    for mark in set(grammar.marks(tree)) - sound:
        for surface in grammar.surfaces(mark):
            parse(surface)
        sound.add(mark)
    return tree


def read_grammars(folder=FOLDER):
    """`({(intent, locale): trees}, problems)` of every `grammar/LOCALE/INTENT.tsv`, by name."""
    trees, problems, sound = {}, [], set()
    for locale in sorted(path.name for path in folder.glob("grammar/*")):
        words = {}
        for path in sorted(folder.glob(f"grammar/{locale}/*.tsv"), key=lambda path: (path.name != WORDS, path.name)):
            try:
                if path.name == WORDS:
                    words = read_words(path)
                    continue
                if locale not in LOCALES or not (folder / path.name).exists():
                    raise ValueError(" the set has no such intent or locale")
                own = trees[path.stem, locale] = []
                for number, row in rows_of(path, GRAMMAR_HEADER):
                    try:
                        own.append(read_pattern(row, words, sound))
                    except ValueError as error:
                        problems.append(f"grammar/{locale}/{path.name}:{number}: {error}")
            except ValueError as error:
                problems.append(f"grammar/{locale}/{path.name}:{error}")
    return trees, problems


def drawn(trees, seed, per_pattern):
    """What the patterns say, as utterances of the group 0, each text of an intent once."""
    for (intent, locale), own in sorted(trees.items()):
        said = set()
        for number, tree in enumerate(own):
            for annotated in grammar.expand(tree, f"{seed}:{intent}:{locale}:{number}", per_pattern):
                text, slots = parse(annotated)
                if text not in said:
                    said.add(text)
                    yield Utterance(intent, 0, locale, text, slots)


def expansions(seed, per_pattern, folder=FOLDER):
    """Up to `per_pattern` utterances of each pattern, to train on: none is near a line of validation or test.

    They belong to no group (0). `ValueError` when a file is broken.
    """
    trees, problems = read_grammars(folder)
    if problems:
        raise ValueError("\n".join(problems))
    parts = split(load(folder))
    held_out = Near([u.text for part in PARTS[1:] for u in parts[part]])
    for utterance in drawn(trees, seed, per_pattern):
        if utterance.text not in held_out:
            yield utterance


def contradictions(utterances):
    """A problem for each text that the patterns of two intents make."""
    intents = defaultdict(set)
    for utterance in utterances:
        intents[normalised(utterance.text)].add(utterance.intent)
    for text, names in sorted(intents.items()):
        if len(names) > 1:
            yield f"grammar: one text, two intents: '{text}' in {', '.join(sorted(names))}"


def check_grammars(folder, utterances):
    """Prints how many patterns and utterances there are in each file; the problems."""
    trees, problems = read_grammars(folder)
    made = list(drawn(trees, SEED, CHECKED))
    parts = split(utterances)
    held_out = Near([u.text for part in PARTS[1:] for u in parts[part]])
    patterns = {key: len(own) for key, own in trees.items()}
    count = Counter((u.intent, u.locale) for u in made)
    near = Counter((u.intent, u.locale) for u in made if u.text in held_out)
    print(f"{'grammar':<24}{'locale':>7}{'patterns':>9}{'drawn':>7}{'near held-out':>14}")
    for intent, locale in sorted(trees):
        key = (intent, locale)
        print(f"{intent:<24}{locale:>7}{patterns[key]:>9}{count[key]:>7}{near[key]:>14}")
    print(f"{sum(patterns.values())} patterns: {len(made)} drawn, {sum(near.values())} of them left out")
    return problems + list(contradictions(made))


def too_few(utterances):
    counts = Counter((u.intent, u.locale) for u in utterances)
    groups = {(u.intent, u.group) for u in utterances}
    for intent in sorted({u.intent for u in utterances}):
        number = sum(name == intent for name, _ in groups)
        if number < LEAST_GROUPS:
            yield f"{intent}: {number} groups; there must be {LEAST_GROUPS}"
        for locale in LOCALES:
            if counts[intent, locale] < LEAST_UTTERANCES:
                yield f"{intent}: {counts[intent, locale]} utterances in {locale}; there must be {LEAST_UTTERANCES}"


def report(utterances):
    parts = split(utterances)
    print(f"{'intent':<24}{'groups':>7}" + "".join(f"{locale:>6}" for locale in LOCALES) + f"{'slots':>7}")
    for intent in sorted({u.intent for u in utterances}):
        own = [u for u in utterances if u.intent == intent]
        locales = Counter(u.locale for u in own)
        print(
            f"{intent:<24}{len({u.group for u in own}):>7}"
            + "".join(f"{locales[locale]:>6}" for locale in LOCALES)
            + f"{sum(len(u.slots) for u in own):>7}"
        )
    print(f"{len(utterances)} utterances: " + ", ".join(f"{len(parts[part])} {part}" for part in PARTS))
    names = Counter(slot.name for u in utterances for slot in u.slots)
    print("slots: " + ", ".join(f"{name} {number}" for name, number in names.most_common()))


def check(folder):
    """Prints what there is and what is wrong; the exit status."""
    utterances, problems = read_all(folder)
    if not utterances and not problems:
        problems = [f"{folder}: holds no .tsv file"]
    alike, notes = duplicates(utterances)
    problems += alike + list(too_few(utterances))
    report(utterances)
    problems += check_lines(folder, utterances) + check_grammars(folder, utterances)
    for note in notes:
        print(f"note: {note}")
    for problem in problems:
        print(f"problem: {problem}")
    return 1 if problems else 0


def annotated(utterance):
    """The text with its slots marked, as the files have it."""
    out, rest = "", 0
    for slot in utterance.slots:
        sign = "!=" if slot.negated else "="
        out += f"{utterance.text[rest : slot.start]}[{utterance.text[slot.start : slot.end]}]({slot.name}{sign}{slot.value})"
        rest = slot.end
    return out + utterance.text[rest:]


def write_expansions(target, per_pattern, folder):
    """Writes `INTENT.tsv` files for `nearshelf chat train --more`: the lines, numbered, and what the grammars say, in the group 0."""
    files = defaultdict(list)
    for number, utterance in enumerate(lines(folder), 1):
        files[utterance.intent].append(f"{number}\t{utterance.locale}\t{annotated(utterance)}")
    for utterance in expansions(SEED, per_pattern, folder):
        files[utterance.intent].append(f"0\t{utterance.locale}\t{annotated(utterance)}")
    target.mkdir(parents=True, exist_ok=True)
    for intent, rows in files.items():
        (target / f"{intent}.tsv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    print(f"{sum(map(len, files.values()))} utterances of {len(files)} intents in {target}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = arguments.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="count, validate, look for duplicates")
    what.add_argument("--expand", type=pathlib.Path, metavar="DIR", help="write the lines and what the grammars say into this folder")
    arguments.add_argument("--per-pattern", type=int, default=40, help="most utterances of a pattern")
    arguments.add_argument("--folder", type=pathlib.Path, default=FOLDER)
    given = arguments.parse_args()
    if given.expand:
        write_expansions(given.expand, given.per_pattern, given.folder)
    else:
        sys.exit(check(given.folder))


if __name__ == "__main__":
    main()
