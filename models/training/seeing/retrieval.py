"""How well "looks similar" finds what is similar."""

import numpy as np

from .palette import to_linear, to_oklab


def mean_average_precision(vectors, labels, depth=10):
    """mAP@`depth` of each row against all others by inner product; rows whose label no other has are not asked.

    A row's average precision is the mean of the precisions at its hits over min(depth, how many there are)."""
    labels, scores = np.asarray(labels), vectors @ vectors.T
    found = []
    for row, score in enumerate(scores):
        relevant = (labels == labels[row]).sum() - 1
        if not relevant:
            continue
        order = np.argsort(-score, kind="stable")
        hits = labels[order[order != row][:depth]] == labels[row]
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        found.append((precision * hits).sum() / min(depth, relevant))
    return float(np.mean(found))


def colour_histogram(picture, bins=8):
    """The baseline: square roots of the shares of colours in OKLab, so that the inner product is Bhattacharyya's."""
    lab = to_oklab(to_linear(picture.reshape(-1, 3)))
    cell = [
        np.clip(((lab[:, i] - low) / (high - low) * bins).astype(int), 0, bins - 1)
        for i, (low, high) in enumerate([(0, 1), (-0.25, 0.25), (-0.25, 0.25)])
    ]
    counts = np.bincount((cell[0] * bins + cell[1]) * bins + cell[2], minlength=bins**3)
    return np.sqrt(counts / counts.sum())
