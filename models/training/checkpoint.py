"""Training that goes on where it stopped: checkpoints that know what they belong to."""

import hashlib
import os
import pathlib

import torch


def fingerprint(*parts):
    """SHA-256 of what a training depends on: settings, examples, embeddings. Arrays count by their bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if hasattr(part, "tobytes") else repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def fingerprint_of_file(path):
    """SHA-256 of a file."""
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def save(path, **state):
    """Writes beside the file and renames, so that an interrupted write leaves the last checkpoint whole."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    torch.save({**state, "torch_rng": torch.get_rng_state()}, beside)
    os.replace(beside, path)


def load(path, mark, fresh=False):
    """The state of a checkpoint with that fingerprint, torch's random numbers set to it; else `None`."""
    if fresh or not pathlib.Path(path).exists():
        return None
    state = torch.load(path, weights_only=False)
    if state.get("mark") != mark:
        print(f"{path} is of other settings, data or code: starting over", flush=True)
        return None
    print(f"going on from step {state['step']} of {path}", flush=True)
    torch.set_rng_state(state["torch_rng"])
    return state
