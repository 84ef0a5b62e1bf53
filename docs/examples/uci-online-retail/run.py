"""A real shop from a real log: UCI Online Retail as a Nearshelf pack, evaluated and ready to open.

    python3 docs/examples/uci-online-retail/run.py [--out build/uci] [--serve | --validate]

Reads $NEARSHELF_DATA/uci-online-retail/online_retail.csv.gz (CC BY 4.0, D. Chen 2015), writes a catalogue and an
event log, packs them (saying time and peak memory), and measures: for each customer with two or more baskets the last is
hidden and 20 items are recommended from what came before. Once over all of them, once over those from October 2011 on,
which the shipped models were not trained on. `--validate` measures instead what the constants were chosen on: all those
baskets removed, the log cut at November 2011, then the last remaining ones from September on, with other constants too.
Python's standard library and the built `nearshelf` command suffice.

What is kept: rows with positive quantity and price, codes that are goods. Cancellations are left out. An item is a
stock code; its title is the description that it has most often, its price the median. A session is a customer,
or the invoice where the customer is unknown; lines of one invoice share its time and so make one basket.
"""

import argparse
import collections
import csv
import datetime
import gzip
import io
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
# A good's code begins with five digits; POST, M, DOT, BANK CHARGES, AMAZONFEE and the like don't.
GOODS = re.compile(r"^\d{5}[A-Z]{0,2}$")


MODELS_KNOW_BEFORE = "2011-10-01"  # the day that the trainings end on: models/training/datasets/uci.py


def rows(path):
    with gzip.open(path, "rb") as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline=""))


def convert(source, out):
    """Writes catalogue.csv and events.csv into `out`; returns how many of the rows `source` were read and kept."""
    titles = collections.defaultdict(collections.Counter)
    prices = collections.defaultdict(list)
    read = kept = 0
    with open(out / "events.csv", "w", newline="", encoding="utf-8") as file:
        events = csv.writer(file)
        events.writerow(["session", "event", "item_id", "time", "quantity"])
        for row in source:
            read += 1
            code, title = row["StockCode"].strip().upper(), " ".join(row["Description"].split())
            quantity, price = int(row["Quantity"]), float(row["UnitPrice"])
            if not GOODS.match(code) or row["InvoiceNo"].startswith("C") or quantity <= 0 or price <= 0 or not title:
                continue
            kept += 1
            titles[code][title] += 1
            prices[code].append(price)
            session = f"c{row['CustomerID']}" if row["CustomerID"] else f"i{row['InvoiceNo']}"
            when = datetime.datetime.fromisoformat(row["InvoiceDate"]).isoformat() + "Z"
            events.writerow([session, "purchase", code, when, min(quantity, 1_000_000)])
    with open(out / "catalogue.csv", "w", newline="", encoding="utf-8") as file:
        items = csv.writer(file)
        items.writerow(["id", "title", "price", "availability"])
        for code in sorted(titles):
            title = titles[code].most_common(1)[0][0].capitalize()
            items.writerow([code, title, f"{statistics.median(prices[code]):.2f} GBP", "in stock"])
    return read, kept


def run(*arguments):
    command = [str(ROOT / "target/release/nearshelf"), *map(str, arguments)]
    if "CARGO_TARGET_DIR" in os.environ:
        command[0] = str(pathlib.Path(os.environ["CARGO_TARGET_DIR"]) / "release/nearshelf")
    if not pathlib.Path(command[0]).exists():
        sys.exit("the nearshelf command is not built: run ./build.sh demo once, or cargo build --release -p nearshelf-cli")
    print("$ nearshelf", " ".join(command[1:]), flush=True)
    subprocess.run(command, check=True, cwd=ROOT)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = pathlib.Path(os.environ.get("NEARSHELF_DATA", ROOT.parent / "shared/data"))
    parser.add_argument("--data", type=pathlib.Path, default=default, help="folder of the data sets")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/uci")
    then = parser.add_mutually_exclusive_group()
    then.add_argument("--serve", action="store_true", help="open the pack in the demo shop afterwards")
    then.add_argument("--validate", action="store_true", help="measure what the constants were chosen on; takes minutes")
    args = parser.parse_args()
    source = args.data / "uci-online-retail/online_retail.csv.gz"
    if not source.is_file():
        sys.exit(f"{source} is not there: set NEARSHELF_DATA or --data to the folder of the data sets")
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.time()
    read, kept = convert(rows(source), args.out)
    print(f"{read} rows read, {kept} kept, {time.time() - began:.1f} s", flush=True)
    files = ["--items", args.out / "catalogue.csv", "--events", args.out / "events.csv", "--models", ROOT / "models"]
    evaluate = ["eval", *files, "--protocol", "last-basket", "--k", 20]
    if args.validate:
        return run(*evaluate, "--set-aside", "--from", "2011-09-01", "--to", "2011-11-01", "--sweep")
    widget = ROOT / "www/dist"
    with_widget = ["--widget", widget] if (widget / "nearshelf.js").is_file() else []
    began = time.time()
    run("pack", *files, *with_widget, "--out", args.out / "site")
    # The pack is the only child so far; macOS counts bytes, the others KiB.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"packed in {time.time() - began:.1f} s, peak memory {peak / 2**20:.0f} MiB\n", flush=True)
    run(*evaluate)
    run(*evaluate, "--from", MODELS_KNOW_BEFORE)
    if args.serve:
        run("serve", args.out / "site", "--shop", widget / "demo")


if __name__ == "__main__":
    main()
