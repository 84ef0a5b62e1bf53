"""Tries settings of the chat encoder side by side and scores them on validation. For a GPU.

    python models/training/choose_chat.py FOLDER [--seconds 200]

Each worker goes through its trials until the time is up. FOLDER receives a line of figures a trial (`trials.jsonl`) and the
validation probabilities (`NAME.npz`), from which ensembles can be tried without training anything again.
"""

import argparse
import dataclasses
import json
import multiprocessing
import pathlib
import time
import traceback

import numpy as np

UNCAPTURED = 3  # exit status of a worker whose first trial failed: it is begun again without captured graphs
SETS = ("clinc150", "banking77", "bitext27", "retail")

# name, what is trained on, what is scored, settings; `frozen` sets get a head over the encoder, which has not seen them.
BASE = {"epochs": 30}
WORKERS = [
    [("base", "clinc150", {}), ("dropout45", "clinc150", {"dropout": 0.45}), ("halves", "clinc150", {"halves": 0.3}),
     ("mixed", "clinc150", {"mixed": 0.5}), ("student", "clinc150", {"taught": 0.8, "halves": 0.5, "twice": 0.0, "epochs": 60}),
     ("long", "clinc150", {"epochs": 80})],
    [("layers2", "clinc150", {"layers": 2, "inner": 512}), ("hidden30", "clinc150", {"hidden": 0.3}), ("once", "clinc150", {"twice": 0.0}),
     ("rate2", "clinc150", {"rate": 2e-3}), ("dropout15", "clinc150", {"dropout": 0.15}), ("scale24", "clinc150", {"scale": 24.0}),
     ("misspelt15", "clinc150", {"misspelt": 0.15}), ("batch128", "clinc150", {"batch": 128})],
    [("layers1", "clinc150", {"layers": 1}), ("guesses", "clinc150", {"guesses": 0.3}), ("twice3", "clinc150", {"twice": 3.0}), ("table256", "clinc150", {"table": 256}),
     ("smooth0", "clinc150", {"smoothing": 0.0}), ("scale10", "clinc150", {"scale": 10.0}), ("layers4", "clinc150", {"layers": 4})],
    [("banking", "banking77", {"epochs": 40}), ("without-banking", "clinc150 bitext27 retail titles", {"guesses": 0.2}),
     ("all", "clinc150 banking77 bitext27 retail titles", {"guesses": 0.2, "epochs": 40}),
     ("without-banking-plain", "clinc150 bitext27 retail", {})],
    [("retail", "retail", {"epochs": 60}), ("without-clinc", "banking77 bitext27 retail titles", {"guesses": 0.2}), ("tuned-clinc", "clinc150", {"start": "without-clinc"}),
     ("retail-layers1", "retail", {"epochs": 60, "layers": 1, "dropout": 0.45})],
]


def load(names):
    """The sets, without their test parts."""
    from datasets import banking77, bitext27, clinc150, retail, uci
    loaders = {"clinc150": clinc150, "banking77": banking77, "bitext27": bitext27, "retail": retail}
    sets = {name: {part: rows for part, rows in loaders[name].load().items() if part != "test"} for name in SETS if name in names}
    if "titles" in names:
        titles, _ = uci.load(before=uci.VALIDATION)
        sets["titles"] = {"train": [(title, None) for title in titles]}
    return sets


class Worker:
    def __init__(self, number, folder, until, small, captured):
        import torch
        torch.set_num_threads(1)
        self.torch, self.number, self.folder, self.until, self.small, self.captured = torch, number, pathlib.Path(folder), until, small, captured
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.corpora, self.models, self.heads = {}, {}, {}

    def say(self, text):
        print(f"[{self.number}] {text}", flush=True)

    def corpus(self, names):
        import chat_corpus
        if names not in self.corpora:
            sets = load(names)
            if self.small:
                sets = {name: {part: rows[::self.small] for part, rows in parts.items()} for name, parts in sets.items()}
            self.corpora[names] = (sets, chat_corpus.Corpus(sets, seed=1).to(self.device))
        return self.corpora[names]

    def trial(self, name, trained, changes):
        import chat_fit
        changes = {**BASE, **changes}
        start = changes.pop("start", None)
        settings = chat_fit.Settings(**changes)
        if self.small:
            settings = dataclasses.replace(settings, table=16, dim=32, layers=1, inner=32, epochs=1, batch=32)
        several = len(trained.split()) > 1 or start
        sets, corpus = self.corpus((*SETS, "titles") if several else (trained,))
        rows = [at for part in trained.split() for which in ("train", "drawn") for at in corpus.rows.get((part, which), ())]
        teachers = [m for m in self.models.values() if m.classifier.weight.shape[0] == len(corpus.classes)] if settings.taught else ()
        began = time.time()
        model = chat_fit.fit(corpus, rows, settings, seed=1, teachers=teachers, start=self.models[start].encoder.state_dict() if start else None, say=self.say,
                             captured=self.captured)
        figures = {"trial": name, "seconds": round(time.time() - began, 1), "teachers": len(teachers)}
        arrays = {}
        for part in SETS:
            if part not in sets:
                continue
            held = corpus.rows[part, "validation"]
            own = [at for at, (of, _) in enumerate(corpus.classes) if of == part]
            labels = corpus.labels[held.start:held.stop].cpu().numpy() - own[0]
            refused = next((at for at, one in enumerate(own) if corpus.classes[one][1] == "out_of_scope"), None)
            if part in trained.split():
                arrays[part] = chat_fit.probabilities(model, corpus, held)[:, own].float().cpu().numpy()
                figures[part] = self.scores(arrays[part], labels, refused)
            elif several and not start:
                self.frozen(part, sets[part], model, corpus, own, labels, refused, figures, arrays)
        with (self.folder / "trials.jsonl").open("a") as file:
            file.write(json.dumps(figures) + "\n")
        np.savez_compressed(self.folder / f"{name}.npz", **{k: v.astype(np.float16) for k, v in arrays.items()})
        self.models[name] = model
        if name == "all":
            self.torch.save({k: v.half().cpu() for k, v in model.state_dict().items()}, self.folder / f"{name}.pt")
        self.say(json.dumps(figures))

    def scores(self, probabilities, labels, refused):
        import chat_scores
        return chat_scores.summary(probabilities, labels, refused)

    def frozen(self, part, parts, model, corpus, own, labels, refused, figures, arrays):
        """Heads over the encoder for a set it was not trained on."""
        import chat_fit
        import chat_head
        torch = self.torch
        if part not in self.heads:
            grams = {which: [chat_head.ngrams(text) for text, _ in rows] for which, rows in parts.items() if which != "drawn"}
            rarity = chat_head.Rarity.of(grams["train"])
            self.heads[part] = {which: chat_head.sparse(found, rarity).to(self.device) for which, found in grams.items()}
        grams = self.heads[part]
        wide = []
        hook = model.encoder.outputs.register_forward_pre_hook(lambda _, inputs: wide.append(inputs[0].float()))
        vectors = {which: chat_fit.embed(model, corpus, corpus.rows[part, which]).float() for which in ("train", "validation")}
        hook.remove()
        wide = torch.nn.functional.normalize(torch.cat(wide), dim=-1)
        cut = len(vectors["train"])
        wider = {"train": wide[:cut], "validation": wide[cut:]}
        train = corpus.rows[part, "train"]
        y = corpus.labels[train.start:train.stop] - own[0]
        trials = {f"unit x{length}": (vectors, length) for length in (0.0, 1.0, 3.0)} | {f"wide x{length}": (wider, length) for length in (1.0, 3.0)}
        for name, (found, length) in trials.items():
            head = chat_head.fit(grams["train"], found["train"], y, len(own), ridge=1e-5, length=length)
            p = head.scores(grams["validation"], found["validation"], length).softmax(1).cpu().numpy()
            figures[f"{part} frozen {name}"] = self.scores(p, labels, refused)
            arrays[f"{part} {name}"] = p
        for which in ("train", "validation") if part == "banking77" else ():
            arrays[f"{part} embedding {which}"] = vectors[which].cpu().numpy()
            arrays[f"{part} wide {which}"] = wider[which].cpu().numpy()

    def run(self):
        for name, trained, changes in WORKERS[self.number]:
            if time.time() > self.until:
                return
            try:
                self.trial(name, trained, changes)
            except Exception:
                self.say(f"{name} failed\n{traceback.format_exc()}")
                if self.captured and not self.models:
                    raise SystemExit(UNCAPTURED) from None


def work(*args):
    Worker(*args).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=200, help="start no trial after these")
    parser.add_argument("--small", type=int, default=0, help="every Nth text and tiny networks: does it run at all")
    args = parser.parse_args()
    pathlib.Path(args.folder).mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    until = time.time() + args.seconds
    start = lambda number, captured: context.Process(target=work, args=(number, args.folder, until, args.small, captured))  # noqa: E731
    workers = [start(number, True) for number in range(len(WORKERS))]
    for worker in workers:
        worker.start()
    for number, worker in enumerate(workers):
        worker.join()
        if worker.exitcode == UNCAPTURED:
            workers[number] = start(number, False)
            workers[number].start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
