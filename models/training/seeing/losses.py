"""What the nets are asked for. Pictures' labels come in as the renderer gives them."""

import torch
from torch.nn import functional as F

from garments.labels import ATTRIBUTES, CATEGORIES, FACTS, HAS, LANDMARKS
from garments.render import UNKNOWN


def soft_cross_entropy(logits, targets):
    return -(targets * logits.float().log_softmax(-1)).sum(-1).mean()


def attributes(logits, labels):
    """Cross entropy of the five groups, over the labels that are known (the others are `UNKNOWN`)."""
    groups = logits.float().split([len(v) for v in ATTRIBUTES.values()], 1)
    total = sum(F.cross_entropy(g, labels[:, i], label_smoothing=0.05, ignore_index=UNKNOWN, reduction="sum") for i, g in enumerate(groups))
    return total / (labels != UNKNOWN).sum().clamp(min=1)


def facts():
    """What categories say: attribute labels `[10, 5]`, and which landmarks a garment has, `[10, 10]` f32."""
    known = [[values.index(FACTS[c][group]) if group in FACTS[c] else UNKNOWN for group, values in ATTRIBUTES.items()] for c in CATEGORIES]
    return torch.tensor(known), torch.tensor([[float(mark in HAS[c]) for mark in LANDMARKS] for c in CATEGORIES])


def absent(visible, has):
    """Landmarks that a garment can't have are not visible; of those it may have, nothing is said."""
    return (F.softplus(visible.float()) * (1 - has)).sum() / (1 - has).sum().clamp(min=1)


def regions(logits, masks, left=None):
    """Cross entropy a cell plus soft IoU a picture and region. `masks` 0..1 like `logits`; `left`: cells that count."""
    logits = logits.float()
    left = torch.ones_like(masks[:, :1]) if left is None else left
    cells = F.binary_cross_entropy_with_logits(logits, masks, reduction="none") * left
    share, masks = torch.sigmoid(logits) * left, masks * left
    both = (share * masks).sum((2, 3))
    union = share.sum((2, 3)) + masks.sum((2, 3)) - both
    return cells.mean() + 0.5 * (1 - (both + 4) / (union + 4)).mean()


def points(heat, at, visible, labels):
    """Heat maps against a narrow bell, coordinates by distance, visibility. `labels` `[n, k, 3]`."""
    n, k, h, w = heat.shape
    exists = ((labels[..., 2] > 0) & (labels[..., :2] > 0).all(-1) & (labels[..., :2] < 1).all(-1)).float()
    xs = (torch.arange(w, device=heat.device) + 0.5) / w
    ys = (torch.arange(h, device=heat.device) + 0.5) / h
    bell = lambda grid, centre: torch.exp(-0.5 * ((grid - centre[..., None]) * w / 0.8) ** 2)  # noqa: E731
    target = bell(ys, labels[..., 1])[..., :, None] * bell(xs, labels[..., 0])[..., None, :]
    target = target / target.sum((2, 3), keepdim=True).clamp(min=1e-6)
    entropy = -(target.flatten(2) * heat.float().flatten(2).log_softmax(-1)).sum(-1)
    count = exists.sum().clamp(min=1)
    apart = (at - labels[..., :2]).abs().sum(-1)
    seen = F.binary_cross_entropy_with_logits(visible.float(), (labels[..., 2] > 1).float())
    return (entropy * exists).sum() / count * 0.25 + (apart * exists).sum() / count * 5 + seen


def alike(embedding, category, colour, temperature=0.1):
    """Supervised contrast (Khosla et al. 2020) with graded positives: same category, the more the closer the colours are.

    `colour` `[n, 3]` are cube roots of linear light, in which 0.1 is a clear difference."""
    n, embedding = len(embedding), embedding.float()
    itself = torch.eye(n, dtype=torch.bool, device=embedding.device)
    score = (embedding @ embedding.T / temperature).masked_fill(itself, -1e9)
    same = (category[:, None] == category[None]).float()
    near = torch.exp(-((colour[:, None] - colour[None]) ** 2).sum(-1) / (2 * 0.1**2))
    weight = (same * (0.25 + near) + 0.25 * near).masked_fill(itself, 0)
    weight = weight / weight.sum(1, keepdim=True).clamp(min=1e-6)
    return -(weight * score.log_softmax(1)).sum(1).mean()
