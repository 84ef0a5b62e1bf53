"""The propensity model: features of a visit, and the fit. Run: python -m unittest discover -s models/training"""

import importlib.util
import math
import unittest

NEEDS_NUMPY = unittest.skipUnless(importlib.util.find_spec("numpy"), "numpy is not installed")
PRICES = {"a": 10.0, "b": 40.0}


@NEEDS_NUMPY
class Features(unittest.TestCase):
    def named(self, *events):
        import visits

        return dict(zip(visits.FEATURES, visits.features(list(events), PRICES, 20.0), strict=True))

    def test_a_visit_of_one_view_has_no_gaps_and_no_cart(self):
        found = self.named(("view", "a", 0))
        self.assertAlmostEqual(found["log_views"], math.log(2))
        self.assertAlmostEqual(found["price"], math.log(0.5))
        self.assertEqual([found[name] for name in ("in_cart", "has_cart", "removed", "since_cart", "log_gap", "last_gap", "price_spread")], [0] * 7)

    def test_what_is_removed_is_no_longer_in_the_cart(self):
        found = self.named(("view", "a", 0), ("add_to_cart", "a", 5), ("remove", "a", 9))
        self.assertEqual((found["has_cart"], found["removed"]), (0, 1))

    def test_clocks_that_go_backwards_count_as_no_gap(self):
        self.assertEqual(self.named(("view", "a", 9), ("view", "b", 0))["last_gap"], 0)

    def test_a_cart_without_a_view_has_a_price(self):
        self.assertAlmostEqual(self.named(("add_to_cart", "b", 0))["price"], math.log(2))


@NEEDS_NUMPY
class Fit(unittest.TestCase):
    def test_known_weights_are_found_again(self):
        import numpy as np
        import propensity

        rng = np.random.default_rng(1)
        x = rng.normal(size=(20_000, 2))
        y = (rng.random(20_000) < propensity.probability(x @ [1.0, -2.0] + 0.5)).astype(float)
        np.testing.assert_allclose(propensity.fit(x, y, 0.1), [1.0, -2.0, 0.5], atol=0.08)

    def test_a_constant_prediction_has_an_area_of_one_half(self):
        import numpy as np
        import propensity

        self.assertEqual(propensity.measures(np.full(10, 0.3), np.array([0.0, 1.0] * 5))["auc"], 0.5)
        self.assertEqual(propensity.measures(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.0, 0.0, 1.0, 1.0]))["auc"], 1.0)


if __name__ == "__main__":
    unittest.main()
