"""python -m unittest discover -s models/training"""

import json
import pathlib
import unittest

from subwords import MAX_TOKENS, VOCABULARY, subword_ids, tokens_of

GOLDEN = pathlib.Path(__file__).parents[2] / "tests/golden/subwords.json"


class Subwords(unittest.TestCase):
    def test_a_word_gives_itself_and_its_grams(self):
        self.assertEqual(tokens_of("Abc"), ["w:abc", "g:<ab", "g:abc", "g:bc>", "g:<abc", "g:abc>"])

    def test_digits_and_short_words_have_no_grams(self):
        self.assertEqual(tokens_of("42 ab 1234"), ["w:42", "w:ab", "w:1234"])

    def test_ideographs_give_characters_and_pairs(self):
        self.assertEqual(tokens_of("连衣裙"), ["c:连", "c:衣", "b:连衣", "c:裙", "b:衣裙"])

    def test_ids_are_in_range_and_bounded_in_number(self):
        ids = subword_ids("word " * 1000)
        self.assertEqual(len(ids), MAX_TOKENS)
        self.assertTrue(all(0 < i < VOCABULARY for i in ids))

    def test_the_golden_file_is_up_to_date(self):
        for case in json.loads(GOLDEN.read_text()):
            self.assertEqual(subword_ids(case["text"]), case["ids"])


if __name__ == "__main__":
    unittest.main()
