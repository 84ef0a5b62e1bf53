"""Trains the `for-you` model: a self-attentive encoder from a history to the place where the next item is sought.

    python models/training/for_you.py [--steps 4000] [--seed 20261124]

It sees items only through their item-text embeddings, so that it works on catalogues it never saw. Softmax over
the batch's targets, corrected for how often each is drawn (logQ; Yi et al. 2019). Weights come from UCI Online
Retail before October 2011 and from generated shops. Needs models/item-text. Writes models/for-you/model.q8.onnx.
"""

import argparse
import math
import pathlib
import random
import time

import numpy as np
import torch
from torch import nn

import encode
import export
from datasets import generated, uci

ROOT = pathlib.Path(__file__).parents[2]
CHECKPOINT = ROOT / "build/training/for-you.pt"
CONFIG = {"dim": 64, "heads": 2, "layers": 2, "inner": 256, "length": 32}
SHOP_SEEDS = range(101, 105)
PURCHASE = 3


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
    """`items` [B, T, dim], `actions` [B, T] (0 padding; newest last) → unit `query` [B, dim]."""

    def __init__(self, dim, heads, layers, inner, length):
        super().__init__()
        self.inputs, self.outputs, self.norm = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.LayerNorm(dim)
        self.actions = nn.Embedding(5, dim)
        self.positions = nn.Parameter(torch.randn(length, dim) * 0.02)
        self.history = nn.Parameter(torch.tensor(0.1))
        self.blocks = nn.ModuleList(Block(dim, heads, inner) for _ in range(layers))
        self.dropout = nn.Dropout(0.2)

    def forward(self, items, actions):
        x = self.inputs(items) + self.actions(actions) + self.positions
        mask = torch.where(actions == 0, -1e9, 0.0)[:, None, None, :]
        x = self.dropout(x)
        for block in self.blocks:
            x = block(x, mask, self.dropout)
        moved = self.outputs(self.norm(x[:, -1])) + self.history * items.sum(1)
        return nn.functional.normalize(moved, dim=-1)


def weights_of(model):
    return {name: value.detach().numpy() for name, value in model.state_dict().items()}


def pad(history, length=CONFIG["length"]):
    """The newest `length` of `[(item, action), ...]`, padded on the left: `(items, actions)`, -1 and 0 for padding."""
    history = history[-length:]
    missing = length - len(history)
    return [-1] * missing + [i for i, _ in history], [0] * missing + [a for _, a in history]


def uci_examples(customers, before):
    """`(history, next items)` of every basket but a customer's first, up to `before`."""
    examples = []
    for baskets in customers:
        history = []
        for when, basket in baskets:
            if when >= before:
                break
            if history:
                examples.append((list(history), basket))
            history += [(item, PURCHASE) for item in basket]
            # Within a basket, the rest follows from its beginning.
            if len(basket) > 3:
                half = len(basket) // 2
                examples.append((list(history[:-half]), basket[-half:]))
    return examples


def session_examples(sessions):
    """`(history, next items)`: what is looked at or bought next, at a few places of each visit."""
    examples = []
    for session in sessions:
        for at in range(1, len(session)):
            if session[at][0] != session[at - 1][0] and session[at][1] != 4:
                examples.append((session[:at], [session[at][0]]))
    return examples


def domains(seed):
    """`(embeddings [n, dim], examples)` a shop: sequences of different shops never share a batch."""
    rng = random.Random(seed)
    shops = []
    titles, customers = uci.load()
    shops.append((encode.items(titles), uci_examples(customers, uci.VALIDATION), 3))
    for shop in SHOP_SEEDS:
        english, chinese, sessions = generated.load(shop)
        examples = session_examples(sessions)
        rng.shuffle(examples)
        shops.append((encode.items([f"{e} {c}" for e, c in zip(english, chinese)]), examples[:40_000], 1))
    return shops


def train_on(shops, args, checkpoint=None):
    """Trains on `(embeddings, examples, weight)` shops and returns the model."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    model = ForYou(**CONFIG)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    first = 0
    if checkpoint and checkpoint.exists() and not args.fresh:
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        rng.setstate(state["rng"])
        first = state["step"]
    tables = [torch.tensor(np.vstack([e, np.zeros((1, e.shape[1]), np.float32)])) for e, _, _ in shops]
    log_q = []
    for embeddings, examples, _ in shops:
        counts = np.ones(len(embeddings))
        for _, targets in examples:
            for target in targets:
                counts[target] += 1 / len(targets)
        log_q.append(torch.tensor(np.log(counts / counts.sum()), dtype=torch.float32))
    began = time.time()
    model.train()
    for step in range(first, args.steps):
        [shop] = rng.choices(range(len(shops)), [weight for _, _, weight in shops])
        table, examples = tables[shop], shops[shop][1]
        chosen = rng.choices(examples, k=args.batch)
        padded = [pad(history) for history, _ in chosen]
        items = table[torch.tensor([i for i, _ in padded])]
        targets = torch.tensor([rng.choice(targets) for _, targets in chosen])
        negatives = torch.randint(len(table) - 1, (args.batch * 4,))
        candidates = torch.cat([targets, negatives])
        query = model(items, torch.tensor([a for _, a in padded]))
        # In-batch targets are drawn by popularity, the others evenly: each is corrected by its own chance.
        even = torch.full((len(negatives),), -math.log(len(table) - 1))
        scores = query @ table[candidates].T / 0.07 - torch.cat([log_q[shop][targets], even])
        same = candidates[None, :] == targets[:, None]
        same[torch.arange(len(targets)), torch.arange(len(targets))] = False
        loss = nn.functional.cross_entropy(scores.masked_fill(same, -1e9), torch.arange(len(targets)))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if (step + 1) % 200 == 0:
            rate = (step + 1 - first) / (time.time() - began)
            print(f"step {step + 1}/{args.steps}  loss {loss.item():.3f}  {rate:.1f} steps/s", flush=True)
            if checkpoint:
                torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1, "rng": rng.getstate()}, checkpoint)
    return model.eval()


def arguments(steps):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint")
    return parser


def main():
    args = arguments(4000).parse_args()
    model = train_on(domains(args.seed), args, CHECKPOINT)
    weights = weights_of(model)
    export.for_you(weights, CONFIG, ROOT / "build/training/for-you.f32.onnx")
    print(export.for_you_q8(weights, CONFIG, ROOT / "models/for-you/model.q8.onnx"))


if __name__ == "__main__":
    main()
