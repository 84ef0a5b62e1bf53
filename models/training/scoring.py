"""Hit rate and NDCG over a full ranking: every item of the catalogue is a candidate."""

import numpy as np

CUTOFFS = (5, 10)


def best(scores, count):
    """The `count` best items, best first; ties in catalogue order."""
    count = min(count, len(scores))
    least = np.partition(scores, -count)[-count]
    among = np.flatnonzero(scores >= least)
    return among[np.argsort(-scores[among], kind="stable")][:count]


def of_list(ranked, targets):
    """`{"hr@5": …, "ndcg@5": …, …}` of one list; several targets: binary gains against the ideal order."""
    values = {}
    for k in CUTOFFS:
        gain = sum(1 / np.log2(place + 2) for place, item in enumerate(ranked[:k]) if item in targets)
        ideal = sum(1 / np.log2(place + 2) for place in range(min(k, len(targets))))
        values[f"hr@{k}"] = float(gain > 0)
        values[f"ndcg@{k}"] = float(gain / ideal)
    return values


def score(cases, scores_of, kept_too=False):
    """Averages over `[(history, targets)]` of lists ranked by `scores_of(history)`: one value an item.

    What the user already has is left out. With `kept_too` there is also `"seen_kept"`: the same with it left in.
    """
    sums, kept = {}, {}
    for history, targets in cases:
        scores, wanted = np.array(scores_of(history), dtype=np.float64), set(targets)
        if kept_too:
            _add(kept, of_list(best(scores, max(CUTOFFS)).tolist(), wanted))
        scores[list(set(history))] = -np.inf
        _add(sums, of_list(best(scores, max(CUTOFFS)).tolist(), wanted))
    averages = [{name: round(value / max(len(cases), 1), 4) for name, value in part.items()} for part in (sums, kept)]
    return {**averages[0], "seen_kept": averages[1]} if kept_too else averages[0]


def _add(sums, values):
    for name, value in values.items():
        sums[name] = sums.get(name, 0.0) + value
