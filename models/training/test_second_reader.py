"""python -m unittest discover -s models/training"""

import pathlib
import tempfile
import unittest

import intent_set
import second_reader


class Agreement(unittest.TestCase):
    def test_readers_of_one_mind_agree_wholly(self):
        pairs = [("deny", "deny"), ("affirm", "affirm")]
        self.assertEqual([measure(pairs) for measure in MEASURES], [1, 1, 1])

    def test_one_label_alone_is_agreement_and_no_division_by_nought(self):
        self.assertEqual([measure([("deny", "deny")]) for measure in MEASURES], [1, 1, 1])

    def test_agreement_by_chance_has_no_kappa(self):
        pairs = [("deny", "deny"), ("deny", "affirm"), ("affirm", "deny"), ("affirm", "affirm")]
        self.assertEqual([measure(pairs) for measure in MEASURES], [0.5, 0.5, 0])

    def test_a_label_the_reader_alone_gives_takes_no_share_of_macro_f1(self):
        self.assertEqual(second_reader.macro_f1([("deny", "deny"), ("affirm", "thanks")]), 0.5)


MEASURES = (second_reader.accuracy, second_reader.macro_f1, second_reader.kappa)


class Labels(unittest.TestCase):
    def read(self, content):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "labels.tsv"
            path.write_text(content, "utf-8")
            return second_reader.read_labels(path)

    def test_a_broken_row_is_named_by_its_line(self):
        for row in ("en\thats", "fr\thats\tdeny", "en\t\tdeny", "en\thats\tdeny\t"):
            with self.subTest(row), self.assertRaisesRegex(ValueError, "labels.tsv:3: there must be"):
                self.read(f"{second_reader.HEADER}\nen\tno\tdeny\n{row}\n")

    def test_another_header_is_refused_by_the_files_name(self):
        with self.assertRaisesRegex(ValueError, "labels.tsv:1: the header must be locale, text, label"):
            self.read("")

    def test_a_text_that_is_not_of_the_test_part_is_refused(self):
        with self.assertRaisesRegex(ValueError, "not of the test part: 'hats'"):
            second_reader.paired([("en", "hats", "deny")], [])


class TheReading(unittest.TestCase):
    def test_its_lines_are_those_drawn_of_the_test_part_in_that_order(self):
        drawn = [(u.locale, u.text) for u in second_reader.draw(intent_set.load())]
        labels = second_reader.read_labels()
        self.assertEqual([(locale, text) for locale, text, _ in labels], drawn)
        self.assertEqual([sum(locale == own for own, _ in drawn) for locale in intent_set.LOCALES], [300, 300])

    def test_its_labels_are_intents_of_the_set(self):
        known = {u.intent for u in intent_set.load()}
        self.assertEqual({label for _, _, label in second_reader.read_labels()} - known, set())


if __name__ == "__main__":
    unittest.main()
