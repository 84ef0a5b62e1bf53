"""Fits the propensity model: how likely a visit, so far, ends in a purchase. Logistic regression over counts.

    python models/training/propensity.py

Fitted on generated shops 101 to 104, whose visits are simulated; the ridge is chosen on shop 105 and the measuring is of
shops 106 to 110. Writes models/propensity/weights.json, metrics.json and the reliability curve, and the card's figures.
"""

import json
import pathlib
import re

import numpy as np

import visits

FOLDER = pathlib.Path(__file__).parents[2] / "models/propensity"
FIT, CHOOSE, MEASURE = range(101, 105), (105,), range(106, 111)
RIDGES = (0.1, 1.0, 10.0, 100.0)
BINS = 10


def fit(x, y, ridge, rounds=50):
    """`[d + 1]` weights, the intercept last, by Newton's method; the intercept is not shrunk."""
    x = np.hstack([x, np.ones((len(x), 1))])
    shrink = np.diag([ridge] * (x.shape[1] - 1) + [0.0])
    weights = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = probability(x @ weights)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + shrink, x.T @ (p - y) + shrink @ weights)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probability(logits):
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def bins(p, y):
    """`[(mean predicted, part that bought, moments)]` of tenths of the predictions."""
    order = np.array_split(np.argsort(p, kind="stable"), BINS)
    return [(float(p[part].mean()), float(y[part].mean()), len(part)) for part in order if len(part)]


def measures(p, y):
    """Log loss, Brier score, area under the ROC curve, expected calibration error."""
    order = np.argsort(p, kind="stable")
    # Mean rank of ties, so that a constant prediction has an area of one half.
    _, inverse, counts = np.unique(p[order], return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = y[order].sum()
    area = (ranks[y[order] > 0].sum() - positive * (positive + 1) / 2) / (positive * (len(y) - positive))
    safe = np.clip(p, 1e-9, 1 - 1e-9)
    error = sum(count * abs(predicted - bought) for predicted, bought, count in bins(p, y)) / len(y)
    found = {"log_loss": -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe)), "brier": np.mean((p - y) ** 2), "auc": area, "calibration_error": error}
    return {name: round(float(value), 4) for name, value in found.items()}


def curve(points):
    """The reliability curve as SVG: what was predicted against what happened."""
    at = lambda x, y: f"{40 + 240 * x:.1f},{260 - 240 * y:.1f}"  # noqa: E731
    dots = "".join(f'<circle cx="{40 + 240 * p:.1f}" cy="{260 - 240 * b:.1f}" r="4"><title>{p:.3f} predicted, {b:.3f} bought, {n} moments</title></circle>' for p, b, n in points)
    line = " ".join(at(p, b) for p, b, _ in points)
    ticks = "".join(f'<text x="{40 + 240 * t}" y="278" text-anchor="middle">{t}</text><text x="34" y="{264 - 240 * t}" text-anchor="end">{t}</text>' for t in (0, 0.5, 1))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" role="img" aria-label="Reliability: predicted probability against the part that bought">'
        "<style>text{font:11px sans-serif;fill:#555}circle{fill:#0a6}polyline{fill:none;stroke:#0a6;stroke-width:1.5}line,rect{stroke:#999;fill:none}</style>"
        '<rect x="40" y="20" width="240" height="240"/><line x1="40" y1="260" x2="280" y2="20" stroke-dasharray="4"/>'
        f'<polyline points="{line}"/>{dots}{ticks}<text x="160" y="295" text-anchor="middle">predicted</text>'
        '<text x="14" y="140" text-anchor="middle" transform="rotate(-90 14 140)">bought</text></svg>\n'
    )


def main():
    load = lambda seeds: [np.concatenate(part) for part in zip(*(visits.load(seed) for seed in seeds))]  # noqa: E731
    (x, y), (held_x, held_y), (test_x, test_y) = load(FIT), load(CHOOSE), load(MEASURE)
    mean, scale = x.mean(0), x.std(0).clip(1e-6)
    normal = lambda rows: (rows - mean) / scale  # noqa: E731
    answer = lambda rows, w: probability(normal(rows) @ w[:-1] + w[-1])  # noqa: E731
    tried = {ridge: measures(answer(held_x, fit(normal(x), y, ridge)), held_y)["log_loss"] for ridge in RIDGES}
    ridge = min(tried, key=tried.get)
    weights = fit(normal(x), y, ridge)
    p = answer(test_x, weights)
    rows = {"the rate of buying alone": measures(np.full(len(test_y), y.mean()), test_y), "propensity": measures(p, test_y)}
    # In the features' own units: probability = 1 / (1 + exp(-(intercept + Σ weight · feature))).
    own = weights[:-1] / scale
    model = {
        "version": 1,
        "features": [{"name": name, "weight": round(float(value), 6)} for name, value in zip(visits.FEATURES, own)],
        "intercept": round(float(weights[-1] - own @ mean), 6),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "weights.json").write_text(json.dumps(model, indent=1) + "\n", "utf-8")
    facts = {"moments": {"fit": len(y), "measured": len(test_y)}, "ridge": ridge, "chosen_from": {str(k): v for k, v in tried.items()}}
    found = {"command": "python models/training/propensity.py", **facts, "rows": rows, "bins": [[round(v, 4) for v in b] for b in bins(p, test_y)]}
    (FOLDER / "metrics.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (FOLDER / "reliability.svg").write_text(curve(bins(p, test_y)), "utf-8")
    table = ["| | log loss | Brier | AUC | calibration error |", "|---|---|---|---|---|"]
    table += [f"| {name} | " + " | ".join(f"{v:.4f}" for v in values.values()) + " |" for name, values in rows.items()]
    card = FOLDER / "card.md"
    if card.is_file():
        text = re.sub(r"(<!-- measured -->\n).*?(<!-- end -->)", lambda m: m[1] + "\n".join(table) + "\n" + m[2], card.read_text("utf-8"), flags=re.DOTALL)
        card.write_text(text, "utf-8")
    print("\n".join(table), f"\nridge {ridge}\n{model}")


if __name__ == "__main__":
    main()
