"""One score out of a model's dot products, neighbours' votes and popularity; its constants are chosen on validation.

    score = model · exp((z − max z) / temperature) + neighbours · (v / max v) ^ power + popularity · p

z: the model's dot products, v: votes, p: popularity in [0, 1]; the maxima run over all items.
"""

import dataclasses

import torch

from ranking import measures


@dataclasses.dataclass(frozen=True)
class Blend:
    model: float = 1.0
    temperature: float = 2.0
    neighbours: float = 0.3
    neighbours_power: float = 1.0
    popularity: float = 0.0

    def scores(self, below, share, popularity):
        """Of `below` = z − max z, `share` = v / max v and `popularity`, all of one shape."""
        total = self.popularity * popularity + torch.zeros_like(below)
        if self.model:
            total = total + self.model * (below / self.temperature).exp()
        if self.neighbours:
            total = total + self.neighbours * share ** self.neighbours_power
        return total


STEPS = {
    "temperature": (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0, 24.0, 40.0),
    "neighbours": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.65, 1.0, 1.5, 2.5),
    "neighbours_power": (0.35, 0.5, 0.7, 1.0, 1.4),
    "popularity": (0.0, 0.003, 0.01, 0.03, 0.1),
}
SHORTLIST = 600  # items a question keeps for choosing: those that any blend could have among its first twenty
NOT_LISTED = 1_000_000


def relative(dots, votes):
    """`(below, share)` of whole rows `[B, n]`."""
    below = dots - dots.amax(1, keepdim=True)
    return below, votes / votes.amax(1, keepdim=True).clamp_min(1e-12)


class Questions:
    """Questions with one target each, of which only a shortlist of items is kept. Chooses a blend."""

    def __init__(self, popularity):
        self.popularity, self.blocks, self.groups, self.tried = popularity, [], [], {}

    def add(self, dots, votes, seen, targets, groups):
        """A block: scores and votes `[B, n]`, items left out `[B, S]` (-1 is none) or `None`, targets and groups `[B]`."""
        below, share = relative(dots, votes)
        key = (below / 3).exp() + share.sqrt() + self.popularity * 0.02
        if seen is not None:
            rows, columns = torch.nonzero(seen >= 0, as_tuple=True)
            key[rows, seen[rows, columns]] = -1
        # In catalogue order, so that ties fall as they do anywhere else.
        listed = key.topk(min(SHORTLIST, key.shape[1]), 1).indices.sort(1).values
        at = (listed == targets[:, None]).float()
        found = torch.where(at.any(1), at.argmax(1), -1)
        left_out = key.gather(1, listed) < 0
        self.blocks.append((below.gather(1, listed), share.gather(1, listed), self.popularity[listed], left_out, found))
        self.groups.append(groups)

    def measure(self, blend):
        if blend not in self.tried:
            self.tried[blend] = measures(torch.cat([self._ranks(blend, *block) for block in self.blocks]), torch.cat(self.groups))
        return self.tried[blend]

    @staticmethod
    def _ranks(blend, below, share, popularity, left_out, found):
        scores = blend.scores(below, share, popularity).masked_fill(left_out, -1)
        own = scores.gather(1, found.clamp_min(0)[:, None])
        place = torch.arange(scores.shape[1], device=scores.device)
        before = (scores > own) | ((scores == own) & (place[None, :] < found[:, None]))
        return torch.where(found >= 0, before.sum(1), NOT_LISTED)

    def choose(self, start=Blend(), by="ndcg@10", names=tuple(STEPS), rounds=3):
        """The best blend found by varying one constant after the other until none gets better."""
        blend = start
        for _ in range(rounds):
            before = blend
            for name in names:
                options = [dataclasses.replace(blend, **{name: value}) for value in STEPS[name]]
                blend = max([blend, *options], key=lambda option: self.measure(option)[by])
            if blend == before:
                break
        return blend
