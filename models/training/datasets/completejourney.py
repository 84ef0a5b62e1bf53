"""completejourney (CC0 by its package): a grocer's product hierarchy. Baskets there are torn and not used."""

import csv
import gzip

from . import data_folder


def products():
    """`(product type, product category, department)` of each distinct product type."""
    path = data_folder("completejourney") / "products.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = {(r["product_type"].lower(), r["product_category"].lower(), r["department"].lower()) for r in csv.DictReader(file)}
    return sorted(row for row in rows if row[0] and row[1])
