"""What of a log is learned from, chosen by, and measured: leave one out, or the sessions of diginetica."""

import pathlib

import numpy as np

import fitting
from datasets import data_folder, diginetica, folder


class Log:
    """A shop and its split.

    - `train`, `train_actions`: what is learned from
    - `exclude_seen`: whether what a shopper already has is left out of the ranking
    - `measure`: what is chosen by on validation
    - `settings`: what of `fitting.Settings` this shape of data changes
    - `refit`: `(sequences, actions)` to fit on once more, after choosing, before the test; where the protocol has that
    """

    def __init__(self, shop, train, train_actions, asked, exclude_seen, measure, settings, refit=None):
        self.shop, self.train, self.train_actions, self._asked = shop, train, train_actions, asked
        self.exclude_seen, self.measure, self.settings, self.refit = exclude_seen, measure, settings, refit

    def questions(self, split, length, device):
        """As `fitting.questions_of` makes them; `split` is `validation` or `test`."""
        sequences, actions, targets = self._asked(split)
        return fitting.questions_of(sequences, actions, targets, length, device)

    @property
    def known(self):
        """`(sequences, actions)` of train and validation: what a shop has before the test."""
        sequences, actions, _ = self._asked("test")
        return sequences, actions

    @staticmethod
    def sample(asked, step):
        """Every `step`-th question."""
        return tuple(part[::step] for part in asked)


def load(data):
    """The log of a data set's name or a folder."""
    if pathlib.Path(data).name == "diginetica":
        return _sessions()
    path = pathlib.Path(data)
    return leave_one_out(folder.load(path if path.is_dir() else data_folder(data)))


def leave_one_out(shop):
    """The last item of each sequence is the test's target, the one before it the validation's."""
    both = list(zip(shop.sequences, shop.actions))
    train, actions = [s[:-2] for s, _ in both if len(s) > 2], [a[:-2] for _, a in both if len(a) > 2]

    def asked(split):
        end = 2 if split == "validation" else 1
        usable = [(s[:-end], a[:-end], s[-end]) for s, a in both if len(s) > end]
        return [list(part) for part in zip(*usable)] or [[], [], []]

    return Log(shop, train, actions, asked, not repeats(train), "ndcg@10", {})


def repeats(sequences, share=0.02):
    """Whether shoppers come back to items: more than `share` of events are of an item that the sequence already had."""
    again = sum(len(s) - len(np.unique(s)) for s in sequences)
    return again > share * max(sum(len(s) for s in sequences), 1)


def _sessions():
    """The last tenth of the training sessions is validation: each of its events but a session's first is a question."""
    shop, questions = diginetica.load()
    cut = len(shop.sequences) * 9 // 10
    train, actions = shop.sequences[:cut], shop.actions[:cut]

    def asked(split):
        if split == "test":
            histories, targets = [h for h, _ in questions], [t for _, t in questions]
        else:
            pairs = [(s[:at], s[at]) for s in shop.sequences[cut:] for at in range(1, len(s))][::4]
            histories, targets = [h for h, _ in pairs], [t for _, t in pairs]
        return histories, [np.ones(len(h), np.int64) for h in histories], targets

    settings = {"dim": 128, "inner": 512, "length": 50, "dropout": 0.3, "batch": 2048, "patience": 3}
    return Log(shop, train, actions, asked, False, "hr@20", settings, (shop.sequences, shop.actions))
