"""python -m unittest discover -s models/training"""

import pathlib
import tempfile
import unittest

import expansions
import grammar
import intent_set
import intents
import likeness
import utterances
from utterances import Slot, Utterance


def utterance(text, group=1, intent="greeting", locale="en"):
    return Utterance(intent, group, locale, text, ())


def read(content):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "find_product.tsv"
        path.write_bytes(content)
        return intent_set.read(path)


class Annotation(unittest.TestCase):
    def test_text_without_marks_stays_as_it_is(self):
        self.assertEqual(utterances.parse("do you sell hats"), ("do you sell hats", ()))

    def test_a_mark_gives_a_span_and_its_value(self):
        text, slots = utterances.parse("找条[红色](colour=red)的[连衣裙](product_type)")
        self.assertEqual(text, "找条红色的连衣裙")
        self.assertEqual(slots, (Slot(2, 4, "colour", "red", False), Slot(5, 8, "product_type", "连衣裙", False)))
        self.assertEqual([text[s.start : s.end] for s in slots], ["红色", "连衣裙"])

    def test_an_unequal_sign_rules_the_value_out(self):
        self.assertTrue(utterances.parse("anything but [Red](colour!=red)")[1][0].negated)

    def test_a_colour_without_a_value_is_its_surface_in_lower_case(self):
        self.assertEqual(utterances.parse("[Navy](colour) please")[1][0].value, "navy")

    def test_broken_marks_and_values_are_named(self):
        for wrong, says in [
            ("a [red](color) hat", "no slot is called color"),
            ("a [red hat", "belongs to no mark"),
            ("[红色](colour)", "write it normalised"),
            ("[two](quantity)", "write it normalised"),
            ("[under $50](price_max=50)", "must end in USD"),
            ("[ red](colour=red)", "begin or end with a space"),
            ("[nicer](comparison=nicer)", "write it normalised"),
        ]:
            with self.subTest(wrong), self.assertRaisesRegex(ValueError, says):
                utterances.parse(wrong)


class Reading(unittest.TestCase):
    def test_the_rows_are_read_in_order(self):
        found, problems = read("group\tlocale\ttext\n1\ten\thats\n1\tzh\t帽子\n".encode())
        self.assertEqual((problems, [u.text for u in found]), ([], ["hats", "帽子"]))
        self.assertEqual({u.intent for u in found}, {"find_product"})

    def test_every_broken_row_is_reported_by_its_line(self):
        _, problems = read(b"group\tlocale\ttext\n0\ten\thats\n1\tfr\thats\n1\ten\n1\ten\t \n")
        self.assertEqual([p.split(":")[1] for p in problems], ["2", "3", "4", "5"])

    def test_another_header_or_encoding_is_one_problem(self):
        self.assertRegex(read(b"text\n")[1][0], "header")
        self.assertRegex(read(b"")[1][0], "header")
        self.assertRegex(read(b"group\tlocale\ttext\n1\ten\t\xff\n")[1][0], "not UTF-8 at byte 23")


class Splitting(unittest.TestCase):
    def test_a_group_is_never_cut(self):
        parts = intent_set.split([utterance(f"{group} {n}", group) for group in range(1, 28) for n in range(5)])
        groups = [{u.group for u in parts[part]} for part in intent_set.PARTS]
        self.assertEqual([len(g) for g in groups], [19, 4, 4])
        self.assertEqual(len(set.union(*groups)), 27)

    def test_the_order_of_lines_changes_nothing(self):
        self.assertEqual(
            intent_set.part_of_groups("thanks", [3, 1, 2, 4]), intent_set.part_of_groups("thanks", [1, 2, 3, 4])
        )

    def test_no_utterances_make_three_empty_parts(self):
        self.assertEqual(intent_set.split([]), {"train": [], "validation": [], "test": []})


class Duplicates(unittest.TestCase):
    def test_width_case_and_punctuation_make_no_difference(self):
        problems, _ = intents.duplicates([utterance("Hello there!", 1), utterance("ｈｅｌｌｏ there", 2)])
        self.assertRegex(problems[0], "in two groups")

    def test_paraphrases_of_one_group_may_be_alike(self):
        self.assertEqual(intents.duplicates([utterance("hello there"), utterance("hello there!")]), ([], []))

    def test_the_same_text_twice_is_a_problem_even_in_one_group(self):
        self.assertRegex(intents.duplicates([utterance("hi"), utterance("hi")])[0][0], "twice the same")

    def test_one_text_of_two_intents_is_a_problem_and_a_near_one_a_note(self):
        text = "Thank you so much for your help, bye"
        pair = [utterance(text, intent="thanks"), utterance(f"{text}!", intent="goodbye")]
        self.assertRegex(intents.duplicates(pair)[0][0], "two intents")
        pair[1] = utterance("thank you so much for your help, byee", intent="goodbye")
        self.assertEqual([len(found) for found in intents.duplicates(pair)], [0, 1])

    def test_the_index_finds_what_comparing_all_pairs_finds(self):
        texts = ["do you have it in red", "do you have it in reds", "有没有红色的", "有没有红色的呢"]
        texts += ["👋", "👋", "", "x"]
        grams = [likeness.trigrams(t) for t in texts]
        every = {
            (i, j)
            for j in range(len(texts))
            for i in range(j)
            if len(grams[i] & grams[j]) >= 0.5 * len(grams[i] | grams[j])
        }
        self.assertEqual({(i, j) for i, j, _ in likeness.near_pairs(texts, 0.5)}, every)


def made(pattern, number=50, seed=1):
    return list(grammar.expand(grammar.parse(pattern), seed, number))


class Patterns(unittest.TestCase):
    def test_each_way_through_nested_alternations_is_made_once(self):
        self.assertEqual(
            sorted(made("(where is|wheres) my ((late |)parcel|order)")),
            sorted(f"{a} my {b}" for a in ("where is", "wheres") for b in ("late parcel", "order", "parcel")),
        )

    def test_an_empty_branch_leaves_no_stray_space(self):
        texts = sorted(made("(hi|) is it [(dark |)blue](colour) (please|)?"))
        self.assertEqual(len(texts), 8)
        self.assertEqual((texts[0], texts[-1]), ("hi is it [blue](colour) please?", "is it [dark blue](colour)?"))

    def test_the_seed_alone_decides_the_draw(self):
        pattern = "(a|b|c|d) (e|f|g|h) (i|j|k|l)"
        self.assertEqual(made(pattern, 9), made(pattern, 9))
        self.assertNotEqual(made(pattern, 9), made(pattern, 9, seed=2))

    def test_every_branch_comes_up_before_one_returns(self):
        self.assertEqual(sorted(text[0] for text in made("(a|b|c|d) (e|f|g|h)", 4)), list("abcd"))

    def test_a_pattern_that_makes_nothing_and_none_asked_for_make_nothing(self):
        self.assertEqual((made(""), made("( |)"), made("a", 0)), ([], [], []))

    def test_broken_brackets_are_named_by_their_place(self):
        for wrong, says in [
            ("a (b|c", "'\\(' at character 3 is not closed"),
            ("a b)", "'\\)' at character 4"),
            ("a {b", "'\\{' names no words"),
            ("a|b", "'\\|' at character 2"),
            ("[a (b|c)]", "begins no mark"),
            ("[a|b](size)", "'\\|' at character 3"),
            ("[a](si(z|x)e)", "begins no mark"),
            ("(a|[b)](size)", "'\\)' at character 6"),
        ]:
            with self.subTest(wrong), self.assertRaisesRegex(ValueError, says):
                grammar.parse(wrong)


class Grammars(unittest.TestCase):
    def folder(self, content, locale="en", name="greeting.tsv"):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        folder = pathlib.Path(holder.name)
        (folder / "grammar" / locale).mkdir(parents=True)
        lines = [f"{group}\ten\t{text}" for group, text in enumerate(self.LINES, 1)]
        (folder / "greeting.tsv").write_text("\n".join(["group\tlocale\ttext", *lines]), "utf-8")
        (folder / "grammar" / locale / name).write_text(content, "utf-8")
        return folder

    LINES = ("good morning everybody", "anyone behind the counter", "hello shop people")

    def test_what_is_near_a_held_out_line_is_left_out(self):
        parts = intent_set.split(intent_set.load(self.folder("pattern\n")))
        self.assertEqual({part: len(parts[part]) for part in intent_set.PARTS}, {"train": 2, "validation": 0, "test": 1})
        held_out = parts["test"][0].text
        content = "pattern\n" + "\n".join(f"{line}(!|?)" for line in (*self.LINES, "ahoy"))
        texts = {u.text for u in expansions.expansions(1, 5, self.folder(content))}
        wanted = {f"{line}{end}" for line in (*self.LINES, "ahoy") for end in "!?"}
        self.assertEqual(texts, wanted - {f"{held_out}!", f"{held_out}?"})

    def test_an_expansion_has_its_slots(self):
        (only,) = expansions.expansions(1, 5, self.folder("pattern\nyo, [jumper](product_type)?\n"))
        slots = (Slot(4, 10, "product_type", "jumper", False),)
        self.assertEqual(only, Utterance("greeting", 0, "en", "yo, jumper?", slots))

    def test_a_name_stands_for_the_locales_words(self):
        folder = self.folder("pattern\nyo {who}\n")
        words = folder / "grammar/en/words.tsv"
        words.write_text("name\tpattern\nrest\t(folks|people)\nwho\t(everyone|{rest})\n", "utf-8")
        self.assertEqual({u.text for u in expansions.expansions(1, 9, folder)}, {"yo everyone", "yo folks", "yo people"})
        words.write_text("name\tpattern\nwho\t{rest}\n", "utf-8")
        with self.assertRaisesRegex(ValueError, r"words.tsv:2: no words are called \{rest\}"):
            list(expansions.expansions(1, 9, folder))

    def test_each_broken_file_or_pattern_is_a_problem(self):
        for folder, says in [
            (self.folder("pattern\nhi\n(a|b\n"), "en/greeting.tsv:3: .* not closed"),
            (self.folder("pattern\n[(red|blue)](color)\n"), ":2: no slot is called color"),
            (self.folder("pattern\n[(2|two)](quantity)\n"), ":2: quantity cannot be 'two'"),
            (self.folder("pattern\ta\n"), ":1: the header must be pattern"),
            (self.folder("pattern\nhi\ten\n"), ":2: a tab"),
            (self.folder("pattern\n", locale="fr"), "no such intent or locale"),
            (self.folder("pattern\n", name="hello.tsv"), "no such intent or locale"),
        ]:
            with self.subTest(says), self.assertRaisesRegex(ValueError, says):
                list(expansions.expansions(1, 5, folder))

    def test_the_index_finds_what_comparing_with_all_finds(self):
        held_out = ["do you have it in red", "有没有红色的", "👋", "is it cotton or is it wool"]
        asked = ["do you have it in reds", "有没有红色的呢", "👋", "x", "is it wool or is it cotton"]
        near = likeness.Near(held_out, 0.7)
        for text in held_out + asked:
            one = likeness.trigrams(text)
            alike = any(len(one & two) >= 0.7 * len(one | two) for two in map(likeness.trigrams, held_out))
            self.assertEqual(text in near, alike, text)

    def test_one_text_of_two_intents_is_a_problem(self):
        pair = [utterance("Cheers, bye!", intent="thanks"), utterance("cheers bye", intent="goodbye")]
        self.assertEqual(len(list(expansions.contradictions(pair))), 1)


class TheSet(unittest.TestCase):
    def test_its_files_are_sound_and_no_two_groups_are_alike(self):
        self.assertEqual(intents.duplicates(intent_set.load())[0], [])

    def test_its_grammars_are_sound_and_contradict_nothing(self):
        trees, problems = expansions.read_grammars()
        self.assertEqual(problems + list(expansions.contradictions(expansions.drawn(trees, 1, 20))), [])


if __name__ == "__main__":
    unittest.main()
