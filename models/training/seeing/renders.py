"""Renders on disk, shard by shard, so that a training can begin with the first while the others are being drawn.

renders/<kind>-<split>-<number>.npz     kind: garment or figure; split: train, or held (unseen textures and backgrounds)
"""

import multiprocessing
import os
import pathlib
import time

import cv2
import numpy as np

from garments import figures, render

SHARD = 256
SEEDS = {"train": 20261126, "held": 77}
_PATCHES = {}


def _prepare(patches):
    cv2.setNumThreads(1)
    os.nice(8)
    _PATCHES.update(patches)


def draw(kind, split, index):
    """One render; `held` ones have textures and backgrounds that training never shows."""
    one = render.garment if kind == "garment" else figures.figure
    return one(SEEDS[split], index, unseen=split == "held", patches=_PATCHES.get(split))


def _shard(job):
    folder, kind, split, number = job
    path = pathlib.Path(folder) / f"{kind}-{split}-{number:03}.npz"
    if path.exists():
        return
    drawn = [draw(kind, split, number * SHARD + i) for i in range(SHARD)]
    beside = path.with_suffix(".part")
    with open(beside, "wb") as file:
        np.savez(file, **{key: np.stack([d[key] for d in drawn]) for key in drawn[0]})
    os.replace(beside, path)


def draw_all(folder, garments, people, patches, processes):
    """Draws all shards of both kinds, held-out ones early. `patches`: split → `photos.pieces`; none for `held`."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    jobs = [(folder, "garment", "held", 0), (folder, "figure", "held", 0)]
    for number in range(max(garments, people) // SHARD):
        jobs += [(folder, "garment", "train", number)] * (number < garments // SHARD) + [(folder, "figure", "train", number)] * (
            number < people // SHARD
        )
    jobs = jobs[2:6] + jobs[:2] + jobs[6:]
    started = time.time()
    with multiprocessing.get_context("fork").Pool(processes, _prepare, (patches,)) as pool:
        for done, _ in enumerate(pool.imap_unordered(_shard, jobs), 1):
            if done % 8 == 0 or done == len(jobs):
                print(f"{done * SHARD} of {len(jobs) * SHARD} renders in {time.time() - started:.0f} s", flush=True)


def load(folder, kind, split, number):
    """A shard's arrays, or `None` while it isn't drawn."""
    path = pathlib.Path(folder) / f"{kind}-{split}-{number:03}.npz"
    return dict(np.load(path)) if path.exists() else None
