"""Sequence encoders over trainable item vectors: what a shop's own log is fitted with.

Each takes items' vectors `[B, T, dim]` and `actions` `[B, T]` (0 padding; newest last) and gives a query `[B, dim]`,
whose dot product with an item's vector is that item's score. Places are counted from the newest, so that training may
cut the padding of short histories.
"""

import torch
from torch import nn

from network import Block

ACTION_KINDS = 5


class Layered(nn.Module):
    """Layers over items, what was done and places; the newest place asks. `block()` makes a layer."""

    def __init__(self, dim, layers, length, dropout, block):
        super().__init__()
        self.actions = nn.Embedding(ACTION_KINDS, dim)
        self.positions = nn.Parameter(torch.randn(length, dim) * 0.02)
        nn.init.normal_(self.actions.weight, std=0.02)
        self.blocks = nn.ModuleList(block() for _ in range(layers))
        self.norm, self.dropout = nn.LayerNorm(dim), nn.Dropout(dropout)

    def forward(self, items, actions):
        seen = self.seen(actions)[:, None, None, :]
        x = self.dropout(items + self.actions(actions) + self.positions[-items.shape[1]:])
        for block in self.blocks:
            x = block(x, seen, self.dropout)
        return self.norm(x[:, -1])


class SelfAttention(Layered):
    """Self-attention over the whole history (SASRec, Kang and McAuley 2018), one question a history: the export's twin."""

    def __init__(self, dim, heads, layers, inner, length, dropout):
        super().__init__(dim, layers, length, dropout, lambda: Block(dim, heads, inner))

    @staticmethod
    def seen(actions):
        """`[B, T]`: added to scores, so that padding counts for nothing."""
        return torch.where(actions == 0, -1e9, 0.0)


class Gated(Layered):
    """Attention without softmax, gated by the token itself (HSTU, Zhai et al. 2024), with places relative to each other."""

    def __init__(self, dim, heads, layers, inner, length, dropout):
        super().__init__(dim, layers, length, dropout, lambda: GatedBlock(dim, heads, length))

    @staticmethod
    def seen(actions):
        """`[B, T]`: what a place may count at most, 0 for padding."""
        real = (actions != 0).float()
        return real / real.sum(1, keepdim=True).clamp_min(1)


class GatedBlock(nn.Module):
    """One layer of `Gated`; `share` [B, 1, 1, T] is what a place may count at most, 0 for padding."""

    def __init__(self, dim, heads, length):
        super().__init__()
        self.heads, self.length = heads, length
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.key, self.value, self.gate, self.mix = (nn.Linear(dim, dim) for _ in range(5))
        self.apart = nn.Parameter(torch.zeros(heads, 2 * length - 1))

    def bias(self, length):
        """`[heads, length, length]`: by how many places two are apart."""
        place = torch.arange(length, device=self.apart.device)
        return self.apart[:, place[:, None] - place[None, :] + self.length - 1]

    def forward(self, x, share, dropout):
        batch, length, dim = x.shape
        heads = lambda t: t.view(batch, length, self.heads, dim // self.heads).transpose(1, 2)  # noqa: E731
        n = self.norm1(x)
        query, key, value, gate = (nn.functional.silu(part(n)) for part in (self.query, self.key, self.value, self.gate))
        weights = nn.functional.silu(heads(query) @ heads(key).transpose(2, 3) + self.bias(length)) * share
        mixed = (weights @ heads(value)).transpose(1, 2).reshape(batch, length, dim)
        return x + dropout(self.mix(self.norm2(mixed) * gate))


class Recurrent(nn.Module):
    """A gated recurrent unit (GRU4Rec, Hidasi et al. 2016). Without biases, so that zeros before the first item keep zeros."""

    def __init__(self, dim, heads, layers, inner, length, dropout):
        super().__init__()
        self.actions = nn.Embedding(ACTION_KINDS, dim)
        nn.init.normal_(self.actions.weight, std=0.02)
        self.unit = nn.GRU(dim, 2 * dim, layers, batch_first=True, bias=False)
        self.out, self.dropout = nn.Linear(2 * dim, dim), nn.Dropout(dropout)

    def forward(self, items, actions):
        x = self.dropout(items + self.actions(actions)) * (actions != 0)[:, :, None]
        return self.out(self.dropout(self.unit(x)[0][:, -1]))


ENCODERS = {"sasrec": SelfAttention, "hstu": Gated, "gru": Recurrent}


class ItemVectors(nn.Module):
    """Vectors of items, trained: an own part, and parts shared by the subwords of its text and by its attributes.

    - `tokens` `[n, T]`: subword ids, 0 is padding; `table` `[32768, 64]`: where they begin (the item-text model's)
    - `attributes` `[n, A]`: numbers from 1, 0 is padding
    """

    def __init__(self, count, dim, tokens=None, table=None, attributes=None):
        super().__init__()
        self.own = nn.Embedding(count, dim)
        nn.init.normal_(self.own.weight, std=0.02)
        self.register_buffer("tokens", tokens, persistent=False)
        self.register_buffer("attributes", attributes, persistent=False)
        if tokens is not None:
            self.table = nn.Parameter(table.clone())
            self.project = nn.Linear(table.shape[1], dim, bias=False)
            nn.init.normal_(self.project.weight, std=0.02)
        if attributes is not None:
            self.shared = nn.Embedding(int(attributes.max()) + 1, dim, padding_idx=0)
            nn.init.normal_(self.shared.weight, std=0.02)
            nn.init.zeros_(self.shared.weight[0])

    def forward(self, which=None):
        """`[n, dim]`, or `[m, dim]` of the items `which` `[m]`."""
        pick = lambda rows: rows if which is None else rows[which]  # noqa: E731
        vectors = self.own.weight if which is None else self.own(which)
        if self.tokens is not None:
            text = nn.functional.embedding_bag(pick(self.tokens), self.table, mode="sum", padding_idx=0)
            vectors = vectors + self.project(nn.functional.normalize(text, dim=-1))
        if self.attributes is not None:
            vectors = vectors + nn.functional.embedding_bag(pick(self.attributes), self.shared.weight, mode="mean", padding_idx=0)
        return vectors
