"""How well a second reader, who has the guidelines and no labels, agrees with the retail intent set. Standard library only.

    python models/training/second_reader.py draw FILE      the drawn lines, number, locale and text, for a reader to label
    python models/training/second_reader.py score          the reader's labels against the set's

The lines are drawn of the test part. `data/intents/agreement/second_reader.tsv` has the columns locale, text and label, in the order
drawn; it never trains anything and changes no label of the set.
"""

import argparse
import pathlib
import random
import sys
from collections import Counter

from intent_set import FOLDER, LOCALES, TAB, load, rows_of, split

LABELS = FOLDER / "agreement/second_reader.tsv"
HEADER = "locale\ttext\tlabel"
DRAWN = 300  # lines of each locale
SEED = 20


def draw(utterances):
    """`DRAWN` lines of each locale of the test part, shuffled; the seed and the texts alone decide which."""
    test = sorted(split(utterances)["test"], key=lambda u: (u.locale, u.text))
    chance = random.Random(SEED)
    drawn = []
    for locale in LOCALES:
        own = [u for u in test if u.locale == locale]
        drawn += chance.sample(own, min(DRAWN, len(own)))
    chance.shuffle(drawn)
    return drawn


def read_labels(path=LABELS):
    """`[(locale, text, label)]`; `ValueError` that names the line where a row is none."""
    try:
        rows = rows_of(path, HEADER)
    except ValueError as error:
        raise ValueError(f"{path.name}:{error}") from None
    found = []
    for number, row in rows:
        cells = tuple(row.split(TAB))
        if len(cells) != 3 or cells[0] not in LOCALES or not all(cells):
            raise ValueError(f"{path.name}:{number}: there must be a locale, a text and a label, with one tab between each")
        found.append(cells)
    return found


def paired(labels, utterances):
    """`[(locale, text, the set's intent, the reader's)]`; `ValueError` for a text that isn't of the test part."""
    intents = {(u.locale, u.text): u.intent for u in split(utterances)["test"]}
    for locale, text, _ in labels:
        if (locale, text) not in intents:
            raise ValueError(f"not of the test part: '{text}'; draw again")
    return [(locale, text, intents[locale, text], label) for locale, text, label in labels]


def accuracy(pairs):
    return sum(a == b for a, b in pairs) / len(pairs)


def macro_f1(pairs):
    """The mean over the set's intents of the F1 of the second label against the first, each an intent."""
    right = Counter(a for a, b in pairs if a == b)
    given, read = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return sum(2 * right[intent] / (given[intent] + read[intent]) for intent in given) / len(given)


def kappa(pairs):
    """Cohen's kappa: the agreement beyond what the two readers' shares of each label would give by chance."""
    given, read = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(given[intent] * read[intent] for intent in given) / len(pairs) ** 2
    return 1.0 if chance == 1 else (accuracy(pairs) - chance) / (1 - chance)


def score():
    rows = paired(read_labels(), load())
    print("| | lines | accuracy | macro F1 | Cohen's kappa |\n|---|---:|---:|---:|---:|")
    for locale in LOCALES:
        pairs = [(a, b) for own, _, a, b in rows if own == locale]
        if pairs:
            print(f"| `{locale}` | {len(pairs)} | {accuracy(pairs):.3f} | {macro_f1(pairs):.3f} | {kappa(pairs):.3f} |")
    print("\nset -> reader, most often first")
    others = [(a, b, locale, text) for locale, text, a, b in rows if a != b]
    often = Counter((a, b) for a, b, _, _ in others)
    for (a, b), number in sorted(often.items(), key=lambda item: (-item[1], item[0])):
        print(f"{number} {a} -> {b}")
        for line in (f"    {locale} {text}" for c, d, locale, text in others if (c, d) == (a, b)):
            print(line)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = arguments.add_subparsers(dest="command", required=True)
    commands.add_parser("draw", help="write the lines to label").add_argument("file", type=pathlib.Path)
    commands.add_parser("score", help="compare the labels")
    given = arguments.parse_args()
    try:
        if given.command == "score":
            score()
        else:
            rows = [f"{number}\t{u.locale}\t{u.text}" for number, u in enumerate(draw(load()), 1)]
            given.file.write_text("\n".join(["number\tlocale\ttext", *rows]) + "\n", "utf-8")
    except (OSError, ValueError) as error:
        sys.exit(f"second_reader: {error}")


if __name__ == "__main__":
    main()
