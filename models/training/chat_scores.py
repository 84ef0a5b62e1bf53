"""How answers about intents count: right, refused, calibrated."""

import numpy as np

REFUSAL_TEMPERATURES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)  # of the confidence that decides what is refused: as `src/chat` tries


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


def refusal(scores, true, refused):
    """`(temperature, threshold)` of what is refused: the temperature that tells best what is outside, and its `threshold`."""
    outside = true == refused
    found = [(temperature, *confidence(softmax(scores / temperature), refused)) for temperature in REFUSAL_TEMPERATURES]
    temperature, best, sure = max(found, key=lambda of: auroc(of[2][~outside], of[2][outside]))
    return temperature, threshold(best, sure, true, refused)


def calibration(confidences, right, bins=15):
    """Expected calibration error over equal bins (Guo et al. 2017)."""
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    return float(sum(abs(confidences[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()))


def softmax(scores):
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def temperature(scores, true):
    """What scores are divided by so that the true classes are likeliest (Guo et al. 2017): the best of a fine grid."""
    grid = np.exp(np.linspace(np.log(0.05), np.log(5), 120))
    rows = np.arange(len(true))
    return float(min(grid, key=lambda t: -np.log(softmax(scores / t)[rows, true] + 1e-12).mean()))


def summary(scores, true, refused=None, sharpness=1.0, refusal_temperature=1.0, cut=None):
    """All of it for one set: `scores` [n, classes] before softmax, `true` [n].

    `refused` is the class of what is out of scope, `cut` the least confidence to answer with; without one, the likeliest
    class decides. `sharpness` is the temperature of the probabilities that are shown, which calibration is about; what is
    refused is decided on those of the `refusal_temperature`.
    """
    best, sure = confidence(softmax(scores / refusal_temperature), refused)
    shown = softmax(scores / sharpness)
    outside = true == refused if refused is not None else np.zeros(len(true), bool)
    inside = ~outside
    likeliest = shown.argmax(1)
    answered = sure >= cut if cut is not None else likeliest != refused
    found = np.where(answered, best, -1 if refused is None else refused)
    figures = {"in_scope_accuracy": accuracy(found[inside], true[inside]), "macro_f1": macro_f1(found, true),
               "ece": calibration(shown.max(1), likeliest == true)}
    if outside.any():
        figures |= {"oos_recall": float((~answered[outside]).mean()), "oos_auroc": auroc(sure[inside], sure[outside]),
                    "oos_recall_at_95": recall_at(sure[inside], sure[outside])}
    return {name: round(value, 4) for name, value in figures.items()}
