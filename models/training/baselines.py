"""What a model has to beat. All learn from the measured shop's own log before the question, which no model here does."""

import numpy as np

# Chosen by `python models/training/choose_knn.py` on each set's validation questions, by NDCG@10.
KNN = {
    "uci-online-retail": {"newest": 20, "decay": 1.0, "distinct": False},
    "amazon-beauty": {"newest": 5, "decay": 0.7, "distinct": True},
}


def popularity(train, count):
    counts = np.bincount([i for s in train for i in s], minlength=count)
    return lambda history: counts


def cosines(train, count):
    """A function from an item to its cosine with every item, over users who have both (Sarwar et al. 2001)."""
    baskets = [np.array(sorted(set(s)), np.int64) for s in train]
    users = [[] for _ in range(count)]
    for user, basket in enumerate(baskets):
        for item in basket:
            users[item].append(user)
    sizes = np.array([max(len(u), 1) for u in users], np.float64)
    cache = {}

    def row(item):
        if item not in cache:
            with_it = [baskets[user] for user in users[item]]
            together = np.bincount(np.concatenate(with_it) if with_it else [], minlength=count)
            cache[item] = (together / np.sqrt(sizes * sizes[item])).astype(np.float32)
        return cache[item]

    return row


def item_knn(row, newest, decay, distinct):
    """The newest items of the history vote, each with `decay` of the weight of the one after it.

    With `distinct` an item votes once, at its newest place.
    """

    def scores_of(history):
        recent = history[::-1]
        if distinct:
            recent = list(dict.fromkeys(recent))
        return sum(row(item) * np.float32(decay**age) for age, item in enumerate(recent[:newest]))

    return scores_of


def newest_item(embeddings):
    """Items most like the newest one: what a text encoder does without any log."""
    return lambda history: embeddings @ embeddings[history[-1]]


def mean_of_newest(embeddings, newest=32):
    """Items most like the mean of the newest ones."""
    return lambda history: embeddings @ embeddings[history[-newest:]].mean(0)
