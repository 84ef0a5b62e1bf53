"""Texts as the item-text model sees them: subword ids, and the table it sums."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import encode
from subwords import subword_ids


def tokens(values, most=64):
    """`[n, T]` subword ids, 0 is padding."""
    rows = [subword_ids(value)[:most] for value in values]
    longest = max(1, max(len(row) for row in rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def table(model=encode.MODEL):
    """`[32768, 64]` f32: the item-text model's subword vectors, out of its file."""
    held = {weight.name: numpy_helper.to_array(weight) for weight in onnx.load(model).graph.initializer}
    return torch.tensor(held["table"].astype(np.float32) * held["scale"])
