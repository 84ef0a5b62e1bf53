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

    The query is a mean of the history's own vectors, weighted by the encoder, moved by what the encoder has learned
    of shops. The first part means the same in any shop; the second is what training can spoil elsewhere, so it is
    never longer than the first and left out now and then in training.
    """

    def __init__(self, dim, heads, layers, inner, length):
        super().__init__()
        self.inputs, self.outputs, self.norm = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.LayerNorm(dim)
        self.actions = nn.Embedding(5, dim)
        self.positions = nn.Parameter(torch.randn(length, dim) * 0.02)
        self.share = nn.Linear(dim, 1)
        # Newer items count more from the start; by how much is learned.
        self.recency = nn.Parameter(-0.2 * torch.arange(length - 1, -1, -1, dtype=torch.float32))
        self.gate = nn.Linear(dim, 1)
        self.blocks = nn.ModuleList(Block(dim, heads, inner) for _ in range(layers))
        self.dropout = nn.Dropout(0.2)
        nn.init.zeros_(self.share.weight)
        nn.init.zeros_(self.share.bias)
        nn.init.zeros_(self.gate.weight)
        nn.init.constant_(self.gate.bias, -1.0)

    def forward(self, items, actions, still=None):
        """`still` [B, 1]: 0 where the learned move is left out."""
        mask = torch.where(actions == 0, -1e9, 0.0)
        x = self.dropout(self.inputs(items) + self.actions(actions) + self.positions)
        for block in self.blocks:
            x = block(x, mask[:, None, None, :], self.dropout)
        n = self.norm(x)
        shares = (self.share(n).squeeze(-1) + self.recency + mask).softmax(-1)
        seen = (shares[:, :, None] * items).sum(1)
        newest = n[:, -1]
        move = self.outputs(newest)
        move = move / move.norm(dim=-1, keepdim=True).clamp_min(1e-6) * torch.sigmoid(self.gate(newest))
        if still is not None:
            move = move * still
        return nn.functional.normalize(seen / seen.norm(dim=-1, keepdim=True).clamp_min(1e-6) + move, dim=-1)


def weights_of(model):
    return {name: value.detach().numpy() for name, value in model.state_dict().items()}
