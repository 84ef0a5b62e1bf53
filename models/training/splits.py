"""What is known and what is asked: the splits of the two logs that are measured. Standard library only.

A case is `(history, targets)`: item indices, the history oldest first. Validation is for choosing, test for one
measurement of what was chosen.
"""

from datasets import beauty, uci

SPLITS = ("validation", "test")


def uci_split(customers, begins, ends=None):
    """`(train, cases)`: sequences of what was bought before `begins`, and what of each next basket is new.

    A customer is asked about the first basket in `[begins, ends)`, when it holds anything not bought before.
    """
    train, cases = [], []
    for baskets in customers:
        before = [item for when, basket in baskets if when < begins for item in basket]
        after = [basket for when, basket in baskets if when >= begins and (ends is None or when < ends)]
        if not before:
            continue
        train.append(before)
        known = set(before)
        fresh = [item for item in (after[0] if after else []) if item not in known]
        if fresh:
            cases.append((before, fresh))
    return train, cases


def leave_one_out(sequences, split):
    """`(train, cases)`: the last item is the test's target, the one before the validation's; neither is trained on."""
    train = [s[:-2] for s in sequences]
    if split == "validation":
        return train, [(s[:-2], s[-2:-1]) for s in sequences if len(s) > 2]
    return train, [(s[:-1], s[-1:]) for s in sequences if len(s) > 1]


def load(name, split):
    """`(titles, train, cases)` of a data set."""
    if name == "amazon-beauty":
        titles, sequences = beauty.load()
        return titles, *leave_one_out(sequences, split)
    begins, ends = (uci.VALIDATION, uci.TEST) if split == "validation" else (uci.TEST, None)
    titles, customers = uci.load()
    return titles, *uci_split(customers, begins, ends)


DATASETS = ("uci-online-retail", "amazon-beauty")
