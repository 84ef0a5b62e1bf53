"""Embeds texts with the shipped item-text model, as the packer does: q8 rows of unit length.

And histories as the for-you model reads them.
"""

import pathlib

import numpy as np
import onnxruntime

from subwords import MAX_TOKENS, subword_ids

PURCHASE = 3
LENGTH = 32
MODEL = pathlib.Path(__file__).parents[2] / "models/item-text/model.q8.onnx"


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def token_ids(text):
    """`[1, 128]` i64, padded with 0."""
    ids = subword_ids(text)
    return np.array([ids + [0] * (MAX_TOKENS - len(ids))], np.int64)


def texts(values, model=MODEL):
    """`[n, 64]` f32 as the model gives them."""
    run = session(model)
    return np.vstack([run.run(None, {"token_ids": token_ids(value)})[0] for value in values])


def quantized(rows):
    """Rows as a pack keeps them: int8 against the row's largest value, back in f32."""
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    largest = np.abs(rows).max(axis=1, keepdims=True)
    safe = np.where(largest > 0, largest, 1)
    q8 = np.rint(rows / safe * 127)
    return (q8 * safe / 127 / np.where(norm > 0, norm, 1)).astype(np.float32)


def items(values, model=MODEL):
    """`[n, 64]` f32: embeddings of items as a pack holds them."""
    return quantized(texts(values, model))


def pad(history, length=LENGTH):
    """The newest `length` of `[(item, action), ...]`, padded on the left: `(items, actions)`, -1 and 0 for padding."""
    history = history[-length:]
    missing = length - len(history)
    return [-1] * missing + [i for i, _ in history], [0] * missing + [a for _, a in history]


def padded_table(embeddings):
    """`embeddings` with a row of zeros at its end, where the index -1 of `pad` finds it."""
    return np.vstack([embeddings, np.zeros((1, embeddings.shape[1]), np.float32)])
