"""The chat's texts and scores. Run: python -m unittest discover -s models/training"""

import hashlib
import importlib.util
import json
import pathlib
import sys
import unittest

import phrases
import units

GOLDEN = pathlib.Path(__file__).parents[2] / "tests/golden/units.json"
SHIPPED = pathlib.Path(__file__).parents[1] / "chat-encoder"
HAS_NUMPY = importlib.util.find_spec("numpy") is not None
if not HAS_NUMPY:
    print("numpy is not installed: the chat's scores are not tested", file=sys.stderr)
else:
    import numpy as np

    import chat_scores
HAS_TORCH = importlib.util.find_spec("torch") is not None
NEEDS_TORCH = unittest.skipUnless(HAS_NUMPY and HAS_TORCH, "torch is not installed")
NEEDS_NUMPY = unittest.skipUnless(HAS_NUMPY, "numpy is not installed")


class Units(unittest.TestCase):
    def test_golden_ids(self):
        for case in json.loads(GOLDEN.read_text("utf-8")):
            self.assertEqual(units.unit_ids(case["text"]), case["units"], case["text"])

    def test_a_text_without_letters_has_no_units(self):
        for text in ("", " ", "?!", "\U0001f600"):
            self.assertEqual(units.units_of(text), [])

    def test_words_and_characters_are_units_of_their_own(self):
        self.assertEqual([unit for unit, _ in units.units_of("Is 这条 dress, ok?")], ["is", "这", "条", "dress", "ok"])

    def test_a_pair_belongs_to_its_second_character_and_never_spans_a_gap(self):
        self.assertEqual([tokens for _, tokens in units.units_of("红色 裙")], [["c:红"], ["c:色", "b:红色"], ["c:裙"]])

    def test_long_numbers_of_one_length_are_one_unit(self):
        self.assertEqual(units.unit_ids("order 48213"), units.unit_ids("order 77120"))
        self.assertNotEqual(units.unit_ids("size 42"), units.unit_ids("size 38"))

    def test_more_units_and_subwords_than_fit_are_cut(self):
        ids = units.unit_ids("incomprehensibilities " * 100)
        self.assertEqual((len(ids), {len(row) for row in ids}), (units.MAX_UNITS, {units.MAX_SUBWORDS}))


class Shipped(unittest.TestCase):
    def setUp(self):
        self.metrics = json.loads((SHIPPED / "metrics.json").read_text("utf-8"))
        self.card = (SHIPPED / "card.md").read_text("utf-8")

    def test_metrics_were_measured_on_the_files_that_ship(self):
        for name, key in (("model.q8.onnx", "sha256"), ("head.json", "head_sha256")):
            found = hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest()
            self.assertEqual(found, self.metrics[key], f"{name}: run models/training/evaluate_chat.py again")
        self.assertIn(self.metrics["sha256"], self.card)

    def test_the_card_has_every_measured_figure(self):
        for data, part in self.metrics["datasets"].items():
            self.assertEqual(part["split"], "test")
            for row, values in part["rows"].items():
                line = f"| {data} | {row} | " + " | ".join(f"{value:.4f}" for value in values.values()) + " |"
                self.assertIn(line, self.card, "run models/training/tables.py")

    def test_encoder_and_head_are_below_six_megabytes(self):
        self.assertLess(sum((SHIPPED / name).stat().st_size for name in ("model.q8.onnx", "head.json")), 6_000_000)


class Phrases(unittest.TestCase):
    def said(self, pattern, **lists):
        tree = phrases.parse(pattern, {name: phrases._options(words, {})[0] for name, words in lists.items()})
        return {tree.draw(__import__("random").Random(seed)) for seed in range(60)}

    def test_choices_nest_and_may_be_empty(self):
        self.assertEqual(self.said("a(b|c(d|)|)"), {"ab", "acd", "ac", "a"})

    def test_the_longest_name_of_a_list_is_meant(self):
        self.assertEqual(self.said("@thing!", thing="x|y", th="z"), {"x!", "y!"})

    def test_a_bracket_left_open_and_an_unknown_list_are_refused(self):
        for wrong in ("(a|b", "a)", "@nothing"):
            with self.assertRaises(ValueError):
                phrases.parse(wrong, {})

    def test_the_same_seed_draws_the_same_sentences(self):
        self.assertEqual(phrases.draw(3, seed=5), phrases.draw(3, seed=5))


@NEEDS_NUMPY
class Scores(unittest.TestCase):
    def test_macro_f1_weighs_classes_alike(self):
        self.assertAlmostEqual(chat_scores.macro_f1(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1])), (6 / 7 + 0) / 2)

    def test_auroc_is_one_when_all_are_above_a_half_when_all_tie_and_counts_ties_half(self):
        self.assertEqual(chat_scores.auroc(np.array([2.0, 3]), np.array([0.0, 1])), 1)
        self.assertEqual(chat_scores.auroc(np.array([1.0, 1]), np.array([1.0])), 0.5)

    def test_calibration_is_nothing_when_what_is_said_comes_true(self):
        self.assertAlmostEqual(chat_scores.calibration(np.full(4, 0.75), np.array([1, 1, 1, 0])), 0)
        self.assertAlmostEqual(chat_scores.calibration(np.full(4, 1.0), np.array([1, 1, 1, 0])), 0.25)

    def test_the_class_for_what_is_refused_is_never_the_intent_but_takes_its_share(self):
        best, sure = chat_scores.confidence(np.array([[0.3, 0.1, 0.6]]), refused=2)
        self.assertEqual((best[0], sure[0]), (0, 0.3))

    def test_the_threshold_keeps_right_answers_and_refuses_what_is_outside(self):
        best, sure = np.array([0, 0, 0, 0]), np.array([0.9, 0.8, 0.4, 0.2])
        cut = chat_scores.threshold(best, sure, true=np.array([0, 0, 9, 9]), refused=9)
        self.assertTrue(0.4 < cut < 0.8)

    def test_where_nothing_is_outside_everything_is_answered(self):
        self.assertEqual(chat_scores.threshold(np.array([0, 1]), np.array([0.5, 0.6]), np.array([0, 1]), refused=9), 0)

    def test_where_all_is_outside_nothing_is_answered(self):
        sure = np.array([0.5, 0.6])
        self.assertGreater(chat_scores.threshold(np.array([0, 1]), sure, np.array([9, 9]), refused=9), sure.max())

    def test_what_is_refused_is_decided_at_the_temperature_that_tells_best_what_is_outside(self):
        scores = np.array([[9.0, 0, 0], [8.9, 0, 0], [4, 4, 0], [4, 4, 0], [2, 0, 0]])
        true = np.array([0, 0, 0, 1, 2])
        temperature, cut = chat_scores.refusal(scores, true, refused=2)
        self.assertIn(temperature, chat_scores.REFUSAL_TEMPERATURES)
        by = {t: chat_scores.confidence(chat_scores.softmax(scores / t), 2)[1] for t in chat_scores.REFUSAL_TEMPERATURES}
        value = {t: chat_scores.auroc(sure[true != 2], sure[true == 2]) for t, sure in by.items()}
        self.assertEqual(value[temperature], max(value.values()))
        self.assertTrue(0 <= cut <= 1)

    def test_what_is_refused_is_wrong_in_scope_and_right_outside(self):
        scores = np.log(np.array([[0.9, 0.05, 0.05], [0.4, 0.3, 0.3], [0.35, 0.35, 0.3]]))
        found = chat_scores.summary(scores, np.array([0, 0, 2]), refused=2, cut=0.45)
        self.assertEqual((found["in_scope_accuracy"], found["oos_recall"]), (0.5, 1.0))

    def test_the_temperature_of_scores_that_are_too_sure_is_above_one(self):
        scores = np.array([[6.0, 0], [6, 0], [6, 0], [6, 0]])
        self.assertGreater(chat_scores.temperature(scores, np.array([0, 0, 0, 1])), 2)


@NEEDS_TORCH
class Heads(unittest.TestCase):
    def test_a_written_head_gives_the_scores_it_was_written_of(self):
        import torch

        import chat_head
        import retail_head

        texts = ["where is my order", "track my parcel", "hello there", "good morning"]
        labels = torch.tensor([0, 0, 1, 1])
        grams = [chat_head.ngrams(text) for text in texts]
        rarity = chat_head.Rarity.of(grams)
        vectors = torch.nn.functional.normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(1)), dim=1)
        head = chat_head.fit(chat_head.sparse(grams, rarity), vectors, labels, 2, length=1.0)
        scores = head.scores(chat_head.sparse(grams, rarity), vectors, 1.0).numpy()
        self.assertEqual(scores.argmax(1).tolist(), labels.tolist())
        file = retail_head.written(["status", "greeting"], rarity, head.grams.numpy(), head.embedding.numpy(), head.bias.numpy())
        again = retail_head.RetailHead(json.loads(json.dumps(file))).scores(texts, vectors)
        np.testing.assert_allclose(again, scores, atol=0.1)

    def test_a_text_without_units_has_no_ngrams_but_its_empty_pair(self):
        import chat_head

        self.assertEqual([len(group) for group in chat_head.ngrams("")], [0, 0, 1])


if __name__ == "__main__":
    unittest.main()
