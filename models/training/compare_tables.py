"""Writes what compare.py measured on test into the tables of docs/recommenders.md. Standard library only.

    python models/training/compare_tables.py build/compare

A table stands between `<!-- compared: DATA -->` and `<!-- end -->`. Several seeds give their mean; the interval is that
of the first seed's questions (bootstrap, 95 %), `±` the seeds' standard deviation.
"""

import json
import pathlib
import re
import statistics
import sys

PAGE = pathlib.Path(__file__).parents[2] / "docs/recommenders.md"
PLACE = re.compile(r"(<!-- compared: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
COLUMNS = {
    "amazon-beauty": ("hr@10", "ndcg@10"),
    "amazon-sports": ("hr@10", "ndcg@10"),
    "diginetica": ("hr@20", "mrr@20"),
    "uci-online-retail": ("hr@20",),
}
NAMES = {"diginetica": {"hr@20": "P@20", "mrr@20": "MRR@20"}, "uci-online-retail": {"hr@20": "recall@20"}}


def rows(path, columns):
    """`(recommender, entries)` in order of the first column on test, worst first; entries by seed."""
    found = {}
    for key, entry in json.loads(path.read_text("utf-8")).items():
        if "test" in entry:
            found.setdefault(key.rpartition(", seed ")[0], []).append(entry)
    for entries in found.values():
        entries.sort(key=lambda entry: entry["seed"])
    return sorted(found.items(), key=lambda pair: pair[1][0]["test"][columns[-1]])


def cell(entries, part, column):
    values = [entry[part][column] for entry in entries if part in entry]
    if not values:
        return ""
    spread = f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else ""
    limits = entries[0][part].get(f"{column} 95 %")
    return f"{statistics.mean(values):.4f}{spread}" + (f" ({limits[0]:.4f}–{limits[1]:.4f})" if limits else "")


def lines(data, path):
    columns = COLUMNS[data]
    label = lambda column: NAMES.get(data, {}).get(column, column.upper())  # noqa: E731
    entries = rows(path, columns)
    kept = any("test, seen kept" in entry for _, found in entries for entry in found)
    headings = ["recommender", "seeds", f"{label(columns[-1])} validation", *(label(c) for c in columns)]
    headings += [f"{label(c)}, seen kept" for c in columns] if kept else []
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for name, found in entries:
        cells = [name, str(len(found)), cell(found, "validation", columns[-1]), *(cell(found, "test", c) for c in columns)]
        cells += [cell(found, "test, seen kept", c) for c in columns] if kept else []
        yield "| " + " | ".join(cells) + " |"


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder, text = pathlib.Path(sys.argv[1]), PAGE.read_text("utf-8")

    def table(match):
        path = folder / f"{match[2]}.test.json"
        return match[1] + "\n".join(lines(match[2], path)) + "\n" + match[3] if path.is_file() else match[0]

    PAGE.write_text(PLACE.sub(table, text), "utf-8")
    print(f"{PAGE.name}: {len(PLACE.findall(text))} tables")


if __name__ == "__main__":
    main()
