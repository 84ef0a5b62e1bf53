"""Rank of a question's target among all items, and what is made of ranks. On whatever device the scores are."""

import torch


def ranks(scores, targets):
    """`[B]` from 0: items that score higher, and those that tie and come earlier in the catalogue."""
    own = scores.gather(1, targets[:, None])
    place = torch.arange(scores.shape[1], device=scores.device)
    before = (scores > own) | ((scores == own) & (place[None, :] < targets[:, None]))
    return before.sum(1)


def measures(ranks, cutoffs=(5, 10, 20)):
    """`{"hr@5": …, "ndcg@5": …, "mrr@20": …}` of questions with one target each."""
    ranks = ranks.double()
    values = {}
    for k in cutoffs:
        hit = (ranks < k).double()
        values[f"hr@{k}"] = hit.mean().item()
        values[f"ndcg@{k}"] = (hit / torch.log2(ranks + 2)).mean().item()
        values[f"mrr@{k}"] = (hit / (ranks + 1)).mean().item()
    return values


def interval(ranks, measure, k=10, samples=1000, seed=1):
    """The 95 % interval of a measure (`hr` or `ndcg`) by bootstrap over questions."""
    ranks = ranks.double().cpu()
    hit = (ranks < k).double()
    values = hit / torch.log2(ranks + 2) if measure == "ndcg" else hit
    generator = torch.Generator().manual_seed(seed)
    means = torch.stack([values[torch.randint(len(values), (len(values),), generator=generator)].mean() for _ in range(samples)])
    return [torch.quantile(means, q).item() for q in (0.025, 0.975)]


def rounded(values):
    """Five digits of each value of a dictionary or list."""
    if isinstance(values, dict):
        return {name: round(value, 5) for name, value in values.items()}
    return [round(value, 5) for value in values]
