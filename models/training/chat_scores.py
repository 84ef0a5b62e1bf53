"""How answers about intents count: right, refused, calibrated."""

import numpy as np


def accuracy(found, true):
    return float((found == true).mean())


def macro_f1(found, true, classes=None):
    """Mean over the classes that occur in `true` (or those given) of F1."""
    values = []
    for one in np.unique(true) if classes is None else classes:
        both = np.sum((found == one) & (true == one))
        values.append(2 * both / max(1, np.sum(found == one) + np.sum(true == one)))
    return float(np.mean(values))


def auroc(inside, outside):
    """Chance that one of `inside` is above one of `outside`; ties count half."""
    order = np.sort(outside)
    below, upto = np.searchsorted(order, inside, "left"), np.searchsorted(order, inside, "right")
    return float((below + upto).mean() / 2 / len(outside))


def confidence(probabilities, refused=None):
    """`(intent, its probability)` a row; the class `refused` is never the intent but takes its share."""
    inside = probabilities.copy()
    if refused is not None:
        inside[:, refused] = 0
    best = inside.argmax(1)
    return best, inside[np.arange(len(inside)), best]


def threshold(best, confidences, true, refused):
    """The least confidence to answer with: most right answers of all, a refusal of `refused` being right."""
    right = (best == true).astype(int)
    order = np.argsort(confidences)
    outside = (true[order] == refused).astype(int)
    # Refusing the k least confident: their refusals are right where they are outside.
    gained = np.concatenate([[0], np.cumsum(outside - right[order])])
    k = int(gained.argmax())
    if k == 0:
        return 0.0
    if k == len(order):
        return float(np.nextafter(confidences[order[-1]], np.inf))
    return float((confidences[order[k - 1]] + confidences[order[k]]) / 2)


def recall_at(inside, outside, kept=0.95):
    """Part of `outside` that is refused where `kept` of `inside` are answered."""
    return float((outside < np.quantile(inside, 1 - kept)).mean())


def calibration(confidences, right, bins=15):
    """Expected calibration error over equal bins (Guo et al. 2017)."""
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    return float(sum(abs(confidences[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()))


def summary(probabilities, true, refused=None, cut=None):
    """All of it for one set: `probabilities` [n, classes], `true` [n]; `cut` the threshold, if there is one."""
    best, sure = confidence(probabilities, refused)
    outside = true == refused if refused is not None else np.zeros(len(true), bool)
    inside = ~outside
    right = best == true
    answered = sure >= cut if cut is not None else probabilities.argmax(1) != refused
    found = np.where(answered, best, -1 if refused is None else refused)
    scores = {"in_scope_accuracy": accuracy(found[inside], true[inside]), "macro_f1": macro_f1(found, true),
              "ece": calibration(sure[inside], right[inside])}
    if outside.any():
        scores |= {"oos_recall": float((~answered[outside]).mean()), "oos_auroc": auroc(sure[inside], sure[outside]),
                   "oos_recall_at_95": recall_at(sure[inside], sure[outside])}
    return {name: round(value, 4) for name, value in scores.items()}
