"""Item-item weights learned from a log: lists of the strongest neighbours, and the votes of a history.

Lists are `(ids, weights)`, `[n, kept]` each: strongest first, ids -1 and weights 0 where there are no more, weights in
(0, 1] in the 255 steps that a pack keeps.
"""

import numpy as np
import torch

NEAREST = 50  # items that an item is regressed on
MOST_WAITING = 20_000_000  # pairs held before they are summed: what bounds memory


def pairs(sequences, count, window, closeness=1.0):
    """`(left, right, weight)`: what follows what within `window` places, summed over sequences, both ways.

    A pair weighs `closeness` to the power of the places between the two: 1 counts all alike.
    """
    lengths = np.array([len(s) for s in sequences], np.int64)
    flat = np.concatenate(sequences) if len(lengths) else np.zeros(0, np.int64)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    keys, weights, waiting = [np.zeros(0, np.int64)], [np.zeros(0)], 0
    for apart in range(1, min(window, int(lengths.max(initial=0)) - 1) + 1):
        same = (owner[apart:] == owner[:-apart]) & (flat[apart:] != flat[:-apart])
        left, right = flat[:-apart][same], flat[apart:][same]
        keys.append(np.concatenate([left * count + right, right * count + left]))
        weights.append(np.full(len(keys[-1]), closeness ** (apart - 1)))
        waiting += len(keys[-1])
        if waiting > MOST_WAITING:
            (keys, weights), waiting = ([part] for part in _summed(keys, weights)), 0
    keys, weights = _summed(keys, weights)
    return keys // count, keys % count, weights


def _summed(keys, weights):
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    return unique, np.bincount(inverse, np.concatenate(weights), len(unique))


def shared(sequences, count):
    """`(left, right, sequences)`: in how many sequences both items are, an item with itself included."""
    once = [np.unique(s) for s in sequences]
    left, right, together = pairs(once, count, max((len(s) for s in once), default=0))
    own = np.bincount(np.concatenate(once), minlength=count)
    items = np.flatnonzero(own)
    return np.concatenate([left, items]), np.concatenate([right, items]), np.concatenate([together, own[items]])


def cosine(sequences, count, kept, window=50, closeness=1.0, power=0.5):
    """Pairs divided by both items' frequency to the `power`; 0.5 is the cosine (Sarwar et al. 2001)."""
    left, right, weight = pairs(sequences, count, window, closeness)
    frequency = np.bincount(np.concatenate(sequences), minlength=count).clip(1).astype(np.float64)
    return stepped(*strongest(left, right, weight / (frequency[left] * frequency[right]) ** power, count, kept))


def ridge(sequences, count, kept, strength, device, block=1024):
    """Each item regressed on the items nearest to it, linearly, with a penalty of `strength` on squares.

    What EASE (Steck 2019) solves for all items at once is solved here among an item's `NEAREST` by cosine, which costs
    the same for any item of a catalogue of any size. Only positive weights are kept.
    """
    left, right, together = shared(sequences, count)
    keys = left * count + right
    order = np.argsort(keys)
    own = np.zeros(count)
    own[left[left == right]] = together[left == right]
    apart = left != right
    near, _ = strongest(left[apart], right[apart], together[apart] / np.sqrt(own[left[apart]] * own[right[apart]]), count, NEAREST)
    keys, together, near = (torch.as_tensor(part, device=device) for part in (keys[order], together[order].astype(np.float32), near))

    def gram(a, b):
        """In how many sequences both are; none where either is -1."""
        wanted = a * count + b
        at = torch.searchsorted(keys, wanted).clamp_max(len(keys) - 1)
        return torch.where((keys[at] == wanted) & (a >= 0) & (b >= 0), together[at], 0)

    found = []
    for start in range(0, count, block):
        chosen = near[start:start + block]
        items = torch.arange(start, start + len(chosen), device=device)[:, None]
        among = gram(chosen[:, :, None], chosen[:, None, :]) + strength * torch.eye(NEAREST, device=device)
        weights = torch.linalg.solve(among, gram(chosen, items)[:, :, None])[:, :, 0]
        used = weights > 0
        found.append([part.cpu().numpy() for part in (chosen[used], items.expand_as(chosen)[used], weights[used])])
    return stepped(*strongest(*(np.concatenate(part) for part in zip(*found)), count, kept))


def strongest(left, right, weight, count, kept):
    """`(ids, weights)` of the `kept` largest weights of each left item, as they are."""
    order = np.lexsort((right, -weight, left))
    left, right, weight = left[order], right[order], weight[order]
    starts = np.searchsorted(left, np.arange(count))
    place = np.arange(len(left)) - starts[left]
    near = place < kept
    ids, weights = np.full((count, kept), -1, np.int64), np.zeros((count, kept), np.float32)
    ids[left[near], place[near]] = right[near]
    weights[left[near], place[near]] = weight[near]
    return ids, weights


def stepped(ids, weights):
    """Weights scaled so that the largest is 1, in 255 steps, as a pack keeps them; what rounds to nothing is no neighbour."""
    steps = np.rint(weights / max(float(weights.max(initial=0)), 1e-12) * 255).clip(0, 255)
    return np.where(steps > 0, ids, -1), (steps / 255).astype(np.float32)


def votes(items, lists, newest, decay, own=0.0):
    """`[B, n]`: the `newest` distinct items of each history vote for their neighbours, and with `own` for themselves, each
    `decay` times the one after it.

    - `items` i64 `[B, T]`: histories, newest last, padded with -1 on the left
    - `lists`: `(ids, weights)` as tensors `[n, kept]` on the same device
    """
    ids, weights = lists
    count, kept = ids.shape
    items = items.flip(1)
    # An item votes once, at its newest place: later (older) appearances don't count.
    earlier = torch.tril(items[:, :, None] == items[:, None, :], -1).any(2)
    counts = (items >= 0) & ~earlier
    age = counts.cumsum(1) - 1
    counts &= age < newest
    # Voters are moved to the front, so that only `newest` of them are looked up.
    order = torch.argsort((~counts).to(torch.uint8), dim=1, stable=True)[:, :newest]
    voters, counts, age = items.gather(1, order), counts.gather(1, order), age.gather(1, order)
    voters = voters.clamp_min(0)
    share = (decay ** age.float()) * counts
    given = (weights[voters] * share[:, :, None]).flatten(1)
    taken = ids[voters].clamp_min(0).flatten(1)
    found = torch.zeros(len(items), count, device=items.device).scatter_add_(1, taken, given)
    return found.scatter_add_(1, voters, own * share) if own else found
