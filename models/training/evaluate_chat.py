"""Measures the chat encoder: the int8 files, run by ONNX Runtime, with heads as the product fits them.

    python models/training/evaluate_chat.py [--split validation]

Thresholds and temperatures come from validation; the test split writes models/chat-encoder/metrics.json. Rows:

- retail: the shipped head on the held-out paraphrase groups, a language at a time.
- clinc150, banking77, bitext27: the classifier that an encoder was trained with, alone and with n-grams (the geometric mean
  of their probabilities); heads as the product fits them for any set, over the shipped encoder, which has seen the set's
  training texts, and over one that has never seen the set (`chat.py --without SET`).
- banking77-10-shot: heads from ten texts an intent over the encoder that has never seen the set; mean of 5 draws.

Encoders that don't ship are looked for in build/training; where one is missing, its rows are kept from the last
measurement.
"""

import argparse
import hashlib
import importlib.metadata
import json
import pathlib
import platform

import numpy as np
import onnx
import torch

import chat_head
import chat_scores
import retail_head
from datasets import OUT_OF_SCOPE, banking77, bitext27, clinc150, retail
from encode_chat import ROOT, SHIPPED, TRAINED, Encoder

SETS = {"clinc150": clinc150, "banking77": banking77, "bitext27": bitext27}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Trained(Encoder):
    """An encoder with the classifier it was trained with."""

    def __init__(self, name):
        super().__init__(SHIPPED if name == "chat" else TRAINED / f"{name}.q8.onnx")
        self.classifier = np.load(TRAINED / f"{name}.classifier.npz")

    def scores(self, name, intents, texts):
        """[n, classes]: log-probabilities of the classifier that the encoder was trained with, over the set's intents."""
        at = [json.loads(str(self.classifier["classes"])).index([name, intent]) for intent in intents]
        found = self(texts).numpy() @ self.classifier["weight"][at].T + self.classifier["bias"][at]
        return np.log(chat_scores.softmax(found) + 1e-9)


class Problem:
    """A set of intents: its parts as texts and labels, and its n-grams."""

    def __init__(self, rows, more=()):
        """`rows`: `{part: [(text, intent), ...]}`; `more` is trained on too."""
        self.intents = sorted({intent for _, intent in rows["train"]})
        self.refused = self.intents.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.intents else None
        parts = {**rows, "train": [*rows["train"], *more]}
        self.texts = {part: [text for text, _ in of] for part, of in parts.items()}
        self.labels = {part: np.array([self.intents.index(intent) for _, intent in of]) for part, of in parts.items()}
        grams = {part: [chat_head.ngrams(text) for text in of] for part, of in self.texts.items()}
        rarity = chat_head.Rarity.of(grams["train"])
        self.grams = {part: chat_head.sparse(of, rarity) for part, of in grams.items()}

    def head(self, encoder=None, length=chat_head.EMBEDDING):
        """`part -> [n, classes]`: scores of a head over the n-grams and, if there is one, the encoder."""
        vectors = {part: encoder(of) if encoder else torch.zeros(len(of), 0) for part, of in self.texts.items()}
        head = chat_head.fit(self.grams["train"], vectors["train"], torch.tensor(self.labels["train"]), len(self.intents), length=length)
        return {part: head.scores(self.grams[part], vectors[part], length).log_softmax(1).numpy().astype(float) for part in self.texts if part != "train"}

    def figures(self, scores, part, at=slice(None)):
        """What `scores` (`part -> [n, classes]`) are worth on a part, or on those `at` of it, settled on all of validation."""
        held, true = scores["validation"], self.labels["validation"]
        refusal = chat_scores.refusal(held, true, self.refused) if self.refused is not None else ()
        return chat_scores.summary(scores[part][at], self.labels[part][at], self.refused, chat_scores.temperature(held, true), *refusal)


def both(one, other, share=retail_head.SHARE):
    """Scores of two experts put together: the weighted geometric mean of their probabilities."""
    return {part: share * one[part] + (1 - share) * other[part] for part in one}


def exists(name):
    found = (TRAINED / f"{name}.classifier.npz").is_file() and (name == "chat" or (TRAINED / f"{name}.q8.onnx").is_file())
    if not found:
        print(f"{TRAINED}/{name}.* is missing: not measured")
    return found


def of_retail(part):
    """Rows of the retail set: the shipped head, both languages and each alone, and the experts it is made of.

    Validation is among the shipped head's examples: only its test figures say something.
    """
    problem, own_lines = Problem(retail.load(), more=retail.drawn()), Problem(retail.load())
    encoder, head = Encoder(), retail_head.read()
    settled = [head.calibration[name] for name in ("temperature", "refusal_temperature", "threshold")]
    shipped = head.scores(problem.texts[part], encoder(problem.texts[part]))
    experts = {"n-grams alone": problem.head(), "n-grams of the set's own lines alone": own_lines.head()}
    if exists("chat"):
        trained = Trained("chat")
        experts["the encoder's classifier alone"] = {which: trained.scores("retail", problem.intents, problem.texts[which]) for which in ("validation", "test")}
    for locale in ("both", "en", "zh"):
        theirs = {text for text, _ in retail.load(None if locale == "both" else locale)[part]}
        at = np.array([text in theirs for text in problem.texts[part]])
        yield "retail", f"{locale}: shipped head", chat_scores.summary(shipped[at], problem.labels[part][at], problem.refused, *settled)
        for row, scores in experts.items():
            yield "retail", f"{locale}: {row}", problem.figures(scores, part, at)


def of_known(name, part):
    """Rows of a set that the shipped encoder was trained on."""
    problem = Problem(SETS[name].load())
    plain = problem.head()
    yield name, "n-grams alone", problem.figures(plain, part)
    for trained, of in (("chat", "shipped encoder"), (f"chat-only-{name}", "encoder of this set alone")):
        if exists(trained):
            encoder = Trained(trained)
            own = {which: encoder.scores(name, problem.intents, problem.texts[which]) for which in plain}
            yield name, f"{of}: its classifier", problem.figures(own, part)
            yield name, f"{of}: its classifier and n-grams", problem.figures(both(own, plain), part)
    yield name, "shipped encoder: head over it and n-grams", problem.figures(problem.head(Encoder()), part)
    if exists(f"chat-without-{name}"):
        unknowing = Trained(f"chat-without-{name}")
        yield name, "head over an encoder that has never seen the set, and n-grams", problem.figures(problem.head(unknowing), part)


def few_shots(shots=10, draws=5):
    """BANKING77 from few texts an intent, over the encoder that has never seen it."""
    if not exists("chat-without-banking77"):
        return
    encoder, test = Trained("chat-without-banking77"), banking77.load()["test"]
    right = {"n-grams alone": [], "head over an encoder that has never seen the set, and n-grams": []}
    for seed in range(draws):
        problem = Problem({"train": banking77.few(shots, seed), "test": test})
        for row, scores in zip(right, (problem.head(), problem.head(encoder))):
            right[row].append(chat_scores.accuracy(scores["test"].argmax(1), problem.labels["test"]))
    for row, values in right.items():
        yield f"banking77-{shots}-shot", row, {"accuracy": round(float(np.mean(values)), 4), "deviation": round(float(np.std(values)), 4)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--sets", nargs="*", choices=[*SETS, "retail", "few"], help="only these; the other rows stay, where their files have not changed")
    args = parser.parse_args()
    measured = {}
    for name in args.sets or ["retail", *SETS, "few"]:
        rows = of_retail(args.split) if name == "retail" else few_shots() if name == "few" else of_known(name, args.split)
        for data, row, figures in rows:
            measured.setdefault(data, {"split": args.split, "rows_are": "scored by", "rows": {}})["rows"][row] = figures
            print(f"{data:20} {row:75} {figures}", flush=True)
    if args.split == "test":
        record(measured)


def record(measured):
    """Writes metrics.json; rows of encoders that are not there are kept from the last measurement of the same files."""
    path = SHIPPED.with_name("metrics.json")
    found = {"model": SHIPPED.name, "sha256": sha256(SHIPPED), "head_sha256": sha256(retail_head.HEAD),
             "command": "python models/training/evaluate_chat.py",
             "measured_with": {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in ("numpy", "onnx", "onnxruntime", "torch")}},
             "trained": {prop.key: prop.value for prop in onnx.load(SHIPPED).metadata_props}}
    old = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for data, part in old.get("datasets", {}).items():
        # The head that ships is measured on the retail set alone.
        if all(old.get(key) == found[key] for key in ("sha256", *["head_sha256"] * (data == "retail"))):
            measured.setdefault(data, {**part, "rows": {}})
            measured[data]["rows"] = {**part["rows"], **measured[data]["rows"]}
    found["datasets"] = measured
    path.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
