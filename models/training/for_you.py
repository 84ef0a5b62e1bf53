"""Trains the `for-you` model: a self-attentive encoder from a history to the place where the next item is sought.

    python models/training/for_you.py [--steps 3000] [--seed 20261124]

It sees items only through their item-text embeddings, so that it works on catalogues it never saw. Softmax over
the batch's targets and even negatives, corrected for how often each is drawn (logQ; Yi et al. 2019). Weights come
from UCI Online Retail before October 2011 and from generated shops. Needs models/item-text. Writes
models/for-you/model.q8.onnx, and under build/training the same in f32 and a checkpoint to go on from.
"""

import argparse
import pathlib
import random
import time

import numpy as np
import torch
from torch import nn

import checkpoint
import encode
import export
from datasets import generated, uci
from network import ForYou, weights_of

ROOT = pathlib.Path(__file__).parents[2]
CHECKPOINT = ROOT / "build/training/for-you.pt"
CONFIG = {"dim": 64, "heads": 2, "layers": 2, "inner": 256, "length": encode.LENGTH}
SHOP_SEEDS = range(101, 105)
NEGATIVES = 4  # even negatives an example
FOREIGN = 0.3  # part of the batches whose shop is turned at random, so that its vectors mean nothing known
STILL = 0.5  # part of the examples whose query must do without the learned move


def uci_examples(customers):
    """`(history, next items)` of every basket but a customer's first."""
    examples = []
    for baskets in customers:
        history = []
        for _, basket in baskets:
            if history:
                examples.append((list(history), basket))
            history += [(item, encode.PURCHASE) for item in basket]
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
    """`(embeddings [n, dim], examples, weight)` a shop: sequences of different shops never share a batch."""
    rng = random.Random(seed)
    titles, customers = uci.load(before=uci.VALIDATION)
    shops = [(encode.items(titles), uci_examples(customers), 3)]
    for shop in SHOP_SEEDS:
        english, chinese, sessions = generated.load(shop)
        examples = session_examples(sessions)
        rng.shuffle(examples)
        shops.append((encode.items([f"{e} {c}" for e, c in zip(english, chinese)]), examples[:40_000], 1))
    return shops


def log_expected(count, examples, batch):
    """`[count]`: log of how often an item is expected among a batch's candidates, as a target or as a negative."""
    chance = np.zeros(count)
    for _, targets in examples:
        for target in targets:
            chance[target] += 1 / len(targets) / len(examples)
    return torch.tensor(np.log(batch * chance + NEGATIVES * batch / count), dtype=torch.float32)


def train_on(shops, args, path=None):
    """Trains on `(embeddings, examples, weight)` shops; returns the model and notes of how it was made."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    model = ForYou(**CONFIG)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    parts = [part for embeddings, examples, weight in shops for part in (embeddings, examples, weight)]
    mark = checkpoint.fingerprint(CONFIG, NEGATIVES, FOREIGN, STILL, args.batch, args.seed, *parts)
    state = checkpoint.load(path, mark, args.fresh) if path else None
    first = 0
    if state:
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        rng.setstate(state["rng"])
        first = state["step"]
    tables = [torch.tensor(encode.padded_table(embeddings)) for embeddings, _, _ in shops]
    log_q = [log_expected(len(embeddings), examples, args.batch) for embeddings, examples, _ in shops]
    began = time.time()
    model.train()
    for step in range(first, args.steps):
        [shop] = rng.choices(range(len(shops)), [weight for _, _, weight in shops])
        table, examples = tables[shop], shops[shop][1]
        chosen = rng.choices(examples, k=args.batch)
        padded = [encode.pad(history) for history, _ in chosen]
        items = table[torch.tensor([i for i, _ in padded])]
        targets = torch.tensor([rng.choice(targets) for _, targets in chosen])
        candidates = torch.cat([targets, torch.randint(len(table) - 1, (args.batch * NEGATIVES,))])
        still = (torch.rand(args.batch, 1) >= STILL).float()
        sought = table[candidates]
        if rng.random() < FOREIGN:
            turn = torch.linalg.qr(torch.randn(CONFIG["dim"], CONFIG["dim"])).Q
            items, sought = items @ turn, sought @ turn
        query = model(items, torch.tensor([a for _, a in padded]), still)
        scores = query @ sought.T / 0.07 - log_q[shop][candidates]
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
            if path:
                checkpoint.save(path, mark=mark, model=model.state_dict(), optimiser=optimiser.state_dict(), step=step + 1, rng=rng.getstate())
    notes = {"seed": args.seed, "steps": max(first, args.steps), "batch": args.batch, "training": mark, "torch": torch.__version__}
    return model.eval(), notes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint")
    args = parser.parse_args()
    model, notes = train_on(domains(args.seed), args, CHECKPOINT)
    notes["item_text_sha256"] = checkpoint.fingerprint_of_file(encode.MODEL)
    plain = export.for_you(weights_of(model), CONFIG, ROOT / "build/training/for-you.f32.onnx", notes)
    print(export.products_q8(plain, ROOT / "models/for-you/model.q8.onnx", notes))


if __name__ == "__main__":
    main()
