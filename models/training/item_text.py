"""Trains the `item-text` model: a table of hashed subword vectors whose sum places a text.

    python models/training/item_text.py [--steps 2000] [--seed 20261124]

Contrastive: of two texts that belong together (one item in English and Chinese, two goods of one basket, a
product and its category, a text and the same text with words left out) one must find the other among a batch.
Weights come from data marked as shippable only. Writes models/item-text/model.q8.onnx and a checkpoint under
build/training; run again to go on from the checkpoint.

    python models/training/item_text.py --without uci-online-retail

The same without that set, to measure how well the model does on a shop never seen: build/training/item-text-without-uci-online-retail.q8.onnx.
"""

import argparse
import pathlib
import random
import time

import numpy as np
import torch

import checkpoint
import export
from datasets import completejourney, generated, uci
from subwords import MAX_TOKENS, VOCABULARY, subword_ids

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build/training"
UCI = "uci-online-retail"
DIM = 64
SHOP_SEEDS = range(101, 111)  # the demo shop is seed 7 and never trained on


def positives(rng, without=None):
    """`(pairs, weight)` groups: pairs of texts that belong together, and how often a group is drawn; none of the set `without`."""
    translations, views = [], []
    for seed in SHOP_SEEDS:
        english, chinese, _ = generated.load(seed)
        translations += list(zip(english, chinese))
        views += english + chinese
    titles, customers = uci.load(before=uci.VALIDATION) if without != UCI else ([], [])
    together = []
    for baskets in customers:
        for _, basket in baskets:
            if len(basket) > 1:
                picks = rng.sample(basket, min(len(basket), 12))
                together += [(titles[a], titles[b]) for a, b in zip(picks, picks[1:])]
    lexicon = [line.split("\t") for line in (ROOT / "models/training/data/lexicon.tsv").read_text("utf-8").splitlines()]
    words = [(pair[0], pair[1]) for pair in lexicon if len(pair) == 2]
    hierarchy = [(f"{kind} {category}", f"{category} {department}") for kind, category, department in completejourney.products()]
    views += titles
    groups = [(translations, 3), (together, 3), (words, 2), (hierarchy, 1), ([(text, text) for text in views], 3)]
    return [(pairs, weight) for pairs, weight in groups if pairs]


def drop_words(text, rng):
    """Leaves out about a third of the words, so that parts of a text find the whole."""
    words = text.split()
    kept = [word for word in words if rng.random() > 0.35]
    return " ".join(kept or words[:1])


def batch_ids(texts):
    ids = torch.zeros(len(texts), MAX_TOKENS, dtype=torch.long)
    for row, text in enumerate(texts):
        tokens = subword_ids(text)
        ids[row, :len(tokens)] = torch.tensor(tokens, dtype=torch.long)
    return ids


def embed(table, ids):
    """`[batch, tokens]` ids to `[batch, 64]` unit vectors; padding (id 0) adds nothing."""
    summed = torch.nn.functional.embedding_bag(ids, table, mode="sum", padding_idx=0)
    return torch.nn.functional.normalize(summed, dim=-1)


def name_of(args):
    return f"item-text-without-{args.without}" if args.without else "item-text"


def train(args):
    rng = random.Random(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    groups = positives(rng, args.without)
    for pairs, weight in groups:
        print(f"  {len(pairs)} pairs, drawn {weight} in {sum(w for _, w in groups)}")
    start = torch.randn(VOCABULARY, DIM) * 0.05
    start[0] = 0
    table = torch.nn.Parameter(start.clone())
    optimiser = torch.optim.Adam([table], lr=2e-3)
    mark = checkpoint.fingerprint(groups, start.numpy(), args.batch, args.seed)
    path = BUILD / f"{name_of(args)}.pt"
    state = checkpoint.load(path, mark, args.fresh)
    first = 0
    if state:
        table.data, first = state["table"], state["step"]
        optimiser.load_state_dict(state["optimiser"])
        rng.setstate(state["rng"])
    began = time.time()
    for step in range(first, args.steps):
        [(pairs, _)] = rng.choices(groups, [weight for _, weight in groups])
        chosen = rng.sample(pairs, min(args.batch, len(pairs)))
        left = embed(table, batch_ids([drop_words(a, rng) for a, _ in chosen]))
        right = embed(table, batch_ids([drop_words(b, rng) if rng.random() < 0.5 else b for _, b in chosen]))
        scores = left @ right.T / 0.07
        target = torch.arange(len(chosen))
        loss = (torch.nn.functional.cross_entropy(scores, target) + torch.nn.functional.cross_entropy(scores.T, target)) / 2
        # Close to where they began, subwords that training seldom sees stay what they are: a hash of the letters.
        loss = loss + 2e-4 * (table - start).pow(2).sum() / DIM
        optimiser.zero_grad()
        loss.backward()
        table.grad[0] = 0
        optimiser.step()
        if (step + 1) % 200 == 0:
            rate = (step + 1 - first) / (time.time() - began)
            print(f"step {step + 1}/{args.steps}  loss {loss.item():.3f}  {rate:.1f} steps/s", flush=True)
            checkpoint.save(path, mark=mark, table=table.data, step=step + 1, optimiser=optimiser.state_dict(), rng=rng.getstate())
    notes = {"seed": args.seed, "steps": max(first, args.steps), "batch": args.batch, "training": mark, "torch": torch.__version__}
    return table.detach().numpy().astype(np.float32), notes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without", choices=[UCI], help="leave that set out, and ship nothing")
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint")
    args = parser.parse_args()
    table, notes = train(args)
    print(export.item_text(table, BUILD / f"{name_of(args)}.f32.onnx", notes, quantized=False))
    shipped = BUILD / f"{name_of(args)}.q8.onnx" if args.without else ROOT / "models/item-text/model.q8.onnx"
    print(export.item_text(table, shipped, notes))


if __name__ == "__main__":
    main()
