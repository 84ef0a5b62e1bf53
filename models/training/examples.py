"""Sequences as flat arrays on a device, and batches of histories cut from them."""

import numpy as np
import torch

from datasets.folder import ACTIONS

REMOVE = ACTIONS["remove"]


class Histories:
    """Sequences laid end to end; a history is what comes before a place in them.

    - `sequences`, `actions`: as in `datasets.folder.Shop`
    - `baskets`: as in `datasets.folder.Shop`, or `None`
    - `length`: the newest events a history keeps
    """

    def __init__(self, sequences, actions, baskets, length, device):
        lengths = np.array([len(s) for s in sequences], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
        self.lengths, self.length, self.device = lengths, length, device
        self.items = _flat(sequences, device)
        self.actions = _flat(actions, device)
        self.baskets = None if baskets is None else np.concatenate(baskets)

    def prefixes(self):
        """`(places, ends)` `[m]` each: targets, and where the history of each ends.

        A target is any event with something before it; in baskets, before its basket.
        """
        owner = np.repeat(self.starts, self.lengths)
        places = np.arange(len(owner))
        ends = places
        if self.baskets is not None:
            begins = np.ones(len(owner), bool)
            begins[1:] = (owner[1:] != owner[:-1]) | (self.baskets[1:] != self.baskets[:-1])
            ends = np.maximum.accumulate(np.where(begins, places, 0))
        usable = (ends > owner) & (self.actions.cpu().numpy() != REMOVE)
        return tuple(torch.as_tensor(part[usable], device=self.device) for part in (places, ends))

    def before(self, ends, starts, longest):
        """Items and actions before `ends`, in sequences that begin at `starts`: `[B, longest]` each, newest last.

        Padding is item -1 and action 0.
        """
        at = ends[:, None] - longest + torch.arange(longest, device=self.device)
        inside = at >= starts[:, None]
        at = at.clamp_min(0)
        return self.items[at].masked_fill(~inside, -1), self.actions[at].masked_fill(~inside, 0)

    def start_of(self, places):
        """Where the sequence of each place begins."""
        starts = torch.as_tensor(self.starts, device=self.device)
        return starts[torch.searchsorted(starts, places, right=True) - 1]


def _flat(parts, device):
    return torch.as_tensor(np.concatenate(parts) if parts else np.zeros(0, np.int64), device=device)


# Histories of a batch are padded to one of these, so that short ones, which are most, cost little.
PADDED = (8, 16, 32)


def batches(histories, places, ends, size, generator):
    """Shuffled `(items, actions, targets)`; a batch holds histories of like length."""
    if not len(places):
        return
    starts = histories.start_of(places)
    lengths = (ends - starts).clamp_max(histories.length)
    order = torch.randperm(len(places), generator=generator).to(places.device)
    blocks = []
    for block in order.split(size * 32):
        block = block[torch.argsort(lengths[block], stable=True)]
        blocks += list(block.split(size))
    # Read from the device once, not once a batch.
    longests = torch.stack([lengths[block].max() for block in blocks]).tolist()
    for at in torch.randperm(len(blocks), generator=generator).tolist():
        chosen = blocks[at]
        longest = min(next((p for p in PADDED if p >= longests[at]), histories.length), histories.length)
        items, actions = histories.before(ends[chosen], starts[chosen], longest)
        yield items, actions, histories.items[places[chosen]]


def ask(sequences, actions, length, device):
    """Items and actions of whole histories `[B, length]`, newest last: what a question is asked with."""
    items = np.full((len(sequences), length), -1, np.int64)
    kinds = np.zeros((len(sequences), length), np.int64)
    for row, (sequence, kind) in enumerate(zip(sequences, actions)):
        newest = sequence[-length:]
        if len(newest):
            items[row, -len(newest):], kinds[row, -len(newest):] = newest, kind[-length:]
    return torch.as_tensor(items, device=device), torch.as_tensor(kinds, device=device)
