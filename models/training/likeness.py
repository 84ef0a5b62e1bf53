"""How alike two texts are: the Jaccard index of their trigrams. Standard library only."""

import math
import unicodedata
from collections import Counter, defaultdict

NEAR = 0.8


def normalised(text):
    """Letters and digits alone, of one width and case; a text that has none (an emoji) stays as it is."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum()) or text


def trigrams(text):
    padded = f" {normalised(text)} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def rare(grams, count, least):
    """The rarest `n - ceil(least n) + 1` of a text's trigrams: two texts that are alike share one of those of each.

    Prefix filtering (Chaudhuri et al. 2006).
    """
    return sorted(grams, key=lambda gram: (count[gram], gram))[: len(grams) - math.ceil(least * len(grams)) + 1]


def near_pairs(texts, least=NEAR):
    """`(i, j, similarity)` of all pairs, i < j, whose trigrams' Jaccard index is at least `least`.

    Only the `rare` ones are indexed.
    """
    sets = [trigrams(text) for text in texts]
    count = Counter(gram for grams in sets for gram in grams)
    index = defaultdict(list)
    for j, grams in enumerate(sets):
        found_by = rare(grams, count, least)
        for i in sorted({i for gram in found_by for i in index[gram]}):
            similarity = len(sets[i] & grams) / len(sets[i] | grams)
            if similarity >= least:
                yield i, j, similarity
        for gram in found_by:
            index[gram].append(j)


class Near:
    """Tells whether a text is as alike to one of `texts` as `near_pairs` measures, by the same prefix filter."""

    def __init__(self, texts, least=NEAR):
        self.least = least
        self.sets = sorted({trigrams(text) for text in texts}, key=sorted)
        self.count = Counter(gram for grams in self.sets for gram in grams)
        self.index = defaultdict(list)
        for number, grams in enumerate(self.sets):
            for gram in rare(grams, self.count, self.least):
                self.index[gram].append(number)

    def __contains__(self, text):
        grams = trigrams(text)
        near = {number for gram in rare(grams, self.count, self.least) for number in self.index.get(gram, ())}
        return any(self.alike(grams, self.sets[number]) for number in near)

    def alike(self, one, two):
        if min(len(one), len(two)) < self.least * max(len(one), len(two)):
            return False
        shared = len(one & two)
        return shared >= self.least * (len(one) + len(two) - shared)
