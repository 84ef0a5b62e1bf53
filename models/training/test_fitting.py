"""Fitting on a shop's own log: loaders, histories, neighbours, blend, export. Skipped where torch is not installed."""

import gzip
import json
import pathlib
import tempfile
import unittest

try:
    import torch
except ImportError as error:
    raise unittest.SkipTest("torch is not installed") from error

import numpy as np

import encode
import examples
import export
import fitting
import logs
import neighbours
import network
from blend import Blend, Questions, relative
from datasets import folder
from datasets.folder import Shop
from network import weights_of
from ranking import interval, measures, ranks


def a_shop(*sequences, count=6, baskets=None):
    arrays = [np.array(s, np.int64) for s in sequences]
    return Shop([""] * count, [[] for _ in range(count)], arrays, [np.full(len(s), 3, np.int64) for s in arrays], baskets)


class Folders(unittest.TestCase):
    def written(self, items, sequences):
        self.held = tempfile.TemporaryDirectory()
        self.addCleanup(self.held.cleanup)
        path = pathlib.Path(self.held.name)
        for name, text in (("items.jsonl.gz", items), ("sequences.tsv.gz", sequences)):
            with gzip.open(path / name, "wt", encoding="utf-8") as file:
                file.write(text)
        return path

    def test_items_are_numbered_by_line_whatever_their_ids_are(self):
        path = self.written('{"item_id": "b", "title": "Bowl"}\n{"item_id": 7, "attributes": [3]}\n', "user\titems\nu\t7 b\n")
        shop = folder.load(path)
        self.assertEqual((shop.texts, shop.attributes), (["Bowl", ""], [[], ["attributes=3"]]))
        self.assertEqual(shop.sequences[0].tolist(), [1, 0])

    def test_a_catalogue_is_named_by_its_ids_in_order_as_the_packer_names_it(self):
        shop = folder.load(self.written('{"item_id": "a"}\n{"item_id": "b"}\n', "user\titems\n"))
        # Also in src/catalogue/table.rs.
        self.assertEqual(shop.ids_sha256, "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78")
        self.assertIsNone(a_shop([0, 1]).ids_sha256)

    def test_only_the_file_of_the_data_makes_a_log_one_of_baskets(self):
        with tempfile.TemporaryDirectory() as held:
            path = pathlib.Path(held) / "uci-online-retail"
            path.mkdir()
            for name, text in (("items.jsonl.gz", '{"item_id": 1}\n{"item_id": 2}\n'), ("sequences.tsv.gz", "user\titems\nu\t1 2 1\n")):
                with gzip.open(path / name, "wt", encoding="utf-8") as file:
                    file.write(text)
            self.assertEqual(logs.load(path).measure, "ndcg@10")

    def test_an_item_that_is_not_in_the_catalogue_is_named_with_its_line(self):
        path = self.written('{"item_id": 1}\n', "user\titems\nu\t1\nv\t9\n")
        with self.assertRaisesRegex(folder.FolderError, r"line 3: item '9' is not in items.jsonl.gz"):
            folder.load(path)

    def test_a_line_that_is_no_object_is_named(self):
        with self.assertRaisesRegex(folder.FolderError, "items.jsonl.gz, line 2"):
            folder.load(self.written('{"item_id": 1}\n[]\n', "user\titems\n"))

    def test_an_empty_folder_says_what_is_missing(self):
        with tempfile.TemporaryDirectory() as empty, self.assertRaisesRegex(folder.FolderError, "sequences.tsv.gz"):
            folder.load(empty)

    def test_a_merchants_events_are_put_in_order_of_time(self):
        with tempfile.TemporaryDirectory() as held:
            path = pathlib.Path(held)
            (path / "catalogue.csv").write_text("id,title,category,attr:color,attr:color:zh-CN\na,Bowl,Home > Bowls,Red,红\nb,Cup,,,\n", "utf-8")
            (path / "events.csv").write_text("session,event,item_id,time\ns,purchase,b,2026-01-02T00:00:00Z\ns,view,a,2026-01-01T00:00:00Z\ns,view,gone,2026-01-03\n", "utf-8")
            shop = folder.load(path)
        self.assertEqual((shop.sequences[0].tolist(), shop.actions[0].tolist()), ([0, 1], [1, 3]))
        self.assertEqual(shop.attributes[0], ["category=Home", "category=Bowls", "attr:color=Red"])


class Splits(unittest.TestCase):
    def test_the_test_item_is_in_nothing_but_the_tests_question(self):
        log = logs.leave_one_out(a_shop([0, 1, 2, 3], [4, 5]))
        self.assertEqual([s.tolist() for s in log.train[0]], [[0, 1], [4]])
        items, _, targets, seen, _ = log.questions("validation", 3, "cpu")
        self.assertEqual((items.tolist(), targets.tolist(), seen.tolist()), ([[-1, 0, 1]], [2], [[0, 1]]))
        self.assertEqual(log.questions("test", 3, "cpu")[2].tolist(), [3, 5])

    def test_shoppers_with_one_event_or_none_are_left_out(self):
        log = logs.leave_one_out(a_shop([0], []))
        self.assertEqual((log.train[0], len(log.questions("test", 3, "cpu")[2])), ([], 0))

    def test_seen_items_stay_where_shoppers_come_back_to_them(self):
        self.assertFalse(logs.leave_one_out(a_shop([0, 1, 0, 1, 2, 3])).exclude_seen)
        self.assertTrue(logs.leave_one_out(a_shop([0, 1, 2, 3, 4, 5])).exclude_seen)


class Examples(unittest.TestCase):
    def test_every_event_but_the_first_is_a_target_of_what_came_before(self):
        shop = a_shop([0, 1, 2], [3, 4])
        log = examples.Histories(shop.sequences, shop.actions, None, 4, "cpu")
        places, ends = log.prefixes()
        items, actions = log.before(ends, log.start_of(places), 3)
        self.assertEqual(items.tolist(), [[-1, -1, 0], [-1, 0, 1], [-1, -1, 3]])
        self.assertEqual(actions.tolist(), [[0, 0, 3], [0, 3, 3], [0, 0, 3]])
        self.assertEqual(log.items[places].tolist(), [1, 2, 4])

    def test_a_basket_is_foretold_from_what_came_before_it(self):
        shop = a_shop([0, 1, 2, 3])
        log = examples.Histories(shop.sequences, shop.actions, [np.array([0, 1, 1, 2])], 4, "cpu")
        places, ends = log.prefixes()
        self.assertEqual(list(zip(places.tolist(), ends.tolist())), [(1, 1), (2, 1), (3, 3)])

    def test_what_was_removed_is_no_target(self):
        log = examples.Histories([np.array([0, 1])], [np.array([1, folder.ACTIONS["remove"]])], None, 4, "cpu")
        self.assertEqual(log.prefixes()[0].tolist(), [])

    def test_batches_hold_each_example_once(self):
        shop = a_shop(*([0, 1, 2, 3, 4, 5][: 2 + at % 5] for at in range(40)))
        log = examples.Histories(shop.sequences, shop.actions, None, 50, "cpu")
        places, ends = log.prefixes()
        targets = [t for _, _, target in examples.batches(log, places, ends, 7, torch.Generator().manual_seed(1)) for t in target.tolist()]
        self.assertEqual(sorted(targets), sorted(log.items[places].tolist()))


class Neighbours(unittest.TestCase):
    def test_the_cosine_counts_pairs_both_ways(self):
        ids, weights = neighbours.cosine([np.array([0, 1]), np.array([1, 0]), np.array([1, 2])], 4, 2)
        self.assertEqual(ids.tolist(), [[1, -1], [0, 2], [1, -1], [-1, -1]])
        self.assertAlmostEqual(float(weights[1, 1] / weights[1, 0]), (1 / 3**0.5) / (2 / 6**0.5), delta=1 / 255)

    def test_nearer_pairs_count_more(self):
        _, _, weights = neighbours.pairs([np.array([0, 1, 2])], 3, 5, closeness=0.5)
        self.assertEqual(weights.tolist(), [1, 0.5, 1, 1, 0.5, 1])

    def test_a_regression_finds_what_goes_together(self):
        sequences = [np.array([0, 1])] * 5 + [np.array([2, 3])] * 5
        ids, weights = neighbours.ridge(sequences, 5, 2, 1.0, "cpu")
        self.assertEqual(ids.tolist(), [[1, -1], [0, -1], [3, -1], [2, -1], [-1, -1]])
        self.assertEqual(weights[:, 0].tolist(), [1, 1, 1, 1, 0])

    def test_a_regression_does_not_count_twice_what_one_item_explains(self):
        # Whoever has 1 has 0 as well: 2 goes with 0, and 1 adds nothing to that.
        sequences = [np.array([0, 2])] * 6 + [np.array([0, 1, 2])] * 6 + [np.array([0, 1])] * 2
        ids, weights = neighbours.ridge(sequences, 3, 2, 0.1, "cpu")
        by_item = dict(zip(ids[1].tolist(), weights[1].tolist()))
        self.assertLess(by_item.get(2, 0), 0.2)
        cosine = dict(zip(*(part[1].tolist() for part in neighbours.cosine(sequences, 3, 2))))
        self.assertGreater(cosine[2], 0.5)

    def test_an_item_votes_once_at_its_newest_place(self):
        lists = torch.tensor([[1], [2], [-1]]), torch.tensor([[1.0], [1.0], [0.0]])
        given = neighbours.votes(torch.tensor([[-1, 0, 1, 0]]), lists, newest=2, decay=0.5)
        self.assertEqual(given.tolist(), [[0, 1, 0.5]])
        given = neighbours.votes(torch.tensor([[-1, 0, 1, 0]]), lists, newest=1, decay=0.5)
        self.assertEqual(given.tolist(), [[0, 1, 0]])

    def test_nobody_votes_for_an_empty_history(self):
        lists = torch.tensor([[1], [-1]]), torch.tensor([[1.0], [0.0]])
        self.assertEqual(neighbours.votes(torch.tensor([[-1, -1]]), lists, 3, 0.5).tolist(), [[0, 0]])


class Ranking(unittest.TestCase):
    def test_ties_fall_in_catalogue_order(self):
        self.assertEqual(ranks(torch.tensor([[1.0, 2.0, 2.0]]), torch.tensor([2])).tolist(), [1])

    def test_questions_of_one_basket_count_as_one(self):
        found = measures(torch.tensor([0, 100, 0]), torch.tensor([0, 0, 1]))
        self.assertAlmostEqual(found["hr@10"], (0.5 + 1) / 2)

    def test_an_interval_holds_the_mean(self):
        places, groups = torch.tensor([0, 50] * 50), torch.arange(100)
        low, high = interval(places, groups, "hr", 10)
        self.assertTrue(low < 0.5 < high)

    def test_a_shortlist_ranks_as_all_items_do(self):
        torch.manual_seed(1)
        dots, votes, popularity = torch.randn(50, 900) * 3, torch.rand(50, 900).pow(8), torch.rand(900)
        targets, seen = torch.randint(900, (50,)), torch.randint(900, (50, 3))
        seen[seen == targets[:, None]] = -1
        blend = Blend(temperature=1.4, neighbours=0.45, popularity=0.01)
        asked = Questions(popularity)
        asked.add(dots, votes, seen, targets, torch.arange(50))
        whole = ranks(fitting.without(blend.scores(*relative(dots, votes), popularity[None, :]), seen), targets)
        self.assertEqual(asked.measure(blend), measures(whole, torch.arange(50)))


class Export(unittest.TestCase):
    def test_the_graph_answers_as_the_network_does(self):
        items = torch.tensor([[-1, -1, 3, 8, 1], [0, 1, 2, 3, 4], [-1, -1, -1, -1, -1]])
        actions = torch.tensor([[0, 0, 1, 2, 3], [3, 3, 3, 1, 1], [0, 0, 0, 0, 0]])
        for encoder in ("sasrec", "hstu"):
            settings = fitting.Settings(encoder=encoder, dim=16, inner=32, length=5, text=False)
            model = fitting.build(settings, a_shop(count=9), "cpu").eval()
            with self.subTest(encoder), torch.no_grad(), tempfile.TemporaryDirectory() as held:
                for parameter in model.encoder.parameters():
                    parameter.add_(torch.randn_like(parameter) * 0.1)
                wanted = model.query(items, actions).numpy()
                table = encode.padded_table(model.vectors().numpy())
                config = {"encoder": encoder, "dim": 16, "length": 5, "heads": settings.heads, "layers": settings.layers}
                run = encode.session(export.encoder(weights_of(model.encoder), config, f"{held}/encoder.onnx", {}))
                for row, kinds, query in zip(items.numpy(), actions.numpy(), wanted):
                    given = run.run(None, {"items": table[row][None], "actions": kinds[None]})[0][0]
                    np.testing.assert_allclose(given, query, atol=1e-4)

    def test_padding_changes_nothing(self):
        for encoder in ("sasrec", "hstu", "gru"):
            model = fitting.build(fitting.Settings(encoder=encoder, dim=16, inner=32, length=8, text=False), a_shop(count=9), "cpu").eval()
            with self.subTest(encoder), torch.no_grad():
                short = model.query(torch.tensor([[2, 5]]), torch.tensor([[1, 3]]))
                long = model.query(torch.tensor([[-1, -1, -1, 2, 5]]), torch.tensor([[0, 0, 0, 1, 3]]))
            np.testing.assert_allclose(short.numpy(), long.numpy(), atol=1e-6)


class ForYouModel(unittest.TestCase):
    def test_the_graph_answers_as_the_network_does(self):
        torch.manual_seed(3)
        config = {"dim": 8, "heads": 2, "layers": 2, "inner": 16, "length": 6}
        model = network.ForYou(**config).eval()
        items = torch.nn.functional.normalize(torch.randn(3, 6, 8), dim=-1)
        items[0, :4] = 0
        items[2] = 0
        actions = torch.tensor([[0, 0, 0, 0, 1, 3], [1, 2, 3, 1, 2, 3], [0] * 6])
        with torch.no_grad(), tempfile.TemporaryDirectory() as held:
            for parameter in model.parameters():
                parameter.add_(torch.randn_like(parameter) * 0.2)
            wanted = model(items, actions).numpy()
            run = encode.session(export.for_you(weights_of(model), config, f"{held}/for-you.onnx", {}))
            for row, kinds, query in zip(items.numpy(), actions.numpy(), wanted):
                given = run.run(None, {"items": row[None], "actions": kinds[None]})[0][0]
                np.testing.assert_allclose(given, query, atol=1e-4)


class Fitting(unittest.TestCase):
    def test_each_loss_and_encoder_learns_a_circle(self):
        shop = a_shop(*([(at + step) % 12 for step in range(4)] for at in range(12)), count=12)
        part = shop.sequences, shop.actions, None
        asked = fitting.questions_of(shop.sequences, shop.actions, [(s[-1] + 1) % 12 for s in shop.sequences], range(12), 8, "cpu")
        for changes in ({}, {"encoder": "hstu"}, {"encoder": "gru"}, {"loss": "sampled"}, {"loss": "gbce", "epochs": 200}):
            with self.subTest(changes):
                settings = fitting.Settings(dim=16, inner=32, length=8, dropout=0.0, rate=0.02, batch=36, mean=0.5, patience=200, negatives=8, **{"epochs": 60, **changes})
                model, _ = fitting.fit(settings, shop, part, asked, False, "cpu", quiet=True)
                self.assertGreater(fitting.validate(model, asked, False)["hr@5"], 0.9)

    def test_it_goes_on_where_it_was_cut(self):
        shop = a_shop([0, 1, 2, 3], [2, 3, 4, 5])
        asked = fitting.questions_of(shop.sequences, shop.actions, [4, 0], range(2), 8, "cpu")
        settings = fitting.Settings(dim=8, heads=1, inner=8, length=8, epochs=4)
        with tempfile.TemporaryDirectory() as held:
            part = shop.sequences, shop.actions, None
            fit = lambda *cut: fitting.fit(settings, shop, part, asked, False, "cpu", *cut, quiet=True)  # noqa: E731
            whole, _ = fit()
            _, begun = fit(f"{held}/c.pt", 1e-9)
            again, history = fit(f"{held}/c.pt")
        self.assertEqual((len(begun), len(history)), (1, 4))
        np.testing.assert_allclose(whole.vectors().detach().numpy(), again.vectors().detach().numpy(), atol=1e-6)


if __name__ == "__main__":
    unittest.main()
