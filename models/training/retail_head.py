"""Fits the head that ships over the chat encoder: the retail intents.

    python models/training/retail_head.py

Two experts say how likely each intent is: the classifier that the encoder was trained with, and a head over n-grams
alone. The geometric mean of the two is one linear head, which is written in int8 as `models/chat-encoder/head.json`, the
format of `nearshelf chat train`. Temperatures and threshold are chosen on validation; then the n-grams' weights are fitted
again with validation among the examples. Needs build/training/chat.classifier.npz.
"""

import base64
import collections
import json
import pathlib

import numpy as np
import torch

import chat_head
import chat_scores
from datasets import OUT_OF_SCOPE, retail
from encode_chat import SHIPPED, TRAINED, Encoder

HEAD = SHIPPED.with_name("head.json")
KEPT = 22_000  # buckets with weights: the commonest, so that encoder and head stay below 6 MB
SHARE = 0.35  # of the encoder's classifier: chosen on the validation parts of the retail set, CLINC150 and BANKING77


class RetailHead:
    """`scores(texts, embeddings)` [n, classes] before softmax, as the product works them out."""

    def __init__(self, file):
        self.classes, self.calibration = file["classes"], file["calibration"]
        counts = np.frombuffer(base64.b64decode(file["counts"]), "<u2")
        known = np.flatnonzero(counts)
        weights = np.frombuffer(base64.b64decode(file["weights"]), np.int8).reshape(-1, len(self.classes))
        weights = weights.astype(np.float32) * np.array(file["scales"], np.float32)
        grams = np.zeros((chat_head.BUCKETS, len(self.classes)), np.float32)
        grams[known] = weights[:len(known)]
        self.length = file["embedding_length"]
        self.rarity = chat_head.Rarity(file["texts"], collections.Counter({int(at): int(counts[at]) for at in known}))
        self.head = chat_head.Head(torch.tensor(grams), torch.tensor(weights[len(known):-1]), torch.tensor(weights[-1]))

    def scores(self, texts, embeddings):
        grams = chat_head.sparse([chat_head.ngrams(text) for text in texts], self.rarity)
        return self.head.scores(grams, embeddings, self.length).numpy()


def read(path=HEAD):
    return RetailHead(json.loads(path.read_text("utf-8")))


def commonest(rarity):
    """`rarity` as if buckets beyond the `KEPT` commonest had never been met."""
    order = sorted(rarity.counts, key=lambda at: (-rarity.counts[at], at))[:KEPT]
    return chat_head.Rarity(rarity.texts, collections.Counter({at: min(rarity.counts[at], 0xFFFF) for at in order}))


def written(classes, rarity, grams, embedding, bias):
    """The file's content, without a calibration; rows are [buckets with a count, embedding, bias]."""
    known = sorted(rarity.counts)
    rows = np.vstack([grams[known], embedding, bias[None]])
    scales = np.abs(rows).max(0) / 127
    counts = np.zeros(chat_head.BUCKETS, "<u2")
    counts[known] = [rarity.counts[at] for at in known]
    text = lambda array: base64.b64encode(array.tobytes()).decode()  # noqa: E731
    return {"format": "nearshelf-chat-head", "version": 1, "classes": classes, "calibration": {"temperature": 1.0, "refusal_temperature": 1.0, "threshold": 0.0},
            "texts": rarity.texts, "buckets": chat_head.BUCKETS, "counts": text(counts), "dim": len(embedding), "embedding_length": chat_head.EMBEDDING,
            "scales": [float(scale) for scale in scales], "weights": text(np.rint(rows / scales).astype(np.int8))}


def fitted(rows, classes):
    """The file of a head over `rows`, `[(text, intent), ...]`, without a calibration."""
    grams = [chat_head.ngrams(text) for text, _ in rows]
    rarity = commonest(chat_head.Rarity.of(grams))
    known = chat_head.sparse([[[at for at in group if at in rarity.counts] for group in groups] for groups in grams], rarity)
    labels = torch.tensor([classes.index(intent) for _, intent in rows])
    plain = chat_head.fit(known, torch.zeros(len(rows), 0), labels, len(classes))
    own = np.load(TRAINED / "chat.classifier.npz")
    at = [json.loads(str(own["classes"])).index(["retail", intent]) for intent in classes]
    return written(classes, rarity, (1 - SHARE) * plain.grams.numpy(), SHARE * own["weight"][at].T,
                   (1 - SHARE) * plain.bias.numpy() + SHARE * own["bias"][at])


def calibrated(file, rows):
    """Temperatures and threshold of a head by `rows` that it has not seen."""
    head, texts = RetailHead(file), [text for text, _ in rows]
    scores = head.scores(texts, Encoder(SHIPPED)(texts))
    true = np.array([head.classes.index(intent) for _, intent in rows])
    refused = head.classes.index(OUT_OF_SCOPE)
    softness, cut = chat_scores.refusal(scores, true, refused)
    return {"temperature": chat_scores.temperature(scores, true), "refusal_temperature": softness, "threshold": cut}


def main():
    sets, drawn = retail.load(), retail.drawn() + [row for row, _ in retail.borrowed()]
    classes = sorted({intent for _, intent in sets["train"]})
    calibration = calibrated(fitted(sets["train"] + drawn, classes), sets["validation"])
    file = {**fitted(sets["train"] + sets["validation"] + drawn, classes), "calibration": calibration}
    HEAD.write_text(json.dumps(file, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    size = sum(pathlib.Path(path).stat().st_size for path in (SHIPPED, HEAD))
    print(f"{HEAD}: {len(classes)} intents, with the encoder {size / 1e6:.2f} MB, calibration {calibration}")


if __name__ == "__main__":
    main()
