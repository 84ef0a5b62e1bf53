"""Fits a recommender on one shop's own events, and writes what `nearshelf` packs and executes.

    python models/training/fine_tune.py --data DIR --out OUT [--minutes 50] [--seed 1] [--refit] [--fresh]

DIR holds `items.jsonl.gz` and `sequences.tsv.gz`, or `catalogue.csv` and `events.csv`. Of each shopper's events the last
is never looked at (the test's), the one before it is validation: it stops the fitting and chooses the settings, the
neighbours and the blend. OUT gets the encoder in int8, item vectors, neighbours, `tuning.json` and `validation.json`;
a run that was cut goes on from its checkpoint. `--refit` fits once more on train and validation with what was chosen:
for a shop's own use, and not for comparing with published figures except where the published protocol trains on all
sessions.
"""

import argparse
import dataclasses
import json
import pathlib
import time

import numpy as np
import torch

import companions
import encode
import export
import fitting
import logs
from blend import Blend, relative
from network import weights_of
from ranking import measures, ranks, rounded

SAMPLED_FROM = 60_000  # items from which the softmax is sampled rather than full
UNGUIDED_EPOCHS = 20  # where there is no validation to stop by
LARGEST_QUESTIONS = {"cpu": 100_000_000, "cuda": 2_000_000_000}  # by kind of device: questions times items when measuring


def options(log, device):
    """Settings to choose from on validation: on a GPU more of them."""
    loss = "full" if log.shop.count <= SAMPLED_FROM else "sampled"
    gated = fitting.Settings(encoder="hstu", loss=loss, **log.settings)
    # Gated attention was ahead on every log it was tried on (docs/recommenders.md), and sooner.
    return [gated] if device == "cpu" else [gated, dataclasses.replace(gated, encoder="sasrec")]


def fitted(log, asked, args):
    """`(model, settings, tried)`: the best of the options by validation."""
    found, minutes = [], args.minutes
    choices = options(log, args.device)
    for at, settings in enumerate(choices):
        settings = dataclasses.replace(settings, seed=args.seed, epochs=args.epochs)
        print(f"settings {at + 1} of {len(choices)}: {settings.encoder}, dim {settings.dim}, dropout {settings.dropout}, {settings.loss} softmax", flush=True)
        path = args.out / f"checkpoint.{at}.pt"
        if args.fresh:
            path.unlink(missing_ok=True)
        model, history = fitting.fit(settings, log.shop, log.train, asked, log.exclude_seen, args.device, path, minutes / len(choices), log.measure)
        best = max(history, key=lambda entry: entry[log.measure])
        found.append((best[log.measure], model, dataclasses.replace(settings, epochs=best["epoch"]), history))
    _, model, settings, _ = max(found, key=lambda entry: entry[0])
    return model, settings, [{"settings": described(s), "epochs": history} for _, _, s, history in found]


@dataclasses.dataclass
class Chosen:
    """What validation chose, its measures, and what else was tried."""

    model: torch.nn.Module
    settings: fitting.Settings
    blend: Blend
    votes: companions.Votes
    values: dict
    models: list
    neighbours: list


def choose(log, asked, side, args):
    """Settings, neighbours and blend by validation."""
    ranked = side.best_alone(companions.candidates(), log.sample(asked, 4), log.exclude_seen, log.measure)
    print(f"neighbours alone, of every 4. question: {rounded(ranked[0][2])}", flush=True)
    model, settings, tried = fitted(log, asked, args)
    blend, votes, values = side.best_beside(model, companions.distinct(ranked, 3), asked, log.exclude_seen, log.measure)
    print(f"beside neighbours: hr@10 {values['hr@10']:.4f}  ndcg@10 {values['ndcg@10']:.4f}  {blend} {votes}", flush=True)
    alone = [{"votes": dataclasses.asdict(option), **rounded(measured)} for _, option, measured in ranked]
    return Chosen(model, settings, blend, votes, values, tried, alone)


def described(settings):
    return {name: value for name, value in dataclasses.asdict(settings).items() if name not in ("frequency", "count")}


def rows_q8(vectors):
    """Rows as a pack keeps them, one scale a row, back in f32."""
    largest = np.abs(vectors).max(1, keepdims=True)
    scale = np.where(largest > 0, largest, 1) / 127
    return (np.rint(vectors / scale) * scale).astype(np.float32)


def as_packed(path, vectors, side, blend, votes, asked, exclude_seen, block=512):
    """Measures of the file at `path` run by ONNX Runtime over rows of int8: what a pack will give."""
    run, table = encode.session(path), rows_q8(vectors)
    padded = encode.padded_table(table)
    found = []
    for items, actions, targets, seen, _ in zip(*(part.cpu().split(block) for part in asked)):
        feeds = zip(padded[items.numpy()], actions.numpy())
        queries = np.vstack([run.run(None, {"items": rows[None], "actions": kinds[None]})[0] for rows, kinds in feeds])
        given = side.votes(items.to(side.device), votes)
        dots = torch.as_tensor(queries @ table.T, device=side.device)
        scores = blend.scores(*relative(dots, given), side.popularity[None, :])
        seen = seen.to(side.device)
        found.append(ranks(fitting.without(scores, seen) if exclude_seen else scores, targets.to(side.device)))
    return measures(torch.cat(found), asked[4])


def write(args, model, settings, side, votes, notes):
    """The files of OUT but for `tuning.json`; the item vectors it wrote."""
    config = {"encoder": settings.encoder, "dim": settings.dim, "length": settings.length, "heads": settings.heads, "layers": settings.layers}
    plain = export.encoder(weights_of(model.encoder.cpu()), config, args.out / "encoder.f32.onnx", notes)
    export.products_q8(plain, args.out / "encoder.q8.onnx", notes)
    with torch.no_grad():
        vectors = model.vectors().cpu().numpy().astype(np.float32)
    np.save(args.out / "items.npy", vectors)
    ids, weights = (part.cpu().numpy() for part in side.lists(votes))
    np.save(args.out / "neighbours.ids.npy", np.where(ids < 0, 0xFFFFFFFF, ids).astype("<u4"))
    np.save(args.out / "neighbours.weights.npy", weights.astype("<f4"))
    np.save(args.out / "popularity.npy", side.popularity.cpu().numpy().astype("<f4"))
    return vectors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="a folder, or a data set's name below NEARSHELF_DATA")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=50, help="most for fitting, all settings together")
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--refit", action="store_true", help="fit once more on train and validation")
    parser.add_argument("--fresh", action="store_true", help="ignore checkpoints")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.time()
    log = logs.load(args.data)
    asked = log.questions("validation", fitting.Settings.length, args.device)
    step = 1 + len(asked[2]) * log.shop.count // LARGEST_QUESTIONS.get(torch.device(args.device).type, LARGEST_QUESTIONS["cpu"])
    print(f"{log.shop.count} items, {len(log.train[0])} shoppers, {len(asked[2])} validation questions, every {step}. asked; on {args.device}", flush=True)
    asked = log.sample(asked, step)
    side = companions.Companions(log.train[0], log.shop.count, args.device)
    if len(asked[2]):
        chosen = choose(log, asked, side, args)
    else:
        print("no shopper with three events or more: nothing can be chosen, so all stays as it is by default", flush=True)
        settings = dataclasses.replace(options(log, "cpu")[0], seed=args.seed, epochs=min(args.epochs, UNGUIDED_EPOCHS))
        model, _ = fitting.fit(settings, log.shop, log.train, None, log.exclude_seen, args.device)
        chosen = Chosen(model, settings, Blend(), companions.Votes(), {}, [], [])
    model, settings, blend, votes = chosen.model, chosen.settings, chosen.blend, chosen.votes
    notes = {**described(settings), "fitted_on": "train"}
    vectors = write(args, model, settings, side, votes, notes)
    packed = as_packed(args.out / "encoder.q8.onnx", vectors, side, blend, votes, asked, log.exclude_seen) if len(asked[2]) else {}
    if args.refit:
        notes["fitted_on"] = "train and validation"
        model, _ = fitting.fit(settings, log.shop, log.known, None, log.exclude_seen, args.device, args.out / "checkpoint.refit.pt")
        write(args, model, settings, companions.Companions(log.known[0], log.shop.count, args.device), votes, notes)
    tuning = {
        "version": 1, "dim": settings.dim, "length": settings.length, "fitted_on": notes["fitted_on"],
        "blend": dataclasses.asdict(blend),
        "votes": {"newest": votes.newest, "decay": votes.decay, "own": votes.own, "distinct": True, "kept": companions.KEPT},
        "exclude_seen": log.exclude_seen,
        "items_sha256": log.shop.ids_sha256,
        # Of what was fitted on train alone, whatever was written afterwards.
        "expected": {"questions": len(asked[2]), "every": step, "validation": rounded(chosen.values), "int8_validation": rounded(packed)},
    }
    (args.out / "tuning.json").write_text(json.dumps(tuning, indent=1) + "\n")
    record = {"models": chosen.models, "neighbours": chosen.neighbours, "seconds": round(time.time() - began)}
    (args.out / "validation.json").write_text(json.dumps(record, indent=1) + "\n")
    figures = f"int8 hr@10 {packed['hr@10']:.4f}  ndcg@10 {packed['ndcg@10']:.4f}; " if packed else ""
    print(f"{figures}{time.time() - began:.0f} s in all → {args.out}", flush=True)


if __name__ == "__main__":
    main()
