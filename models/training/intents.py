"""Checks the retail intent set, and writes what there is to train on besides. Standard library only.

    python models/training/intents.py --check [--folder models/training/data/intents]
    python models/training/intents.py --expand build/intents --per-pattern 40     all there is to train on besides, as annotated files

A file `INTENT.tsv` has the columns group, locale and text; a slot is written in the text as `[surface](slot)`,
`[surface](slot=value)` or, when it is ruled out, `[surface](slot!=value)`. data/intents/README.md has the guidelines.
A file `lines/INTENT.tsv` has more of them to train on (locale and text, of no group), and `grammar/LOCALE/INTENT.tsv` has patterns that
make still more; grammar.py has their notation.
"""

import argparse
import pathlib
import sys
from collections import Counter, defaultdict

from expansions import contradictions, drawn, expansions, read_grammars
from intent_set import FOLDER, HEADER, LOCALES, PARTS, SEED, held_out, lines, read_all, read_lines, split
from likeness import near_pairs, normalised
from utterances import annotated

LEAST_GROUPS, LEAST_UTTERANCES = 24, 60
CHECKED = 30  # utterances drawn of each pattern by --check


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


def check_lines(folder, utterances):
    """Prints how many lines there are; the problems: broken, said before, or near a line of validation or test."""
    own, problems = read_lines(folder)
    measuring = held_out(utterances)
    said = {normalised(u.text): u.intent for u in split(utterances)["train"]}
    for u in own:
        key = normalised(u.text)
        if key in said:
            problems.append(f"lines/{u.intent}.tsv: said before, as {said[key]}: '{u.text}'")
        elif u.text in measuring:
            problems.append(f"lines/{u.intent}.tsv: near a line that measures: '{u.text}'; remove it")
        said[key] = u.intent
    locales = Counter(u.locale for u in own)
    print(f"{len(own)} lines to train on: " + ", ".join(f"{locales[locale]} {locale}" for locale in LOCALES))
    return problems


def check_grammars(folder, utterances):
    """Prints how many patterns and utterances there are in each file; the problems."""
    trees, problems = read_grammars(folder)
    made = list(drawn(trees, SEED, CHECKED))
    measuring = held_out(utterances)
    patterns = {key: len(own) for key, own in trees.items()}
    count = Counter((u.intent, u.locale) for u in made)
    near = Counter((u.intent, u.locale) for u in made if u.text in measuring)
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
