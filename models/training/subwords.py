"""Subword ids of a text, as the `item-text` model reads them.

The twin of `src/recommend/text.rs`; `tests/golden/subwords.json` holds both to the same ids.
Run `python models/training/subwords.py --golden tests/golden/subwords.json` to write that file.
"""

from __future__ import annotations

import argparse
import json
import unicodedata

VOCABULARY = 32_768
MAX_TOKENS = 128
APOSTROPHES = "'\u2019\u2018\u02bc"
CJK = [
    (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
]


def is_cjk(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in CJK)


def fnv1a_32(data: bytes) -> int:
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def token_id(token: str) -> int:
    return 1 + fnv1a_32(token.encode()) % (VOCABULARY - 1)


def word_tokens(word: str) -> list[str]:
    tokens = [f"w:{word}"]
    if len(word) >= 3 and not all(char.isnumeric() for char in word):
        marked = f"<{word}>"
        for length in (3, 4):
            tokens += [f"g:{marked[at:at + length]}" for at in range(len(marked) - length + 1)]
    return tokens


def tokens_of(text: str) -> list[str]:
    tokens: list[str] = []
    word, previous = "", None
    for char in unicodedata.normalize("NFKC", text).lower():
        if is_cjk(char):
            if word:
                tokens += word_tokens(word)
                word = ""
            tokens.append(f"c:{char}")
            if previous:
                tokens.append(f"b:{previous}{char}")
            previous = char
            continue
        previous = None
        if char.isalnum():
            word += char
        elif char not in APOSTROPHES and word:
            tokens += word_tokens(word)
            word = ""
    return tokens + (word_tokens(word) if word else [])


def subword_ids(text: str) -> list[int]:
    """At most 128 ids in 1..32767; 0 is padding."""
    return [token_id(token) for token in tokens_of(text)[:MAX_TOKENS]]


GOLDEN_TEXTS = [
    "", " ", "a", "ab", "abc", "ABC", "Dress", "red dress", "T-shirt", "women's coat", "women\u2019s coat",
    "it''s", "1", "12", "123", "100% cotton", "size 42", "UK 10", "3in1", "caf\u00e9", "cafe\u0301", "\ufb01ne", "\uff21\uff22\uff23 \uff11\uff12\uff13",
    "Stra\u00dfe", "\u00c5ngstr\u00f6m", "\u0391\u0398\u0397\u039d\u0391\u03a3", "\u043a\u0443\u0440\u0442\u043a\u0430", "\u8fde", "\u8fde\u8863\u88d9", "\u8fde\u8863\u88d9 red", "\u7ea2\u8272dress\u7eaf\u68c9T\u6064", "\u5973\u88c5 > \u8fde\u8863\u88d9",
    "\u3053\u3093\u306b\u3061\u306f", "\u30ab\u30bf\u30ab\u30ca", "\uff76\uff80\uff76\uff85", "\ud55c\uad6d\uc5b4", "\u3007\u4e94", "\U00020000\U00020001", "\U0001f457\U0001f45f", "sale\U0001f525now", "a\tb\nc", "...", "-", "_snake_case_",
    "supercalifragilisticexpialidocious", "word " * 60, "\u957f" * 200, "x" * 400, "\u200bzero\u200bwidth", "50\u00b2 m\u00b2",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", required=True, help="file to write")
    path = parser.parse_args().golden
    cases = [{"text": text, "ids": subword_ids(text)} for text in GOLDEN_TEXTS]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(cases, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")
    print(f"{len(cases)} texts in {path}")


if __name__ == "__main__":
    main()
