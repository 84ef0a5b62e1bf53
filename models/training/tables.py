"""Writes the figures of models/*/metrics.json into the tables of their cards. Standard library only.

    python models/training/tables.py

A table stands between `<!-- measured: DATA -->` and `<!-- end -->`, DATA being a data set of metrics.json. A test
holds the cards to metrics.json.
"""

import json
import pathlib
import re

MODELS = pathlib.Path(__file__).parents[1]
PLACE = re.compile(r"(<!-- measured: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
RANKING = ("hr@5", "ndcg@5", "hr@10", "ndcg@10")


def lines(name, data, part):
    """A row a recommender, or whatever `rows_are`; the file that ships in bold. Rows with seen items kept come last."""
    rows = [(data, row, values) for row, values in part["rows"].items()]
    rows += [(f"{data}, seen kept", row, values["seen_kept"]) for _, row, values in rows if "seen_kept" in values]
    columns = RANKING if "hr@10" in rows[0][2] else tuple(rows[0][2])
    yield f"| data | {part.get('rows_are', 'recommender')} | " + " | ".join(c.upper() if c in RANKING else c for c in columns) + " |"
    yield "|---|---|" + "---|" * len(columns)
    for where, row, values in rows:
        ships = row == "int8" or row.startswith(name) and row.endswith("int8")
        yield f"| {where} | " + (f"**{row}**" if ships else row) + " | " + " | ".join(f"{values[c]:.4f}" for c in columns) + " |"


def main():
    for path in sorted(MODELS.glob("*/metrics.json")):
        metrics = json.loads(path.read_text("utf-8"))
        if "datasets" not in metrics:
            continue  # its own training writes its card
        card = path.with_name("card.md")
        text = card.read_text("utf-8")
        table = lambda m: m[1] + "\n".join(lines(path.parent.name, m[2], metrics["datasets"][m[2]])) + "\n" + m[3]  # noqa: E731, B023
        text = PLACE.sub(table, text)
        text = re.sub(r"(\*\*SHA-256\*\* `)[0-9a-f]{64}", rf"\g<1>{metrics['sha256']}", text)
        card.write_text(text, "utf-8")
        print(f"{card.relative_to(MODELS.parent)}: {len(PLACE.findall(text))} tables")


if __name__ == "__main__":
    main()
