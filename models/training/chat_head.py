"""The head of a set of intents: multinomial logistic regression over the frozen encoder's embedding and hashed n-grams.

The loss is convex, so that whoever minimises it gets the same weights: here L-BFGS in torch, in the product `src/chat`.
"""

import collections
import dataclasses
import math

import torch
from torch.nn import functional

from subwords import fnv1a_32
from units import MAX_UNITS, units_of

BUCKETS = 32_768
EMBEDDING = 1.0  # what the embedding's unit length is multiplied by
WORDS, PARTS, PAIRS = 1.0, 1.0, 1.0  # lengths of the groups of n-grams
RIDGE = 3e-6  # of PLENTY texts and more
PLENTY, MOST_RIDGE = 9_000, 1e-3
SMOOTHING = 0.05
ITERATIONS = 60


def bucket(token):
    return fnv1a_32(token.encode()) % BUCKETS


def ngrams(text):
    """`(words, parts, pairs)`: the buckets of a text's units, of their subwords, and of neighbours; each bucket once."""
    units = units_of(text)[:MAX_UNITS]
    words = {bucket(tokens[0]) for _, tokens in units}
    parts = {bucket(token) for _, tokens in units for token in tokens[1:]}
    edges = ["", *(word for word, _ in units), ""]
    pairs = {bucket(f"p:{one} {two}") for one, two in zip(edges, edges[1:])}
    return [sorted(group) for group in (words, parts, pairs)]


@dataclasses.dataclass
class Rarity:
    """How rare a bucket is: `1 + ln((n + 1) / (texts with it + 1))`."""

    texts: int
    counts: collections.Counter

    @classmethod
    def of(cls, grams):
        return cls(len(grams), collections.Counter(at for groups in grams for group in groups for at in group))

    def __getitem__(self, at):
        return 1 + math.log((self.texts + 1) / (self.counts[at] + 1))


def sparse(grams, rarity, lengths=(WORDS, PARTS, PAIRS)):
    """CSR [n, BUCKETS]: each group at its length; buckets in two groups add up."""
    columns, values, starts = [], [], [0]
    for groups in grams:
        row = collections.defaultdict(float)
        for group, length in zip(groups, lengths):
            weights = [rarity[at] for at in group]
            norm = math.sqrt(sum(w * w for w in weights)) or 1.0
            for at, weight in zip(group, weights):
                row[at] += length * weight / norm
        columns += sorted(row)
        values += [row[at] for at in sorted(row)]
        starts.append(len(columns))
    return torch.sparse_csr_tensor(torch.tensor(starts), torch.tensor(columns), torch.tensor(values, dtype=torch.float32),
                                   (len(grams), BUCKETS))


@dataclasses.dataclass
class Head:
    """Weights over n-grams [BUCKETS, classes], over the embedding [dim, classes], and a bias [classes]."""

    grams: torch.Tensor
    embedding: torch.Tensor
    bias: torch.Tensor

    def scores(self, grams, embeddings, length=EMBEDDING):
        return grams @ self.grams + length * embeddings @ self.embedding + self.bias


def ridge_of(texts):
    """The ridge for so many texts: of fewer it grows with the square of how many times fewer they are."""
    return min(RIDGE * max(1.0, PLENTY / max(1, texts)) ** 2, MOST_RIDGE)


def fit(grams, embeddings, labels, classes, ridge=None, smoothing=SMOOTHING, iterations=ITERATIONS, length=EMBEDDING):
    """`grams` CSR [n, BUCKETS], `embeddings` [n, dim], `labels` [n]: a `Head`.

    Minimised: mean cross-entropy with smoothed labels + ridge / 2 · (sum of squared weights, without the bias).
    """
    device = labels.device
    ridge = ridge_of(len(labels)) if ridge is None else ridge
    across = grams.to_sparse_coo().t().coalesce().to_sparse_csr()
    goal = torch.full((len(labels), classes), smoothing / classes, device=device)
    goal[torch.arange(len(labels), device=device), labels] += 1 - smoothing
    scaled = length * embeddings
    dim = embeddings.shape[1]
    weights = torch.zeros(BUCKETS + dim + 1, classes, device=device, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=iterations, history_size=8, line_search_fn="strong_wolfe", tolerance_grad=1e-7, tolerance_change=1e-9)

    def closure():
        with torch.no_grad():
            w = weights.detach()
            logs = (grams @ w[:BUCKETS] + scaled @ w[BUCKETS:-1] + w[-1]).log_softmax(1)
            wrong = (logs.exp() - goal) / len(labels)
            weights.grad = torch.cat([across @ wrong, scaled.T @ wrong, wrong.sum(0, keepdim=True)])
            weights.grad[:-1] += ridge * w[:-1]
            return -(goal * logs).sum(1).mean() + ridge / 2 * (w[:-1] ** 2).sum()

    optimiser.step(closure)
    found = weights.detach()
    return Head(found[:BUCKETS], found[BUCKETS:-1], found[-1])
