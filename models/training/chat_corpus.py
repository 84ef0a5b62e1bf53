"""Labelled texts as tensors: a table of units, sentences as indices into it, and spoilt spellings of each unit."""

import random

import numpy as np
import torch

from datasets import OUT_OF_SCOPE
from subwords import is_cjk, word_tokens
from units import MAX_SUBWORDS, MAX_UNITS, token_id, units_of

PADDING, HIDDEN = 0, 1
SPELLINGS = 8  # spoilt spellings kept of a word
KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]


def _neighbours(letter):
    """Letters beside `letter` on a keyboard."""
    for row in KEYS:
        at = row.find(letter)
        if at >= 0:
            return row[max(0, at - 1):at] + row[at + 1:at + 2]
    return letter


def misspelt(word, rng):
    """`word` with one slip: a letter left out, doubled, swapped with the next, or its neighbour on the keyboard."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    at = rng.randrange(len(word))
    slip = rng.randrange(4)
    if slip == 0:
        return word[:at] + word[at + 1:]
    if slip == 1:
        return word[:at] + word[at] + word[at:]
    if slip == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    return word[:at] + rng.choice(_neighbours(word[at])) + word[at + 1:]


class Units:
    """Units met so far, each once."""

    def __init__(self, seed):
        self._rng = random.Random(seed)
        self._index = {}
        self.rows = [[], []]  # padding and the hidden unit have no subwords
        self.spellings = [[PADDING] * SPELLINGS, [HIDDEN] * SPELLINGS]

    def _add(self, tokens):
        key = tuple(tokens[:MAX_SUBWORDS])
        if key not in self._index:
            self._index[key] = len(self.rows)
            self.rows.append([token_id(token) for token in key])
            self.spellings.append([self._index[key]] * SPELLINGS)
        return self._index[key]

    def sentence(self, text):
        """Indices of a text's units; words are kept with misspellings of theirs."""
        found = []
        for word, tokens in units_of(text)[:MAX_UNITS]:
            known = len(self.rows)
            at = self._add(tokens)
            if at == known and not is_cjk(word[0]):
                self.spellings[at] = [self._add(word_tokens(misspelt(word, self._rng))) for _ in range(SPELLINGS)]
            found.append(at)
        return found


class Corpus:
    """Texts of several sets, their classes numbered through.

    `sentences` [n, T] are unit indices, `labels` [n] class numbers or -1, `sets` [n] which set a text is of; `table` [units,
    20] subword ids, `spellings` [units, 8] unit indices; `allowed` [sets, classes] which classes a set has.
    """

    def __init__(self, sets, seed, length=MAX_UNITS):
        """`sets`: `{name: {split: [(text, intent), ...]}}`; the intent is `None` where only the text is learned from."""
        units = Units(seed)
        self.names = list(sets)
        self.classes = [(name, intent) for name in sets for intent in sorted({i for rows in sets[name].values() for _, i in rows if i is not None})]
        number = {of: at for at, of in enumerate(self.classes)}
        sentences, labels, of_set, self.rows = [], [], [], {}
        for place, (name, splits) in enumerate(sets.items()):
            for split, rows in splits.items():
                self.rows[name, split] = range(len(sentences), len(sentences) + len(rows))
                sentences += [units.sentence(text)[:length] for text, _ in rows]
                labels += [-1 if intent is None else number[name, intent] for _, intent in rows]
                of_set += [place] * len(rows)
        self.length = max(map(len, sentences))
        self.sentences = torch.from_numpy(_padded(sentences, self.length)).long()
        self.labels = torch.tensor(labels)
        self.sets = torch.tensor(of_set)
        self.table = torch.from_numpy(_padded(units.rows, MAX_SUBWORDS)).long()
        self.spellings = torch.tensor(units.spellings)
        self.allowed = torch.tensor([[name == of for of, _ in self.classes] for name in self.names])
        self.nowhere = self._nowhere()

    def _nowhere(self):
        """[sets, classes]: what to say of a text that none of a set's intents answers: its own class for it, or all alike."""
        refused = torch.tensor([intent == OUT_OF_SCOPE for _, intent in self.classes])
        goal = torch.where((self.allowed & refused).any(1, keepdim=True), self.allowed & refused, self.allowed).float()
        return goal / goal.sum(1, keepdim=True).clamp(min=1)

    def to(self, device):
        for name in ("sentences", "labels", "sets", "table", "spellings", "allowed", "nowhere"):
            setattr(self, name, getattr(self, name).to(device))
        return self


def _padded(rows, width):
    found = np.zeros((len(rows), width), np.int32)
    for at, row in enumerate(rows):
        found[at, :len(row)] = row
    return found
