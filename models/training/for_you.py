"""Trains the `for-you` model: a self-attentive encoder from a history to the place where the next item is sought.

    python models/training/for_you.py [--steps 3000] [--seed 20261124] [--without-uci]

It sees items only through how like each other their item-text embeddings are, so that it works on catalogues it never
saw. Softmax over
the batch's targets and even negatives, corrected for how often each is drawn (logQ; Yi et al. 2019). Weights come
from UCI Online Retail before October 2011, from generated shops, and from walks among the texts of both. Needs
models/item-text. Writes models/for-you/model.q8.onnx, and under build/training the same in f32 and a checkpoint to go
on from. `--without-uci --out DIR` is for measuring transfer to UCI Online Retail.
"""

import argparse
import pathlib
import random
import time

import torch
from torch import nn

import checkpoint
import encode
import export
from datasets import completejourney, generated, uci
from network import ForYou, weights_of
from walks import walks

ROOT = pathlib.Path(__file__).parents[2]
CHECKPOINT = "for-you.pt"
CONFIG = {"dim": 64, "heads": 2, "layers": 1, "inner": 128, "length": encode.LENGTH}
SHOP_SEEDS = range(101, 105)
WALKS = 60_000
WALK_WEIGHT = 2
RATE = 3e-3
TEMPERATURE = 0.07  # of the softmax over likenesses
NEGATIVES = 4  # even negatives an example


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


def domains(seed, with_uci=True, walk_weight=WALK_WEIGHT):
    """`(embeddings, examples, weight)` a shop: sequences of different shops never share a batch."""
    rng = random.Random(seed)
    shops = []
    if with_uci:
        titles, customers = uci.load(before=uci.VALIDATION)
        shops.append((encode.items(titles), uci_examples(customers), 3))
    for shop in SHOP_SEEDS:
        english, chinese, sessions = generated.load(shop)
        examples = session_examples(sessions)
        rng.shuffle(examples)
        shops.append((encode.items([f"{e} {c}" for e, c in zip(english, chinese)]), examples[:40_000], 1))
    if walk_weight:
        kinds = encode.items([f"{kind} {category}" for kind, category, _ in completejourney.products()])
        catalogues = [embeddings for embeddings, _, _ in shops[:1 + with_uci]] + [kinds]
        shops += [(embeddings, walks(embeddings, encode.PURCHASE, WALKS, rng), walk_weight) for embeddings in catalogues]
    return shops


class Examples:
    """A shop's examples as tensors on a device; batches of them are drawn without leaving it."""

    def __init__(self, embeddings, examples, device):
        padded = [encode.pad(history) for history, _ in examples]
        self.items = torch.tensor([items for items, _ in padded], device=device)
        self.actions = torch.tensor([actions for _, actions in padded], device=device)
        self.targets = torch.tensor([target for _, targets in examples for target in targets], device=device)
        self.sizes = torch.tensor([len(targets) for _, targets in examples], device=device)
        self.firsts = self.sizes.cumsum(0) - self.sizes
        self.table = torch.tensor(encode.padded_table(embeddings), device=device)
        # How often an item is a target, where an example with several counts as one.
        each = (1 / self.sizes / len(examples)).repeat_interleave(self.sizes)
        self.chance = torch.zeros(len(embeddings), device=device).index_add_(0, self.targets, each)

    def draw(self, size):
        """Items' vectors `[size, T, dim]`, actions `[size, T]`, one target each."""
        chosen = torch.randint(len(self.sizes), (size,), device=self.items.device)
        # The product may round up to the size itself.
        place = (torch.rand(size, device=chosen.device) * self.sizes[chosen]).long().minimum(self.sizes[chosen] - 1)
        return self.table[self.items[chosen]], self.actions[chosen], self.targets[self.firsts[chosen] + place]

    def log_expected(self, candidates, batch):
        """How often each of `candidates` is expected among a batch's, as a target or as a negative."""
        return (batch * self.chance + NEGATIVES * batch / len(self.chance)).log()[candidates]


def loss_of(model, shop, size):
    """Of a batch of `shop`, an `Examples`."""
    items, actions, targets = shop.draw(size)
    device = targets.device
    candidates = torch.cat([targets, torch.randint(len(shop.chance), (size * NEGATIVES,), device=device)])
    scores = model(items, actions) @ shop.table[candidates].T / TEMPERATURE - shop.log_expected(candidates, size)
    same = candidates[None, :] == targets[:, None]
    own = torch.arange(size, device=device)
    same[own, own] = False
    return nn.functional.cross_entropy(scores.masked_fill(same, -1e9), own)


def train_on(shops, args, path=None):
    """Trains on `(embeddings, examples, weight)` shops; returns the model and notes of how it was made."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    model = ForYou(**CONFIG).to(args.device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    parts = [part for embeddings, examples, weight in shops for part in (embeddings, examples, weight)]
    mark = checkpoint.fingerprint(CONFIG, NEGATIVES, TEMPERATURE, args.batch, args.seed, args.steps, *parts)
    state = checkpoint.load(path, mark, args.fresh) if path else None
    first = 0
    if state:
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        rng.setstate(state["rng"])
        first = state["step"]
    weights = [weight for _, _, weight in shops]
    shops = [Examples(embeddings, examples, args.device) for embeddings, examples, _ in shops]
    began = time.time()
    model.train()
    for step in range(first, args.steps):
        # The last third of the steps are ever smaller.
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, max(0.02, 3 * (1 - step / args.steps)))
        loss = loss_of(model, rng.choices(shops, weights)[0], args.batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if (step + 1) % 200 == 0:
            rate = (step + 1 - first) / (time.time() - began)
            print(f"step {step + 1}/{args.steps}  loss {loss.item():.3f}  {rate:.1f} steps/s", flush=True)
            if path:
                checkpoint.save(path, mark=mark, model=model.state_dict(), optimiser=optimiser.state_dict(), step=step + 1, rng=rng.getstate())
    notes = {"seed": args.seed, "steps": args.steps, "batch": args.batch, "training": mark, "torch": torch.__version__, "device": args.device}
    return model.eval().cpu(), notes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint")
    parser.add_argument("--without-uci", action="store_true", help="for measuring transfer to it")
    parser.add_argument("--walk-weight", type=int, default=WALK_WEIGHT, help="how often walks are drawn, against 3 for UCI Online Retail")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "models/for-you", help="where model.q8.onnx goes")
    args = parser.parse_args()
    shipped = args.out == parser.get_default("out")
    beside = ROOT / "build/training" if shipped else args.out
    shops = domains(args.seed, not args.without_uci, args.walk_weight)
    model, notes = train_on(shops, args, beside / CHECKPOINT)
    notes["item_text_sha256"] = checkpoint.fingerprint_of_file(encode.MODEL)
    plain = export.for_you(weights_of(model), CONFIG, beside / "for-you.f32.onnx", notes)
    print(export.products_q8(plain, args.out / "model.q8.onnx", notes))


if __name__ == "__main__":
    main()
