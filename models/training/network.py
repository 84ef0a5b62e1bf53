"""The for-you network in PyTorch; export.py writes the same as ONNX."""

import math

import torch
from torch import nn


class Block(nn.Module):
    """One pre-norm layer: attention over the history, then a feed-forward network."""

    def __init__(self, dim, heads, inner):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.key, self.value, self.mix = (nn.Linear(dim, dim) for _ in range(4))
        self.up, self.down = nn.Linear(dim, inner), nn.Linear(inner, dim)

    def forward(self, x, mask, dropout):
        batch, length, dim = x.shape
        heads = lambda t: t.view(batch, length, self.heads, dim // self.heads).transpose(1, 2)  # noqa: E731
        n = self.norm1(x)
        scores = heads(self.query(n)) @ heads(self.key(n)).transpose(2, 3) / math.sqrt(dim // self.heads) + mask
        mixed = (scores.softmax(-1) @ heads(self.value(n))).transpose(1, 2).reshape(batch, length, dim)
        x = x + dropout(self.mix(mixed))
        return x + dropout(self.down(torch.relu(self.up(self.norm2(x)))))


class ForYou(nn.Module):
    """`items` [B, T, dim], `actions` [B, T] (0 padding; newest last) → unit `query` [B, dim].

    The query is a mean of the history's own vectors; the encoder says how much each counts, from what was done with it,
    its place, and how like the others it is. It reads likenesses, not vectors: so nothing that it learns is about one
    shop's goods, and turning all vectors together changes nothing.
    """

    def __init__(self, dim, heads, layers, inner, length):
        super().__init__()
        self.inputs, self.norm = nn.Linear(length, dim), nn.LayerNorm(dim)
        self.actions = nn.Embedding(5, dim)
        self.positions = nn.Parameter(torch.randn(length, dim) * 0.02)
        self.share = nn.Linear(dim, 1)
        # Newer items count more from the start; by how much is learned.
        self.recency = nn.Parameter(-0.4 * torch.arange(length - 1, -1, -1, dtype=torch.float32))
        self.blocks = nn.ModuleList(Block(dim, heads, inner) for _ in range(layers))
        self.dropout = nn.Dropout(0.1)
        nn.init.zeros_(self.share.weight)
        nn.init.zeros_(self.share.bias)

    def forward(self, items, actions):
        mask = torch.where(actions == 0, -1e9, 0.0)
        x = self.dropout(self.inputs(items @ items.transpose(1, 2)) + self.actions(actions) + self.positions)
        for block in self.blocks:
            x = block(x, mask[:, None, None, :], self.dropout)
        shares = (self.share(self.norm(x)).squeeze(-1) + self.recency + mask).softmax(-1)
        return nn.functional.normalize((shares[:, :, None] * items).sum(1), dim=-1)


def weights_of(model):
    return {name: value.detach().numpy() for name, value in model.state_dict().items()}
