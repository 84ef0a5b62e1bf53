"""A text as the chat encoder reads it: units (a word, or a character of a script without spaces), each with its subwords.

The subwords are those of `subwords.py`, kept apart by unit instead of in one list, and hashed into a smaller table.
The twin is `src/chat`; `tests/golden/units.json` holds both to the same ids.
Run `python models/training/units.py --golden tests/golden/units.json` to write that file.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata

from subwords import APOSTROPHES, GOLDEN_TEXTS, fnv1a_32, is_cjk, word_tokens

VOCABULARY = 16_384
MAX_UNITS = 40
MAX_SUBWORDS = 20

# Three digits and more say how long a number is, not which: order numbers would else be words never seen.
LONG_NUMBER = re.compile(r"[0-9]{3,}")


def token_id(token: str) -> int:
    return 1 + fnv1a_32(token.encode()) % (VOCABULARY - 1)


def folded(text: str) -> str:
    """NFKC, lower case, and each digit of a run of three and more as `0`."""
    text = unicodedata.normalize("NFKC", text).lower()
    return LONG_NUMBER.sub(lambda run: "0" * len(run[0]), text)


def units_of(text: str) -> list[tuple[str, list[str]]]:
    """`(what is written, its tokens)` of each unit, all of them."""
    units: list[tuple[str, list[str]]] = []
    word, previous = "", None

    def finish():
        nonlocal word
        if word:
            units.append((word, word_tokens(word)))
            word = ""

    for char in folded(text):
        if is_cjk(char):
            finish()
            units.append((char, [f"c:{char}"] + ([f"b:{previous}{char}"] if previous else [])))
            previous = char
            continue
        previous = None
        if char.isalnum():
            word += char
        elif char not in APOSTROPHES:
            finish()
    finish()
    return units


def unit_ids(text: str) -> list[list[int]]:
    """At most 40 units of at most 20 ids in 1..16383; 0 is padding."""
    return [[token_id(token) for token in tokens[:MAX_SUBWORDS]] for _, tokens in units_of(text)[:MAX_UNITS]]


CHAT_TEXTS = ["Where's order 00452-981?", "is it 49.99 or 1299?", "\u8fd9\u6761dress\u6709M\u7801\u5417\uff1f", "12 123 1234", "\u8ba2\u53f7\uff11\uff12\uff13\uff14", "\u0663\u0664\u0665\u0666", "\U0001f600", "don\u2019t"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", required=True, help="file to write")
    path = parser.parse_args().golden
    cases = [{"text": text, "units": unit_ids(text)} for text in GOLDEN_TEXTS + CHAT_TEXTS]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(cases, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")
    print(f"{len(cases)} texts in {path}")


if __name__ == "__main__":
    main()
