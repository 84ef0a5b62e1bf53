"""Sentences for training, drawn from patterns: what shoppers say by the words there are for it. Standard library only.

    python models/training/phrases.py --check

`data/phrases/LOCALE.txt` has lists (`@name = one|two`), headings (`# intent`) and a pattern a line, in which `(a|b|)` is a
choice and `@name` a word of that list. They were written from what data/intents/README.md says an intent means and with a
look at training lines; nothing drawn from them is ever measured on, and what is too like a measured text is left out
(`datasets/retail.py`). No slots are marked, which is why they are no part of data/intents/grammar.
"""

import argparse
import pathlib
import random
import re

FOLDER = pathlib.Path(__file__).parent / "data/phrases"
LOCALES = ("en", "zh")
LIST = re.compile(r"@(\w+) = (.+)")


class Pattern:
    """A sequence of texts and choices, a choice being a list of patterns."""

    def __init__(self, parts):
        self.parts = parts

    def draw(self, rng):
        return "".join(part if isinstance(part, str) else rng.choice(part).draw(rng) for part in self.parts)


def parse(text, lists):
    """The pattern of a line; `ValueError` when a bracket is not closed or a list is not known."""
    options, rest = _options(text, lists)
    if rest:
        raise ValueError(f"a bracket too many before '{rest}'")
    return options[0] if len(options) == 1 else Pattern([options])


def _options(text, lists):
    """`(options, rest)` up to the bracket that closes them or the end."""
    options, parts, plain = [], [], ""
    while text and text[0] != ")":
        if text[0] == "(":
            inner, text = _options(text[1:], lists)
            if not text:
                raise ValueError("a bracket is not closed")
            parts += [plain, inner]
            plain, text = "", text[1:]
        elif text[0] == "|":
            options.append(Pattern([*parts, plain]))
            parts, plain, text = [], "", text[1:]
        elif text[0] == "@":
            name = max((name for name in lists if text[1:].startswith(name)), key=len, default=None)
            if name is None:
                raise ValueError(f"no list is called '{text[:12]}'")
            parts += [plain, lists[name]]
            plain, text = "", text[1 + len(name):]
        else:
            plain, text = plain + text[0], text[1:]
    return [*options, Pattern([*parts, plain])], text


def read(locale):
    """`{intent: [pattern, ...]}`; `ValueError` says which line is wrong."""
    lists, patterns, intent = {}, {}, None
    for number, line in enumerate((FOLDER / f"{locale}.txt").read_text("utf-8").splitlines(), 1):
        try:
            if found := LIST.fullmatch(line):
                lists[found[1]] = _options(found[2], lists)[0]
            elif line.startswith("# "):
                intent = line[2:]
                patterns.setdefault(intent, [])
            elif line.strip():
                patterns[intent].append(parse(line, lists))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{locale}.txt:{number}: {error}") from None
    return patterns


def draw(count, seed):
    """`[(text, intent), ...]`: up to `count` different sentences an intent and locale, patterns in turn."""
    found = []
    for locale in LOCALES:
        for intent, patterns in read(locale).items():
            rng = random.Random(f"{seed}:{locale}:{intent}")
            texts = {}
            for turn in range(3 * count):
                text = " ".join(patterns[turn % len(patterns)].draw(rng).split())
                if len(texts) < count and text:
                    texts[text] = None
            found += [(text, intent) for text in texts]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="read everything and count it")
    parser.parse_args()
    for locale in LOCALES:
        patterns = read(locale)
        print(f"{locale}: {sum(map(len, patterns.values()))} patterns of {len(patterns)} intents")
    for text, intent in draw(2, seed=1):
        print(f"{intent:24} {text}")


if __name__ == "__main__":
    main()
