"""What the next item is learned by: over all items, or over some with a correction for how they were drawn.

Each takes queries `[B, dim]`, `vectors_of` (all items' vectors, or those of given items), targets `[B]` and gives a mean.
"""

import torch
from torch import nn


def full_softmax(query, vectors_of, targets, settings):
    """Cross-entropy over every item."""
    return nn.functional.cross_entropy((query @ vectors_of(None).T).float(), targets, label_smoothing=settings.smoothing)


def sampled_softmax(query, vectors_of, targets, settings):
    """Cross-entropy over the batch's targets and even negatives, corrected by logQ (Yi et al. 2019)."""
    count, drawn = settings.count, settings.negatives
    negatives = torch.randint(count, (drawn,), device=query.device)
    candidates = torch.cat([targets, negatives])
    expected = len(targets) * settings.frequency[candidates] + drawn / count
    scores = (query @ vectors_of(candidates).T).float() - expected.log()
    same = candidates[None, :] == targets[:, None]
    own = torch.arange(len(targets), device=query.device)
    same[own, own] = False
    return nn.functional.cross_entropy(scores.masked_fill(same, -1e9), own)


def gbce(query, vectors_of, targets, settings):
    """Binary cross-entropy with even negatives, its positive part tempered (gSASRec, Petrov and Macdonald 2023; t = 0.75)."""
    count, drawn, t = settings.count, settings.negatives, 0.75
    rate = drawn / (count - 1)
    power = rate * (t * (1 - 1 / rate) + 1 / rate)
    negatives = torch.randint(count, (drawn,), device=query.device)
    positive = (query * vectors_of(targets)).sum(-1).float()
    scores = (query @ vectors_of(negatives).T).float().masked_fill(negatives[None, :] == targets[:, None], -1e9)
    return -(power * nn.functional.logsigmoid(positive) + nn.functional.logsigmoid(-scores).sum(-1)).mean()


LOSSES = {"full": full_softmax, "sampled": sampled_softmax, "gbce": gbce}
