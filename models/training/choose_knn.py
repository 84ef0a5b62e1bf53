"""Chooses item-kNN's constants on validation questions, never on test: prints the grid, best NDCG@10 last.

    python models/training/choose_knn.py

What it finds is kept in baselines.py, which evaluate.py reads. A baseline deserves the care that a model gets.
"""

import itertools

import baselines
import scoring
import splits

NEWEST = (1, 5, 10, 20, 50, 100, 200)
DECAY = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


def main():
    for name in splits.DATASETS:
        titles, train, cases = splits.load(name, "validation")
        row = baselines.cosines(train, len(titles))
        # Nobody has an item twice in amazon-beauty, hardly anybody more than fifty; every fourth user will do.
        once = name == "amazon-beauty"
        cases = cases[::4] if once else cases
        found = []
        for newest, decay, distinct in itertools.product(NEWEST[:5] if once else NEWEST, DECAY, (True,) if once else (True, False)):
            options = {"newest": newest, "decay": decay, "distinct": distinct}
            values = scoring.score(cases, baselines.item_knn(row, **options))
            found.append((values["ndcg@10"], values["hr@10"], options))
        found.sort(key=lambda entry: entry[:2])
        print(f"{name}, validation, {len(cases)} users")
        for ndcg, hits, options in found[-12:]:
            print(f"  NDCG@10 {ndcg:.4f}  HR@10 {hits:.4f}  {options}")
        print(f"  in baselines.py: {baselines.KNN[name]}", flush=True)


if __name__ == "__main__":
    main()
