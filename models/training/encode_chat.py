"""Runs the chat encoder: utterances to vectors, with ONNX Runtime alone."""

import pathlib

import numpy as np
import onnxruntime
import torch

import units

ROOT = pathlib.Path(__file__).parents[2]
SHIPPED = ROOT / "models/chat-encoder/model.q8.onnx"
TRAINED = ROOT / "build/training"


class Encoder:
    """An encoder's file; texts without units give zeros."""

    def __init__(self, path=SHIPPED):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.run = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.dim = self.run.get_outputs()[0].shape[1]
        self.known = {}

    def __call__(self, texts):
        """[n, dim]."""
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
