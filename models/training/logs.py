"""What of a log is learned from, chosen by, and measured: leave one out, sessions, or baskets."""

import pathlib

import numpy as np

import fitting
import splits
from datasets import data_folder, diginetica, folder, uci
from datasets.folder import PURCHASE, Shop


class Log:
    """A shop and its split.

    - `train`: `(sequences, actions, baskets)` to learn from; `known`: the same of all that there is before the test
    - `exclude_seen`: whether what a shopper already has is left out of the ranking
    - `measure`: what is chosen by on validation
    - `settings`: what of `fitting.Settings` this shape of data changes
    - `refits`: whether the protocol fits on `known` once everything is chosen
    """

    def __init__(self, shop, train, known, asked, exclude_seen=True, measure="ndcg@10", settings=None, refits=False):
        self.shop, self.train, self.known, self._asked = shop, train, known, asked
        self.exclude_seen, self.measure, self.settings, self.refits = exclude_seen, measure, settings or {}, refits

    def questions(self, split, length, device):
        """As `fitting.questions_of` makes them; `split` is `validation` or `test`."""
        return fitting.questions_of(*self._asked(split), length, device)

    @staticmethod
    def sample(asked, step):
        """The questions of every `step`-th group."""
        kept = asked[4] % step == 0
        return tuple(part[kept] for part in asked)


def load(data):
    """The log of a data set's name or a folder."""
    path = pathlib.Path(data)
    path = path if path.is_dir() else data_folder(data)
    if (path / uci.FILE).is_file():
        return baskets(path)
    return sessions(path) if (path / diginetica.SESSIONS).is_file() else leave_one_out(folder.load(path))


def leave_one_out(shop):
    """The last item of each sequence is the test's target, the one before it the validation's."""
    both = list(zip(shop.sequences, shop.actions))
    # Two events are too few for a validation target: the first is learned from, the last is the test's.
    train = [(s[:-2], a[:-2]) if len(s) > 2 else (s[:-1], a[:-1]) for s, a in both if len(s) > 1]
    train = [s for s, _ in train], [a for _, a in train], None
    known = [s[:-1] for s, _ in both if len(s) > 1], [a[:-1] for _, a in both if len(a) > 1], None

    def asked(split):
        end = 2 if split == "validation" else 1
        usable = [(s[:-end], a[:-end], s[-end]) for s, a in both if len(s) > end]
        sequences, actions, targets = [list(part) for part in zip(*usable)] or [[], [], []]
        return sequences, actions, targets, range(len(targets))

    return Log(shop, train, known, asked, exclude_seen=not repeats(train[0]))


def repeats(sequences, share=0.02):
    """Whether shoppers come back to items: more than `share` of events are of an item that the sequence already had."""
    again = sum(len(s) - len(np.unique(s)) for s in sequences)
    return again > share * max(sum(len(s) for s in sequences), 1)


def sessions(path):
    """The last tenth of the training sessions is validation: every fourth of its events but a session's first is asked."""
    shop, questions = diginetica.load(path)
    cut = len(shop.sequences) * 9 // 10

    def asked(split):
        pairs = questions
        if split == "validation":
            pairs = [(s[:at], s[at]) for s in shop.sequences[cut:] for at in range(1, len(s))][::4]
        histories, targets = [h for h, _ in pairs], [t for _, t in pairs]
        return histories, [np.ones(len(h), np.int64) for h in histories], targets, range(len(targets))

    settings = {"dim": 128, "inner": 512, "dropout": 0.3, "batch": 2048, "patience": 3}
    train, known = (shop.sequences[:cut], shop.actions[:cut], None), (shop.sequences, shop.actions, None)
    return Log(shop, train, known, asked, exclude_seen=False, measure="hr@20", settings=settings, refits=True)


def baskets(path):
    """UCI Online Retail: what of a customer's next basket is new, with all that was bought before as known."""
    titles, customers = uci.load(folder=path)

    def before(begins):
        found = []
        for visits in customers:
            kept = [(number, item) for number, (when, basket) in enumerate(visits) if when < begins for item in basket]
            found.append((np.array([item for _, item in kept], np.int64), np.array([number for number, _ in kept], np.int64)))
        sequences, numbers = [s for s, _ in found if len(s)], [n for s, n in found if len(s)]
        return sequences, [np.full(len(s), PURCHASE, np.int64) for s in sequences], numbers

    def asked(split):
        begins, ends = (uci.VALIDATION, uci.TEST) if split == "validation" else (uci.TEST, None)
        _, cases = splits.uci_split(customers, begins, ends)
        each = [(np.array(history, np.int64), target, at) for at, (history, targets) in enumerate(cases) for target in targets]
        histories, targets, groups = ([row[part] for row in each] for part in range(3))
        return histories, [np.full(len(h), PURCHASE, np.int64) for h in histories], targets, groups

    shop = Shop(titles, [[] for _ in titles], *before(uci.TEST))
    return Log(shop, before(uci.VALIDATION), before(uci.TEST), asked, measure="hr@20", settings={"patience": 4}, refits=True)
