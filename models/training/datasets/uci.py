"""UCI Online Retail (CC BY 4.0, D. Chen 2015): purchases of a gift shop, split by time."""

import collections
import csv
import datetime
import gzip
import io

from . import data_folder

NOT_GOODS = {"POST", "M", "D", "DOT", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "S", "C2", "B"}
FILE = "online_retail.csv.gz"
VALIDATION = datetime.datetime(2011, 10, 1)
TEST = datetime.datetime(2011, 11, 1)


def load(before=None, folder=None):
    """`(titles, baskets)`: title of each item, and each customer's baskets oldest first.

    A basket is `(time, [item index, ...])`. Cleaning: customer known, quantity and price positive, no
    cancellation, goods only. With `before` the log ends there: later rows give no item, no title, no basket.
    """
    names = collections.defaultdict(collections.Counter)
    customers = collections.defaultdict(dict)
    path = (folder or data_folder("uci-online-retail")) / FILE
    with gzip.open(path, "rb") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", errors="replace")):
            code, title = row["StockCode"].strip().upper(), row["Description"].strip()
            if (not row["CustomerID"] or code in NOT_GOODS or row["InvoiceNo"].startswith("C") or not title
                    or float(row["Quantity"]) <= 0 or float(row["UnitPrice"]) <= 0):
                continue
            time = datetime.datetime.fromisoformat(row["InvoiceDate"])
            if before and time >= before:
                continue
            names[code][title] += 1
            customers[row["CustomerID"]].setdefault((time, row["InvoiceNo"]), []).append(code)
    codes = sorted(names)
    index = {code: at for at, code in enumerate(codes)}
    titles = [names[code].most_common(1)[0][0].capitalize() for code in codes]
    baskets = [
        [(time, list(dict.fromkeys(index[code] for code in items))) for (time, _), items in sorted(visits.items())]
        for _, visits in sorted(customers.items())
    ]
    return titles, baskets
