"""The neighbours beside a fitted model: candidates, and which of them goes best with it on validation."""

import dataclasses
import functools

import numpy as np
import torch

import fitting
import neighbours
from blend import Blend, Questions

KEPT = 64


@dataclasses.dataclass(frozen=True)
class Votes:
    """Which lists, and how a history votes."""

    kind: str = "cosine"  # or "ridge"
    closeness: float = 1.0
    power: float = 0.5
    strength: float = 100.0  # of the ridge
    newest: int = 10
    decay: float = 0.7
    own: float = 0.0  # what an item votes for itself with


# Where people come back to items: a neighbour's weight is 1 at most.
OWN = (0.0, 0.1, 0.3, 1.0, 3.0)


def candidates():
    """Lists worth trying."""
    found = [Votes(closeness=closeness, power=power) for closeness in (0.5, 0.8, 1.0) for power in (0.4, 0.5)]
    return found + [Votes(kind="ridge", strength=strength) for strength in (30.0, 100.0, 300.0)]


class Companions:
    """Lists by kind, made once, of one log on one device."""

    def __init__(self, sequences, count, device):
        self.sequences, self.count, self.device = sequences, count, device
        self.popularity = torch.as_tensor(popularity(sequences, count), device=device)
        self._lists = functools.lru_cache(maxsize=None)(self._made)

    def lists(self, chosen):
        """`(ids, weights)` of `chosen`, as tensors."""
        return self._lists(dataclasses.replace(chosen, newest=0, decay=0.0, own=0.0))

    def _made(self, chosen):
        if chosen.kind == "ridge":
            made = neighbours.ridge(self.sequences, self.count, KEPT, chosen.strength, self.device)
        else:
            made = neighbours.cosine(self.sequences, self.count, KEPT, closeness=chosen.closeness, power=chosen.power)
        return tuple(torch.as_tensor(part, device=self.device) for part in made)

    def votes(self, items, chosen):
        return neighbours.votes(items, self.lists(chosen), chosen.newest, chosen.decay, chosen.own)

    def questions(self, chosen, model, asked, exclude_seen, block=512, bare=False):
        """Shortlists of validation questions `asked` (as `fitting.questions_of` makes them)."""
        made = Questions(self.popularity)
        table = None if bare else model.vectors().detach()
        for items, actions, targets, seen, groups in zip(*(part.split(block) for part in asked)):
            votes = self.votes(items, chosen)
            dots = torch.zeros_like(votes) if bare else fitting.dots(model, items, actions, table)
            made.add(dots, votes, seen if exclude_seen else None, targets, groups)
        return made

    def best_alone(self, options, asked, exclude_seen, by):
        """`(measure, votes)` of the options without a model, each with its best decay; best first."""
        found = []
        alone = Blend(model=0.0, neighbours=1.0, popularity=0.001)
        for option in options:
            for newest, decay in ((1, 1.0), (5, 0.5), (10, 0.7), (10, 0.8), (20, 0.9), (50, 1.0)):
                chosen = dataclasses.replace(option, newest=newest, decay=decay)
                values = self.questions(chosen, None, asked, exclude_seen, bare=True).measure(alone)
                found.append((values[by], chosen, values))
        return sorted(found, key=lambda entry: -entry[0])

    def best_beside(self, model, options, asked, exclude_seen, by):
        """`(blend, votes, values)` of the option that goes best with `model`."""
        best = None
        if not exclude_seen:
            options = [dataclasses.replace(option, own=own) for option in options for own in OWN]
        for option in options:
            asking = self.questions(option, model, asked, exclude_seen)
            blend = asking.choose(by=by)
            values = asking.measure(blend)
            if best is None or values[by] > best[2][by]:
                best = (blend, option, values)
        return best


def popularity(sequences, count):
    """`[n]` f32 in [0, 1]: log(1 + events) relative to the most wanted item's."""
    counts = np.bincount(np.concatenate(sequences), minlength=count) if len(sequences) else np.zeros(count)
    return (np.log1p(counts) / max(np.log1p(counts).max(), 1e-12)).astype(np.float32)


def distinct(ranked, most):
    """The first `most` options of different lists out of `best_alone`'s answer."""
    kept = {}
    for _, chosen, _ in ranked:
        kept.setdefault((chosen.kind, chosen.closeness, chosen.power, chosen.strength), chosen)
    return list(kept.values())[:most]
