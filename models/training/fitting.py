"""Fits an encoder and item vectors on a log, and stops when validation does not get better.

Runs on the CPU and on a GPU alike. Keeps a running mean of the weights, which is what is measured and given out.
"""

import copy
import dataclasses
import time

import numpy as np
import torch
from torch import nn

import checkpoint
import examples
from encoders import ENCODERS, ItemVectors
from losses import LOSSES
from ranking import measures, ranks


@dataclasses.dataclass
class Settings:
    """How an encoder is fitted; `count` and `frequency` come from the log."""

    encoder: str = "sasrec"
    loss: str = "full"
    dim: int = 64
    heads: int = 2
    layers: int = 2
    inner: int = 256
    length: int = 50
    dropout: float = 0.3
    smoothing: float = 0.0
    negatives: int = 1024
    batch: int = 1024
    rate: float = 2e-3
    decay: float = 0.0
    mean: float = 0.998  # of the running mean of weights, a step
    epochs: int = 80
    patience: int = 8
    text: bool = True
    attributes: bool = True
    seed: int = 1
    count: int = 0
    frequency: object = None


class Recommender(nn.Module):
    """Item vectors and the encoder over them."""

    def __init__(self, settings, count, tokens=None, table=None, attributes=None):
        super().__init__()
        s = settings
        self.vectors = ItemVectors(count, s.dim, tokens, table, attributes)
        self.encoder = ENCODERS[s.encoder](s.dim, s.heads, s.layers, s.inner, s.length, s.dropout)

    def query(self, items, actions, table=None):
        """`[B, dim]` of histories `[B, T]` (-1 is padding)."""
        known = items.clamp_min(0)
        rows = self.vectors(known.flatten()).view(*items.shape, -1) if table is None else nn.functional.embedding(known, table)
        return self.encoder(rows * (items >= 0)[:, :, None], actions)


def build(settings, shop, device):
    """A recommender for `shop`, with text and attributes where settings ask for them and the shop has them."""
    torch.manual_seed(settings.seed)
    tokens = table = attributes = None
    if settings.text and any(shop.texts):
        import texts

        tokens, table = texts.tokens(shop.texts), texts.table()
    if settings.attributes and any(shop.attributes):
        attributes = numbered(shop.attributes)
    return Recommender(settings, shop.count, tokens, table, attributes).to(device)


def numbered(attributes, most=12):
    """Strings that at least two items have, as numbers from 1: `[n, A]`, 0 is padding."""
    counts = {}
    for strings in attributes:
        for string in set(strings):
            counts[string] = counts.get(string, 0) + 1
    numbers = {string: at for at, string in enumerate(sorted(s for s, c in counts.items() if c > 1), 1)}
    rows = [[numbers[s] for s in dict.fromkeys(strings) if s in numbers][:most] for strings in attributes]
    longest = max(1, max(len(row) for row in rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


@torch.no_grad()
def dots(model, items, actions, table=None):
    """`[B, n]`: the scores of all items."""
    table = model.vectors() if table is None else table
    return (model.query(items, actions, table) @ table.T).float()


@torch.no_grad()
def validate(model, questions, exclude_seen, block=1024):
    """Measures of the model alone over what `questions_of` makes."""
    model.eval()
    table, found, groups = model.vectors(), [], questions[4]
    for items, actions, targets, seen in zip(*(part.split(block) for part in questions[:4])):
        scores = dots(model, items, actions, table)
        found.append(ranks(without(scores, seen) if exclude_seen else scores, targets))
    model.train()
    return measures(torch.cat(found), groups)


def without(scores, seen):
    """Scores with minus infinity at the items `seen` `[B, S]` (-1 is none)."""
    rows, columns = torch.nonzero(seen >= 0, as_tuple=True)
    scores[rows, seen[rows, columns]] = -torch.inf
    return scores


def fit(settings, shop, part, questions, exclude_seen, device, path=None, minutes=None, by="ndcg@10", quiet=False):
    """`(model, history)`: fitted on `part`, stopped by `questions`; `history` has the measures of each epoch.

    Without `questions` (`None`) it goes on for all epochs and gives the last.

    - `part`: `(sequences, actions, baskets)` of the shop, as in `datasets.folder.Shop`
    - `path`: a checkpoint to go on from
    - `minutes`: stops after so long, with the best so far
    """
    model = build(settings, shop, device)
    log = examples.Histories(*part, settings.length, device)
    places, ends = log.prefixes()
    frequency = torch.bincount(log.items[places], minlength=shop.count).float().clamp_min(0.5) / max(len(places), 1)
    settings = dataclasses.replace(settings, count=shop.count, frequency=frequency)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=settings.decay, fused=device == "cuda")
    smooth = copy.deepcopy(model)
    best, history, first, steps = None, [], 0, 0
    described = {k: v for k, v in dataclasses.asdict(settings).items() if k != "frequency"}
    mark = checkpoint.fingerprint(described, log.items.cpu().numpy(), shop.texts, shop.attributes)
    state = checkpoint.load(path, mark) if path else None
    if state:
        model.load_state_dict(state["model"])
        smooth.load_state_dict(state["smooth"])
        optimiser.load_state_dict(state["optimiser"])
        best, history, first, steps = state["best"], state["history"], state["step"], state["steps"]
    began = time.time()
    # Not every GPU's recurrent kernels take bfloat16.
    halves = device == "cuda" and settings.encoder != "gru"
    for epoch in range(first, settings.epochs):
        generator = torch.Generator().manual_seed(settings.seed * 10_007 + epoch)
        total, count = torch.zeros((), device=device), 0
        model.train()
        for items, kinds, targets in examples.batches(log, places, ends, settings.batch, generator):
            with torch.autocast(device, torch.bfloat16, enabled=halves):
                # One table for history and candidates where all items are candidates anyway.
                table = model.vectors() if settings.loss == "full" else None
                vectors_of = (lambda which: table) if table is not None else model.vectors
                loss = LOSSES[settings.loss](model.query(items, kinds, table), vectors_of, targets, settings)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            steps += 1
            share = min(settings.mean, steps / (steps + 10))
            with torch.no_grad():
                torch._foreach_lerp_(list(smooth.parameters()), list(model.parameters()), 1 - share)
            total, count = total + loss.detach(), count + 1
        measured = validate(smooth, questions, exclude_seen) if questions else {by: float(epoch)}
        history.append({"epoch": epoch + 1, "loss": round(total.item() / max(count, 1), 4), **{k: round(v, 5) for k, v in measured.items()}})
        if not best or measured[by] > best["value"]:
            best = {"value": measured[by], "epoch": epoch + 1, "model": copy.deepcopy(smooth.state_dict())}
        spent = time.time() - began
        if not quiet:
            print(f"epoch {epoch + 1}/{settings.epochs}  loss {history[-1]['loss']:.3f}  {by} {measured[by]:.4f} "
                  f"(best {best['value']:.4f} at {best['epoch']})  {spent:.0f} s", flush=True)
        if path:
            checkpoint.save(path, mark=mark, model=model.state_dict(), smooth=smooth.state_dict(), optimiser=optimiser.state_dict(),
                            best=best, history=history, step=epoch + 1, steps=steps)
        if epoch + 1 - best["epoch"] >= settings.patience or (minutes and spent > minutes * 60):
            break
    if best:
        smooth.load_state_dict(best["model"])
    return smooth.eval(), history


def questions_of(sequences, actions, targets, groups, length, device):
    """What is asked: `(items, actions, targets, seen, groups)`.

    Items and actions `[B, length]`, newest last; `targets` `[B]`; `seen` `[B, S]`, all that a history holds, -1 is
    padding; `groups` `[B]`: questions with one number are of one basket and count together as one.
    """
    items, kinds = examples.ask(sequences, actions, length, device)
    once = {id(s): np.unique(s) for s in sequences}
    once = [once[id(s)] for s in sequences]
    seen, _ = examples.ask(once, once, max((len(s) for s in once), default=1), device)
    targets, groups = (torch.as_tensor(np.asarray(part, np.int64), device=device) for part in (targets, groups))
    return items, kinds, targets, seen, groups
