"""Compares recommenders on one log, each alone and beside neighbours: the table of docs/recommenders.md.

    python models/training/compare.py --data amazon-beauty --out build/compare [--rows sasrec,gru] [--seeds 1,2] [--test]

Every choice (stopping, neighbours, blend) is made on validation. With `--test` the chosen is measured on test, once a
row and seed. Rows that --out already has are not fitted again. Several rows at a time with `--workers`.
"""

import argparse
import concurrent.futures
import dataclasses
import functools
import json
import multiprocessing
import pathlib
import time

import torch

import companions
import fitting
import logs
from blend import Blend, relative
from ranking import interval, measures, ranks, rounded

# What each row changes in `fitting.Settings`; rows without are no sequence model.
ROWS = {
    "popularity": None,
    "item-kNN": None,
    "neighbours": None,
    "sasrec": {},
    "sasrec, ids only": {"text": False, "attributes": False},
    "sasrec, sampled softmax": {"loss": "sampled"},
    "sasrec, gBCE": {"loss": "gbce", "negatives": 256},
    "hstu": {"encoder": "hstu"},
    "gru": {"encoder": "gru"},
}
# What was tried to find the settings; on validation only.
VARIATIONS = {
    "dropout 0.2": {"dropout": 0.2},
    "dropout 0.5": {"dropout": 0.5},
    "hstu, dropout 0.5": {"encoder": "hstu", "dropout": 0.5},
    "1 layer": {"layers": 1},
    "3 layers": {"layers": 3},
    "dim 128": {"dim": 128, "inner": 512},
    "smoothing 0.1": {"smoothing": 0.1},
    "decay 0.1": {"decay": 0.1},
    "without attributes": {"attributes": False},
    "without text": {"text": False},
    "rate 0.001": {"rate": 1e-3},
    "batch 512": {"batch": 512},
}


def full_ranks(log, blend, votes, model, side, asked, seen_too, block=256):
    """Ranks over all items for `asked`: without what is seen, and with it where `seen_too`."""
    found, kept = [], []
    table = model.vectors().detach() if model else None
    for items, actions, targets, seen, _ in zip(*(part.split(block) for part in asked)):
        given = side.votes(items, votes)
        dots = fitting.dots(model, items, actions, table) if model else torch.zeros_like(given)
        below, share = relative(dots, given)
        scores = blend.scores(below, share, side.popularity[None, :])
        if seen_too:
            kept.append(ranks(scores, targets))
        found.append(ranks(fitting.without(scores, seen) if log.exclude_seen else scores, targets))
    return torch.cat(found), torch.cat(kept) if kept else None


@functools.lru_cache(maxsize=1)
def prepared(data, device):
    """`(log, validation questions, companions, neighbours alone by validation)`: what rows of one log share."""
    log = logs.load(data)
    asked = log.questions("validation", fitting.Settings.length, device)
    side = companions.Companions(log.train[0], log.shop.count, device)
    return log, asked, side, side.best_alone(companions.candidates(), log.sample(asked, 4), log.exclude_seen, log.measure)


def row(name, changes, data, seed, device, test, minutes, epochs, threads):
    """All figures of one row: of validation, and of test if asked."""
    began = time.time()
    torch.set_num_threads(threads)
    log, asked, side, ranked = prepared(data, device)
    by = log.measure
    model, history, settings = None, [], None
    if name == "popularity":
        pairs = {"": (Blend(0.0, neighbours=0.0, popularity=1.0), companions.Votes())}
    elif name in ("item-kNN", "neighbours"):
        plain = [votes for _, votes, _ in ranked if (votes.kind, votes.closeness, votes.power) == ("cosine", 1.0, 0.5)]
        pairs = {"": (Blend(0.0, neighbours=1.0, popularity=0.001), plain[0] if name == "item-kNN" else ranked[0][1])}
    else:
        settings = fitting.Settings(**{"seed": seed, "epochs": epochs, **log.settings, **changes})
        model, history = fitting.fit(settings, log.shop, log.train, asked, log.exclude_seen, device, minutes=minutes, by=by, quiet=True)
        blend, votes, _ = side.best_beside(model, companions.distinct(ranked, 4), asked, log.exclude_seen, by)
        pairs = {"": (Blend(neighbours=0.0, temperature=4.0), votes), " + neighbours": (blend, votes)}
    found = {}
    for suffix, (blend, votes) in pairs.items():
        places, _ = full_ranks(log, blend, votes, model, side, asked, False)
        found[name + suffix] = {"seed": seed, "blend": dataclasses.asdict(blend), "votes": dataclasses.asdict(votes), "validation": rounded(measures(places, asked[4]))}
    if test and log.refits:
        # Once more on all that is known, for as long as validation said.
        if settings:
            whole = dataclasses.replace(settings, epochs=max(history, key=lambda entry: entry[by])["epoch"])
            model, _ = fitting.fit(whole, log.shop, log.known, None, log.exclude_seen, device, quiet=True)
        side = companions.Companions(log.known[0], log.shop.count, device)
    for suffix, (blend, votes) in pairs.items() if test else ():
        questions = log.questions("test", fitting.Settings.length, device)
        places, kept = full_ranks(log, blend, votes, model, side, questions, log.exclude_seen)
        limits = {f"{measure}@{k} 95 %": rounded(interval(places, questions[4], measure, k)) for measure, k in (("hr", 10), ("ndcg", 10), ("hr", 20))}
        found[name + suffix]["test"] = {**rounded(measures(places, questions[4])), **limits}
        if kept is not None:
            found[name + suffix]["test, seen kept"] = rounded(measures(kept, questions[4]))
    if model:
        best = max(history, key=lambda entry: entry[by])
        found[name].update(epochs=best["epoch"], of=len(history), settings={k: v for k, v in dataclasses.asdict(settings).items() if k not in ("frequency", "count")})
    if name == "neighbours":
        found[name]["tried"] = [[round(value, 5), dataclasses.asdict(chosen)] for value, chosen, _ in ranked]
    found[name]["seconds"] = round(time.time() - began)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", action="append", required=True, help="a data set's name below NEARSHELF_DATA, or a folder; several times")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rows", default=";".join(ROWS), help="separated by semicolons; `variations` stands for what settings were chosen from")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="a worker")
    parser.add_argument("--minutes", type=float, default=30, help="most for fitting one row")
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    names = [n for part in args.rows.split(";") for n in (VARIATIONS if part == "variations" else [part])]
    tasks = []
    for data in args.data:
        path = args.out / f"{pathlib.Path(data).name}.{'test' if args.test else 'validation'}.json"
        have = json.loads(path.read_text()) if path.is_file() else {}
        for seed in args.seeds.split(","):
            tasks += [(data, path, name, int(seed)) for name in names if f"{name}, seed {seed}" not in have]
    workers = concurrent.futures.ProcessPoolExecutor(args.workers, mp_context=multiprocessing.get_context("spawn"))
    waiting = {}
    for data, path, name, seed in tasks:
        changes = {**ROWS, **VARIATIONS}[name]
        waiting[workers.submit(row, name, changes, data, seed, args.device, args.test, args.minutes, args.epochs, args.threads)] = (path, seed, name)
    for done in concurrent.futures.as_completed(waiting):
        path, seed, name = waiting[done]
        try:
            found = done.result()
        except Exception as error:  # one row's failure is told and leaves the others be
            print(f"{path.stem}: {name}, seed {seed} failed: {type(error).__name__}: {error}", flush=True)
            continue
        have = json.loads(path.read_text()) if path.is_file() else {}
        have.update({f"{row_name}, seed {seed}": entry for row_name, entry in found.items()})
        path.write_text(json.dumps(have, indent=1))
        for row_name, entry in found.items():
            shown = {part: {k: entry[part][k] for k in ("hr@10", "ndcg@10", "hr@20", "mrr@20")} for part in ("validation", "test") if part in entry}
            print(f"{path.stem}: {row_name}, seed {seed}: {shown} {entry.get('epochs', '')} {entry.get('seconds', '')}", flush=True)


if __name__ == "__main__":
    main()
