"""Patterns of utterances: text with nested alternations, parsed into a tree and expanded by seeded draws.

`(a|b|)` is one of its branches, the last one empty here; `[surface](slot)`, `[surface](slot=value)` and
`[surface](slot!=value)` mark a slot, whose surface may hold alternations; `{name}` is one of the words of that name.
Parentheses, brackets, braces and bars serve nothing else.
"""

import itertools
import random
import re
from typing import NamedTuple

NAME = re.compile(r"\{([^{}]*)\}")
MARK_TAIL = re.compile(r"\(([^()\[\]|]+)\)")
SURFACES = 5000  # as many wordings of one slot as are looked at when a grammar is checked
TRIES = 4  # draws for each expansion that is asked for, before a pattern counts as exhausted


class Choice(NamedTuple):
    """One of `branches`, each a sequence of nodes."""

    branches: tuple


class Mark(NamedTuple):
    """A slot: the nodes of its surface, and what stands between the parentheses: `slot`, `slot=value`."""

    surface: tuple
    label: str


def filled(pattern, words):
    """The pattern with the alternation of `words` in place of each name; `ValueError` when there is no such name."""

    def named(match):
        if match[1] not in words:
            raise ValueError(f"no words are called {match[0]}; there are {', '.join(words) or 'none'}")
        return words[match[1]]

    return NAME.sub(named, pattern)


def parse(pattern):
    """The nodes (text, `Choice`, `Mark`) of a filled pattern; `ValueError` when a bracket is not balanced."""
    if braces := re.search(r"[{}]", pattern):
        raise ValueError(f"'{braces[0]}' names no words; write {{name}}")
    nodes, end = sequence(pattern, 0, "")
    if end < len(pattern):
        raise ValueError(f"'{pattern[end]}' at character {end + 1} closes or parts nothing")
    return nodes


def sequence(pattern, start, closers):
    """`(nodes, end)` of the text from `start` up to one of `closers`, or to the pattern's end."""
    nodes, at = [], start
    while at < len(pattern) and pattern[at] not in ")]|":
        if pattern[at] == "(":
            branches, opened = [], at
            while at < len(pattern) and pattern[at] in "(|":
                branch, at = sequence(pattern, at + 1, "|)")
                branches.append(branch)
            if at == len(pattern) or pattern[at] != ")":
                raise ValueError(f"'(' at character {opened + 1} is not closed")
            nodes.append(Choice(tuple(branches)))
            at += 1
        elif pattern[at] == "[":
            surface, end = sequence(pattern, at + 1, "]")
            tail = MARK_TAIL.match(pattern, end + 1)
            if end == len(pattern) or pattern[end] != "]" or not tail:
                raise ValueError(f"'[' at character {at + 1} begins no mark; write [surface](slot)")
            nodes.append(Mark(surface, tail[1]))
            at = tail.end()
        else:
            end = at
            while end < len(pattern) and pattern[end] not in "()[]|":
                end += 1
            nodes.append(pattern[at:end])
            at = end
    if at < len(pattern) and pattern[at] not in closers:
        raise ValueError(f"'{pattern[at]}' at character {at + 1} closes or parts nothing")
    return tuple(nodes), at


def marks(nodes):
    """Every `Mark` in a tree, in order."""
    for node in nodes:
        if isinstance(node, Mark):
            yield node
            yield from marks(node.surface)
        elif isinstance(node, Choice):
            for branch in node.branches:
                yield from marks(branch)


def every(nodes):
    """Every annotated text of a tree, unspaced as yet; lazily, for there may be very many."""
    if not nodes:
        yield ""
        return
    first, rest = nodes[0], nodes[1:]
    if isinstance(first, Choice):
        heads = itertools.chain.from_iterable(every(branch) for branch in first.branches)
    elif isinstance(first, Mark):
        heads = (f"[{surface}]({first.label})" for surface in every(first.surface))
    else:
        heads = (first,)
    for head in heads:
        for tail in every(rest):
            yield head + tail


def spaced(annotated):
    """Without the spaces that empty branches leave: doubled, at the ends, in a mark, before punctuation."""
    single = re.sub(r" +", " ", annotated).strip()
    return re.sub(r" (?=[,.?!;:](?: |$))", "", re.sub(r"\[ ", "[", re.sub(r" \]", "]", single)))


def drawn(nodes, generator, decks):
    """One annotated text. Each alternation deals its branches like cards, so that all come up before one returns."""
    text = ""
    for node in nodes:
        if isinstance(node, Choice):
            deck = decks.setdefault(id(node), [])
            if not deck:
                deck.extend(generator.sample(range(len(node.branches)), len(node.branches)))
            text += drawn(node.branches[deck.pop()], generator, decks)
        elif isinstance(node, Mark):
            text += f"[{drawn(node.surface, generator, decks)}]({node.label})"
        else:
            text += node
    return text


def expand(nodes, seed, number):
    """Up to `number` different annotated texts of a tree, by draws that only the seed decides."""
    generator, decks, seen = random.Random(seed), {}, set()
    for _ in range(TRIES * number):
        text = spaced(drawn(nodes, generator, decks))
        if text and text not in seen:
            seen.add(text)
            yield text
            if len(seen) == number:
                return


def surfaces(mark):
    """The wordings of a slot, spaced; no more than `SURFACES`."""
    for surface in itertools.islice(every(mark.surface), SURFACES):
        yield spaced(f"[{surface}]({mark.label})")
