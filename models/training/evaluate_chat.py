"""Measures the chat encoder: the int8 files, run by ONNX Runtime, with heads as the product fits them.

    python models/training/evaluate_chat.py [--split validation]

Thresholds and temperatures come from validation; the test split writes models/chat-encoder/metrics.json. Rows:

- retail: the shipped head on the held-out paraphrase groups, a language at a time.
- SET, own classifier: what the encoder's training on that set gives, with the n-gram head beside it.
- SET, never seen: a head over an encoder that was trained without the set (`chat.py --without SET`), and over none.
- banking77, 10 texts an intent: heads from so few texts over the encoder that has never seen the set; mean of 5 draws.

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
import onnxruntime
import torch

import chat_head
import chat_scores
import units
from datasets import OUT_OF_SCOPE, banking77, bitext27, clinc150, retail

ROOT = pathlib.Path(__file__).parents[2]
SHIPPED = ROOT / "models/chat-encoder/model.q8.onnx"
TRAINED = ROOT / "build/training"
SETS = {"clinc150": clinc150, "banking77": banking77, "bitext27": bitext27}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Encoder:
    """An int8 encoder, and the classifier it was trained with; texts without units give zeros."""

    def __init__(self, name):
        path = SHIPPED if name == "chat" else TRAINED / f"{name}.q8.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.run = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.dim = self.run.get_outputs()[0].shape[1]
        self.known = {}
        self.classifier = np.load(TRAINED / f"{name}.classifier.npz")

    def __call__(self, texts):
        for text in texts:
            if text not in self.known:
                self.known[text] = self.embed(text)
        return torch.tensor(np.array([self.known[text] for text in texts]))

    def embed(self, text):
        rows = units.unit_ids(text)
        if not rows:
            return np.zeros(self.dim, np.float32)
        ids = np.zeros((1, len(rows), units.MAX_SUBWORDS), np.int64)
        for at, row in enumerate(rows):
            ids[0, at, :len(row)] = row
        return self.run.run(None, {"ids": ids})[0][0]

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

    def figures(self, scores, part):
        """What `scores` (`part -> [n, classes]`) are worth, settled on validation."""
        held, true = scores["validation"], self.labels["validation"]
        sharpness, cut = chat_scores.temperature(held, true), None
        if self.refused is not None:
            cut = chat_scores.threshold(*chat_scores.confidence(chat_scores.softmax(held / chat_scores.SOFT), self.refused), true, self.refused)
        return chat_scores.summary(scores[part], self.labels[part], self.refused, sharpness, cut)


def both(one, other, share=0.5):
    """Scores of two experts put together: the weighted geometric mean of their probabilities."""
    return {part: share * one[part] + (1 - share) * other[part] for part in one}
