"""The conversion. Run: python -m unittest discover -s docs/examples/uci-online-retail"""

import csv
import pathlib
import tempfile
import unittest

import run

ROW = {"InvoiceNo": "1", "StockCode": "85123a", "Description": " WHITE  HEART ", "Quantity": "2", "InvoiceDate": "2011-01-05 10:00:00",
       "UnitPrice": "2.5", "CustomerID": "17850"}


def convert(*changes):
    """`(read and kept, items, events)` of the row with each of the changes."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        counts = run.convert(({**ROW, **change} for change in changes), out)
        read = lambda name: list(csv.DictReader((out / name).read_text("utf-8").splitlines()))  # noqa: E731
        return counts, read("catalogue.csv"), read("events.csv")


class Conversion(unittest.TestCase):
    def test_a_row_becomes_an_item_and_a_purchase_of_its_customer(self):
        counts, [item], [event] = convert({})
        self.assertEqual(counts, (1, 1))
        self.assertEqual(item, {"id": "85123A", "title": "White heart", "price": "2.50 GBP", "availability": "in stock"})
        self.assertEqual(event, {"session": "c17850", "event": "purchase", "item_id": "85123A", "time": "2011-01-05T10:00:00Z", "quantity": "2"})

    def test_cancellations_and_what_is_no_good_are_left_out(self):
        bad = [{"InvoiceNo": "C1"}, {"Quantity": "-1"}, {"UnitPrice": "0"}, {"StockCode": "POST"}, {"Description": " "}]
        counts, items, events = convert(*bad)
        self.assertEqual((counts, items, events), ((5, 0), [], []))

    def test_unknown_customers_are_told_apart_by_invoice(self):
        _, _, events = convert({"CustomerID": ""}, {"CustomerID": "", "InvoiceNo": "2"})
        self.assertEqual([event["session"] for event in events], ["i1", "i2"])

    def test_an_item_has_its_commonest_title_and_its_median_price(self):
        _, [item], _ = convert({"UnitPrice": "1"}, {"UnitPrice": "9", "Description": "damaged"}, {"UnitPrice": "3"})
        self.assertEqual((item["title"], item["price"]), ("White heart", "3.00 GBP"))


if __name__ == "__main__":
    unittest.main()
