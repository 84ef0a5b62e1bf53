"""Rank of a question's target among all items, and what is made of ranks. On whatever device the scores are."""

import torch


def ranks(scores, targets):
    """`[B]` from 0: items that score higher, and those that tie and come earlier in the catalogue."""
    own = scores.gather(1, targets[:, None])
    place = torch.arange(scores.shape[1], device=scores.device)
    before = (scores > own) | ((scores == own) & (place[None, :] < targets[:, None]))
    return before.sum(1)


def each(ranks, measure, k, groups):
    """`[G]`: `hr`, `ndcg` or `mrr` at `k` of each group's questions, their mean; a group of baskets' items has its recall."""
    ranks = ranks.double()
    hit = (ranks < k).double()
    values = {"hr": hit, "ndcg": hit / torch.log2(ranks + 2), "mrr": hit / (ranks + 1)}[measure]
    _, group, sizes = torch.unique(groups, return_inverse=True, return_counts=True)
    return torch.zeros(len(sizes), dtype=values.dtype, device=values.device).scatter_add_(0, group, values) / sizes


def measures(ranks, groups, cutoffs=(5, 10, 20)):
    """`{"hr@5": …, "ndcg@5": …, "mrr@20": …}`, means over groups."""
    return {f"{measure}@{k}": each(ranks, measure, k, groups).mean().item() for k in cutoffs for measure in ("hr", "ndcg", "mrr")}


def interval(ranks, groups, measure, k, samples=1000, seed=1):
    """The 95 % interval of a measure by bootstrap over groups."""
    values = each(ranks, measure, k, groups).cpu()
    generator = torch.Generator().manual_seed(seed)
    means = torch.stack([values[torch.randint(len(values), (len(values),), generator=generator)].mean() for _ in range(samples)])
    return [torch.quantile(means, q).item() for q in (0.025, 0.975)]


def rounded(values):
    """Five digits of each value of a dictionary or list."""
    if isinstance(values, dict):
        return {name: round(value, 5) for name, value in values.items()}
    return [round(value, 5) for value in values]
