"""Histories made of texts alone: walks from an item to one that reads like it.

A log teaches what its own shop is like; in some shops the next thing resembles the last one, in others all that was
bought before. Walks of both kinds, over any list of texts, teach the encoder to tell which it is by the history itself.
"""

import numpy as np

NEAR = 12  # neighbours that a step chooses from
LONGEST = 12


def nearest(embeddings, near=NEAR, block=1024):
    """`[n, near]`: the items most like each one, itself left out."""
    found = []
    for start in range(0, len(embeddings), block):
        scores = embeddings[start:start + block] @ embeddings.T
        scores[np.arange(len(scores)), np.arange(start, start + len(scores))] = -np.inf
        found.append(np.argpartition(-scores, near, axis=1)[:, :near])
    return np.concatenate(found)


def walks(embeddings, action, count, rng):
    """`count` examples `(history, [next item])`: each step goes on from the newest item, from any before, or anywhere.

    How often it does which is drawn anew for every walk. Most of what people buy has little to do with what they bought
    before; where it has, the newest is the likeliest reason.
    """
    near, items = nearest(embeddings), len(embeddings)
    examples = []
    for _ in range(count):
        newest, anywhere = 0.3 + 0.7 * rng.random(), 0.8 * rng.random()
        path = [rng.randrange(items)]
        for _ in range(rng.randint(1, LONGEST)):
            if rng.random() < anywhere:
                step = rng.randrange(items)
            else:
                step = int(near[path[-1] if rng.random() < newest else rng.choice(path)][rng.randrange(NEAR)])
            if step not in path:
                path.append(step)
        if len(path) > 1:
            examples.append(([(item, action) for item in path[:-1]], path[-1:]))
    return examples
