"""Utterances drawn from the grammars `grammar/LOCALE/INTENT.tsv`, to train on; `grammar.py` has the notation of their patterns."""

from collections import defaultdict

import grammar
from intent_set import FOLDER, LOCALES, TAB, held_out, load, rows_of
from likeness import normalised
from utterances import Utterance, parse

GRAMMAR_HEADER = "pattern"
WORDS, WORDS_HEADER = "words.tsv", "name\tpattern"


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
    measuring = held_out(load(folder))
    for utterance in drawn(trees, seed, per_pattern):
        if utterance.text not in measuring:
            yield utterance


def contradictions(utterances):
    """A problem for each text that the patterns of two intents make."""
    intents = defaultdict(set)
    for utterance in utterances:
        intents[normalised(utterance.text)].add(utterance.intent)
    for text, names in sorted(intents.items()):
        if len(names) > 1:
            yield f"grammar: one text, two intents: '{text}' in {', '.join(sorted(names))}"
