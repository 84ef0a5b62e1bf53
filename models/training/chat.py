"""Trains the chat encoder: from a text's units to a vector that says what is wanted.

    python models/training/chat.py --name chat-begun         # from scratch: minutes on a GPU, a day on a CPU
    python models/training/chat.py --start chat-begun        # goes on from that; what ships: models/chat-encoder/model.q8.onnx
    python models/training/chat.py --start shipped           # goes on from the file that ships, from a clean clone
    python models/training/chat.py --without banking77       # from scratch, never having seen that set: how well it transfers
    python models/training/chat.py --only clinc150           # of one set alone: what the architecture can do

Several may run side by side on one GPU. `--start` takes half an hour on one thread of a CPU, keeps a checkpoint beside the others and goes
on from it when it is run again. Trained on labelled texts of all sets at once: cross-entropy within each
text's own set, two noisy views that must agree, hidden words to guess. Test parts are never read. Writes under
build/training/ (`--out`) NAME.f32.onnx, NAME.q8.onnx and NAME.classifier.npz, and copies what ships to models/.
"""

import argparse
import dataclasses
import json
import pathlib
import re
import shutil

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import chat_fit
import chat_network
import checkpoint
import export
import export_chat
from chat_corpus import Corpus
from datasets import OUT_OF_SCOPE, banking77, bitext27, clinc150, retail, uci

ROOT = pathlib.Path(__file__).parents[2]
SHIPPED = ROOT / "models/chat-encoder/model.q8.onnx"
WHAT_SHIPS = "shipped"  # as a name to start from
# How much of a batch is of a set.
SHARES = {"retail": 0.55, "clinc150": 0.2, "banking77": 0.15, "bitext27": 0.05, "titles": 0.05}
# Of an intent's share: what the set has, what is drawn from patterns, what is borrowed from other sets.
SOURCES = {"train": 0.75, "drawn": 0.2, "borrowed": 0.05}
# Settings of a training that goes on from another one's weights.
FURTHER = {"rate": 4e-4, "batch": 64, "average": 0.99, "twice": 0.0, "guesses": 0.0}
OUTSIDE = 4.0  # how much more often than an intent what is out of scope is seen


def load(names, borrow):
    """`{name: {part: rows}}` of the sets, without their tests; `borrow` gives the retail set texts of others too."""
    loaders = {"clinc150": clinc150, "banking77": banking77, "bitext27": bitext27}
    sets = {}
    for name in names:
        if name == "titles":
            sets[name] = {"train": [(title, None) for title in uci.load(before=uci.VALIDATION)[0]]}
        elif name == "retail":
            sets[name] = {**retail.load(), "drawn": retail.drawn(), "borrowed": [row for row, of in retail.borrowed() if of in borrow]}
        else:
            sets[name] = loaders[name].load()
        sets[name].pop("test", None)
    return sets


def weights(corpus):
    """[n]: how often each text is drawn. Within the retail set every intent is, whatever its number of texts."""
    found = np.zeros(len(corpus.labels))
    labels = corpus.labels.cpu().numpy()
    total = sum(SHARES[name] for name in corpus.names)
    for name in corpus.names:
        own = np.zeros_like(found)
        if name != "retail":
            own[list(corpus.rows[name, "train"])] = 1
        else:
            for source, share in SOURCES.items():
                rows = np.array(corpus.rows[name, source], int)
                for label in np.unique(labels[rows]) if len(rows) else ():
                    of = rows[labels[rows] == label]
                    own[of] = share / len(of) * (OUTSIDE if corpus.classes[label][1] == OUT_OF_SCOPE else 1)
        found += SHARES[name] / total * own / own.sum()
    return found


def stored(path):
    """Weights of an encoder's file, in f32 or int8, by their names in `chat_fit.Model`; what only training needs is not among them."""
    found = {}
    arrays = {tensor.name: numpy_helper.to_array(tensor).copy() for tensor in onnx.load(path).graph.initializer}
    for key, array in arrays.items():
        if key.endswith("weight_quantized"):
            key = key.removesuffix("_quantized")
            array = array * arrays[f"{key}_scale"]
        found[key] = array.T if key.endswith("weight") and array.ndim == 2 else array
    found["table"] = found["table"].astype(np.float32) * found["scale"]
    found["positions"] = found["positions"][0]
    names = dict(chat_network.Encoder(found["table"].shape[1], found["positions"].shape[1], 1, 0, 1, 0).named_parameters())
    return {f"encoder.{key}": torch.tensor(array) for key, array in found.items() if key in names or re.search(r"^blocks.*(weight|bias)$", key)}


def begun(folder, name, corpus, settings, seed):
    """Weights to go on from: those that `write` wrote under that name, or the shipped file's, for which a classifier is fitted anew."""
    if name == WHAT_SHIPS:
        encoder = stored(SHIPPED)
        return {**encoder, **chat_fit.classifier(encoder, corpus, settings, seed)}
    own = np.load(folder / f"{name}.classifier.npz")
    if json.loads(str(own["classes"])) != [list(of) for of in corpus.classes]:
        raise ValueError(f"{name} has other classes than the data")
    return {**stored(folder / f"{name}.f32.onnx"), "classifier.weight": torch.tensor(own["weight"]) / settings.scale, "classifier.bias": torch.tensor(own["bias"])}


def write(model, corpus, name, folder, settings, notes):
    """The encoder as ONNX in f32 and int8, and its classifier."""
    encoder = {key: value.float().cpu().numpy() for key, value in model.encoder.state_dict().items()}
    plain = export_chat.encoder(encoder, settings.heads, folder / f"{name}.f32.onnx", notes)
    export.products_q8(plain, folder / f"{name}.q8.onnx", notes)
    with torch.no_grad():
        directions = torch.nn.functional.normalize(model.classifier.weight, dim=-1) * settings.scale
    np.savez_compressed(folder / f"{name}.classifier.npz", weight=directions.cpu().numpy(), bias=model.classifier.bias.detach().cpu().numpy(),
                        classes=json.dumps(corpus.classes))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--without", choices=SHARES, help="leave a set out")
    which.add_argument("--only", choices=SHARES, help="train on one set")
    which.add_argument("--start", metavar="NAME", help=f"begin with the weights of NAME.f32.onnx and NAME.classifier.npz in --out; '{WHAT_SHIPS}': of the file that ships")
    parser.add_argument("--steps", type=int, help=f"default: {chat_fit.Settings.steps}, and 2000 from a start")
    parser.add_argument("--seconds", type=float, help="end training by then, at fewer steps")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="other settings than those that ship")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/training")
    parser.add_argument("--name", help="of the files; default: chat, chat-without-SET or chat-only-SET")
    args = parser.parse_args()
    changed = dict(pair.split("=") for pair in args.set)
    kinds = {field.name: field.type for field in dataclasses.fields(chat_fit.Settings)}
    usual = {"steps": 2000, **FURTHER} if args.start else {}
    given = {key: kinds[key](value) for key, value in changed.items()} | ({"steps": args.steps} if args.steps else {})
    settings = dataclasses.replace(chat_fit.Settings(), **{**usual, **given})
    names = [args.only] if args.only else [name for name in SHARES if name != args.without]
    name = args.name or (f"chat-without-{args.without}" if args.without else f"chat-only-{args.only}" if args.only else "chat")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    sets = load(names, names if not args.only else ())
    corpus = Corpus(sets, args.seed)
    of = weights(corpus)
    mark = checkpoint.fingerprint(settings, args.seed, corpus.sentences.numpy(), corpus.table.numpy(), of)
    start = begun(args.out, args.start, corpus, settings, args.seed) if args.start else None
    kept = chat_fit.Kept(args.out / f"{name}.pt", mark) if device == "cpu" else None
    corpus.to(device)
    model, steps = chat_fit.fit(corpus, of, settings, args.seed, seconds=args.seconds, start=start, kept=kept, say=lambda line: print(f"{name}: {line}", flush=True))
    notes = {"seed": args.seed, "steps": steps, "batch": settings.batch, "sets": " ".join(names), "training": mark, "torch": torch.__version__}
    if args.start:
        notes["start"] = checkpoint.fingerprint_of_file(SHIPPED if args.start == WHAT_SHIPS else args.out / f"{args.start}.f32.onnx")
    args.out.mkdir(parents=True, exist_ok=True)
    write(model, corpus, name, args.out, settings, notes)
    for of_set in names:
        if of_set != "titles":
            rows = corpus.rows[of_set, "validation"]
            found = chat_fit.probabilities(model, corpus, rows).argmax(1)
            right = (found == corpus.labels[rows.start:rows.stop]).float().mean().item()
            print(f"{name}: {of_set} validation, all classes: {right:.4f}", flush=True)
    if name == "chat":
        SHIPPED.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(args.out / f"{name}.q8.onnx", SHIPPED)
        print(SHIPPED)


if __name__ == "__main__":
    main()
