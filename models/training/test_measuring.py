"""Splits, scores and baselines. Run: python -m unittest discover -s models/training"""

import datetime
import importlib.util
import sys
import unittest

import splits

DAY = datetime.timedelta(days=1)
BEGIN = datetime.datetime(2011, 10, 1)
HAS_NUMPY = importlib.util.find_spec("numpy") is not None
if not HAS_NUMPY:
    print("numpy is not installed: scores and baselines are not tested", file=sys.stderr)
NEEDS_NUMPY = unittest.skipUnless(HAS_NUMPY, "numpy is not installed")


class Splits(unittest.TestCase):
    def test_only_what_is_new_in_the_first_basket_of_the_period_is_asked(self):
        customers = [[(BEGIN - DAY, [1, 2]), (BEGIN, [2, 3]), (BEGIN + DAY, [4])]]
        self.assertEqual(splits.uci_split(customers, BEGIN), ([[1, 2]], [([1, 2], [3])]))

    def test_a_customer_without_a_past_or_without_anything_new_is_not_asked(self):
        customers = [[(BEGIN, [1])], [(BEGIN - DAY, [1]), (BEGIN, [1])], [(BEGIN - DAY, [5])]]
        self.assertEqual(splits.uci_split(customers, BEGIN), ([[1], [5]], []))

    def test_validation_never_sees_what_comes_after_it(self):
        customers = [[(BEGIN - DAY, [1]), (BEGIN + 40 * DAY, [2])]]
        self.assertEqual(splits.uci_split(customers, BEGIN, BEGIN + 31 * DAY), ([[1]], []))

    def test_leave_one_out_trains_on_neither_target(self):
        self.assertEqual(splits.leave_one_out([[1, 2, 3, 4]], "test"), ([[1, 2]], [([1, 2, 3], [4])]))
        self.assertEqual(splits.leave_one_out([[1, 2, 3, 4]], "validation"), ([[1, 2]], [([1, 2], [3])]))


@NEEDS_NUMPY
class Scores(unittest.TestCase):
    def test_a_hit_at_the_second_place_counts_by_its_logarithm(self):
        import scoring

        values = scoring.score([([0], [2])], lambda history: [9, 3, 2, 1])
        self.assertEqual(values, {"hr@5": 1.0, "ndcg@5": 0.6309, "hr@10": 1.0, "ndcg@10": 0.6309})

    def test_what_the_user_has_is_left_out_unless_kept(self):
        import scoring

        ranking = [0.0] * 20
        ranking[7], ranking[8] = 2.0, 1.0
        self.assertEqual(scoring.score([([7], [8])], lambda h: ranking)["ndcg@5"], 1.0)
        self.assertEqual(scoring.score([([7], [8])], lambda h: ranking, kept_too=True)["seen_kept"]["ndcg@5"], 0.6309)

    def test_ties_fall_in_catalogue_order(self):
        import numpy
        import scoring

        self.assertEqual(scoring.best(numpy.array([1.0, 2.0, 2.0, 1.0, 1.0]), 4).tolist(), [1, 2, 0, 3])


@NEEDS_NUMPY
class Baselines(unittest.TestCase):
    def test_item_knn_votes_by_cosine_and_age(self):
        import baselines

        row = baselines.cosines([[0, 1], [0, 1], [0, 2]], 3)
        self.assertAlmostEqual(float(row(1)[0]), 2 / (2 * 3) ** 0.5, places=6)
        votes = baselines.item_knn(row, newest=2, decay=0.5, distinct=True)([2, 1, 1])
        self.assertAlmostEqual(float(votes[0]), 2 / 6**0.5 + 0.5 / 3**0.5, places=6)


if __name__ == "__main__":
    unittest.main()
