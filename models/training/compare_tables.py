"""Writes what compare.py measured into the tables of docs/recommenders.md. Standard library only.

    python models/training/compare_tables.py build/compare

A table stands between `<!-- test: DATA -->` and `<!-- end -->`; `<!-- validation: DATA -->` has what was run without
`--test`. Several seeds give their mean; the interval is that
of the first seed's questions (bootstrap, 95 %), `±` the seeds' standard deviation.
"""

import json
import pathlib
import re
import statistics
import sys

PAGE = pathlib.Path(__file__).parents[2] / "docs/recommenders.md"
PLACE = re.compile(r"(<!-- (test|validation): (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
COLUMNS = {
    "amazon-beauty": ("hr@10", "ndcg@10"),
    "amazon-sports": ("hr@10", "ndcg@10"),
    "diginetica": ("hr@20", "mrr@20"),
    "uci-online-retail": ("hr@20",),
}
NAMES = {"diginetica": {"hr@20": "P@20", "mrr@20": "MRR@20"}, "uci-online-retail": {"hr@20": "recall@20"}}


def rows(path, columns):
    """`(recommender, entries)` in order of the last column on validation, worst first; entries by seed."""
    found = {}
    for key, entry in json.loads(path.read_text("utf-8")).items():
        found.setdefault(key.rpartition(", seed ")[0], []).append(entry)
    for entries in found.values():
        entries.sort(key=lambda entry: entry["seed"])
    return sorted(found.items(), key=lambda pair: pair[1][0]["validation"][columns[-1]])


def cell(entries, part, column):
    values = [entry[part][column] for entry in entries if part in entry]
    if not values:
        return ""
    spread = f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else ""
    limits = entries[0].get(part, {}).get(f"{column} 95 %")
    return f"{statistics.mean(values):.4f}{spread}" + (f" ({limits[0]:.4f}–{limits[1]:.4f})" if limits else "")


def lines(data, part, path):
    columns = COLUMNS[data]
    label = lambda column: NAMES.get(data, {}).get(column, column.upper())  # noqa: E731
    entries = rows(path, columns)
    parts = {part: ""}
    if part == "test":
        parts = {"validation": " on validation", "test": "", "test, seen kept": ", seen kept"}
        parts = {name: said for name, said in parts.items() if any(name in entry for _, found in entries for entry in found)}
    cells = [(name, column, label(column) + said) for name, said in parts.items() for column in (columns[-1:] if name == "validation" != part else columns)]
    yield "| recommender | seeds | " + " | ".join(heading for _, _, heading in cells) + " |"
    yield "|---|---|" + "---|" * len(cells)
    for row, found in entries:
        yield f"| {row} | {len(found)} | " + " | ".join(cell(found, name, column) for name, column, _ in cells) + " |"


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder, text = pathlib.Path(sys.argv[1]), PAGE.read_text("utf-8")

    def table(match):
        path = folder / f"{match[3]}.{match[2]}.json"
        return match[1] + "\n".join(lines(match[3], match[2], path)) + "\n" + match[4] if path.is_file() else match[0]

    PAGE.write_text(PLACE.sub(table, text), "utf-8")
    print(f"{PAGE.name}: {len(PLACE.findall(text))} tables")


if __name__ == "__main__":
    main()
