"""The chat encoder: units to a vector of an utterance."""

import math

import torch
from torch import nn
from torch.nn import functional

from units import MAX_SUBWORDS, MAX_UNITS, VOCABULARY

POOLS = 4


class Block(nn.Module):
    """Attention and a feed-forward part, each on normalised input and added to it (pre-norm)."""

    def __init__(self, dim, heads, inner, dropout):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.key, self.value, self.mix = (nn.Linear(dim, dim) for _ in range(4))
        self.up, self.down = nn.Linear(dim, inner), nn.Linear(inner, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, bias):
        """`x` [B, T, dim], `bias` [B, 1, 1, T]."""
        batch, length, dim = x.shape
        normed = self.norm1(x)
        split = lambda y: y.view(batch, length, self.heads, dim // self.heads).transpose(1, 2)  # noqa: E731
        query, key, value = split(self.query(normed)), split(self.key(normed)), split(self.value(normed))
        scores = query @ key.transpose(2, 3) * (dim // self.heads) ** -0.5 + bias
        mixed = (self.dropout(scores.softmax(-1)) @ value).transpose(1, 2).reshape(batch, length, dim)
        x = x + self.dropout(self.mix(mixed))
        return x + self.dropout(self.down(self.dropout(functional.relu(self.up(self.norm2(x))))))


class Encoder(nn.Module):
    """`ids` [B, T, 20] of subwords, 0 for none, to `(vectors [B, dim] of unit length, states [B, T, dim], bags [B, T, table])`."""

    def __init__(self, table, dim, heads, layers, inner, dropout):
        super().__init__()
        self.table = nn.Parameter(torch.randn(VOCABULARY, table) * 0.05)
        self.hidden = nn.Parameter(torch.randn(table) * 0.05)
        self.inputs = nn.Linear(table, dim)
        self.norm_in = nn.LayerNorm(dim)
        self.positions = nn.Parameter(torch.randn(MAX_UNITS, dim) * 0.02)
        self.blocks = nn.ModuleList(Block(dim, heads, inner, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        self.pools = nn.Linear(dim, POOLS)
        self.outputs = nn.Linear(2 * dim, dim)
        self.guess = nn.Linear(dim, table)  # training only: what a hidden unit's bag might be
        self.dropout = nn.Dropout(dropout)
        self.dim = dim

    def bags(self, ids):
        """[..., table]: the sum of each unit's subwords."""
        if ids.is_cuda:
            # `embedding` waits for the device in its backward pass, which a captured graph may not.
            kept = torch.cat([torch.zeros_like(self.table[:1]), self.table[1:]])
            return kept.index_select(0, ids.reshape(-1)).view(*ids.shape, -1).sum(-2)
        flat = ids.reshape(-1, MAX_SUBWORDS)
        return functional.embedding_bag(flat, self.table, mode="sum", padding_idx=0).view(*ids.shape[:-1], -1)

    def forward(self, ids, hidden=None):
        """`hidden` [B, T]: units whose subwords are not to be seen."""
        bags = self.bags(ids)
        empty = ids[..., 0] == 0
        seen = bags
        if hidden is not None:
            seen = torch.where(hidden[..., None], self.hidden, bags)
            empty = empty & ~hidden
        return *self.encode(seen, empty), bags

    def encode(self, bags, empty):
        x = self.dropout(self.norm_in(self.inputs(bags)))
        words = x
        x = x + self.positions[:x.shape[1]]
        bias = torch.zeros_like(empty, dtype=x.dtype).masked_fill(empty, -1e4)
        for block in self.blocks:
            x = block(x, bias[:, None, None])
        x = self.norm(x)
        shares = (self.pools(x) + bias[..., None]).softmax(1)
        batch, length, dim = x.shape
        pooled = (shares[..., None] * x.view(batch, length, POOLS, dim // POOLS)).sum(1).reshape(batch, dim)
        # What the units say without each other: their mean.
        kept = (~empty)[..., None].to(x.dtype)
        mean = (words * kept).sum(1) / kept.sum(1).clamp(min=1)
        out = self.outputs(self.dropout(torch.cat([pooled, mean], -1)))
        return functional.normalize(out.float(), dim=-1), x


class Classifier(nn.Module):
    """Cosines with a vector an intent, sharpened."""

    def __init__(self, dim, classes, scale=16.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, dim) / math.sqrt(dim))
        self.bias = nn.Parameter(torch.zeros(classes))
        self.scale = scale

    def forward(self, embeddings):
        return self.scale * embeddings @ functional.normalize(self.weight.float(), dim=-1).T + self.bias
