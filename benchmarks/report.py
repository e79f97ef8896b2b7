"""Write the tables of `results/` into the README and the docs, and say which bounds hold.

    python benchmarks/report.py

A table stands between ``<!-- table: ID -->`` and ``<!-- end -->``, and
``<!-- table: ID short -->`` has our rows and the bare one alone. ``<!-- about -->`` gets the
date, the machine, the versions and who was skipped.
"""

from __future__ import annotations

import json
import math
import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import plots

HERE = Path(__file__).parent
PAGES = (HERE.parent / "README.md", HERE.parent / "docs" / "performance.md")
BLOCK = re.compile(r"(<!-- (about|table: [\w-]+(?: short)?) -->\n).*?(<!-- end -->)", re.DOTALL)

Result = Mapping[str, Any]


def number(value: float, digits: int) -> str:
    rounded = f"{value:,.{digits}f}"
    return rounded.removeprefix("-") if float(rounded.replace(",", "")) == 0 else rounded


def cell(value: Mapping[str, Any] | None, digits: int) -> str:
    """Return the median with its quartiles, as Markdown."""
    if value is None:
        return "\N{EN DASH}"
    if "text" in value:
        return str(value["text"])
    middle = number(value["median"], digits)
    if "low" not in value:
        return middle
    return f"{middle} ({number(value['low'], digits)} to {number(value['high'], digits)})"


def at_the_pace(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table with its bounds at the pace of this machine.

    A bound in µs was set on another machine, where peers took what ``elsewhere`` says. Here it
    is as many times as large as what they take here, by the median of the peers; but where
    one of them is more than twice as far off as another, it is not the machine alone.
    """
    here = {row["who"]: row["values"] for row in table["rows"]}
    pace = {}
    for metric, there in table.get("elsewhere", {}).items():
        times = [here[who][metric]["median"] / there[who] for who in there if who in here]
        if times and max(times) <= 2 * min(times):
            pace[metric] = statistics.median(times)
    rows = [
        {**row, "bounds": [scaled(bound, pace) for bound in row.get("bounds", ())]}
        for row in table["rows"]
    ]
    return {**table, "rows": rows}


def scaled(bound: Mapping[str, Any], pace: Mapping[str, float]) -> dict[str, Any]:
    factor = pace.get(bound.get("pace", bound["metric"]))
    if factor is None:
        return dict(bound)
    kind = "at_least" if "at_least" in bound else "at_most"
    return {**bound, kind: bound[kind] * factor, "was": bound[kind]}


def misses(row: Mapping[str, Any]) -> list[str]:
    """Return the bounds of a row that do not hold."""
    found = []
    for bound in row.get("bounds", ()):
        value = row["values"].get(bound["metric"], {}).get("median")
        if value is None:
            found.append(f"{bound['metric']} was not measured")
        elif value < bound.get("at_least", -math.inf):
            found.append(f"{bound['metric']} is {value:.4g}, at least {bound['at_least']:g}")
        # What is shown as the bound holds: 0.0004 threads are none.
        elif round(value, 2) > bound.get("at_most", math.inf):
            found.append(f"{bound['metric']} is {value:.4g}, at most {bound['at_most']:g}")
    return found


def told(bound: Mapping[str, Any]) -> str:
    """Return a bound as a reader sees it: with that of the other machine, where it is another."""
    kind, sign = ("at_least", "≥") if "at_least" in bound else ("at_most", "≤")
    if "was" in bound:
        return f"{sign} {float(f'{bound[kind]:.3g}'):,g} (there {bound['was']:,g})"
    return f"{sign} {bound[kind]:,g}"


def markdown(table: Mapping[str, Any], *, is_short: bool = False) -> str:
    """Return a table; our rows are bold, and say what their bound is."""
    columns = table["columns"]
    head = ["", *(str(column["title"]) for column in columns), "our bound"]
    lines = [row_of(head), "|---|" + "---:|" * (len(columns) + 1)]
    for row in table["rows"]:
        if is_short and row["is"] == "peer":
            continue
        values = [
            cell(row["values"].get(each["metric"]), each.get("digits", 0)) for each in columns
        ]
        titles = {each["metric"]: each["title"] for each in columns}
        bounds = [f"{titles[each['metric']]} {told(each)}" for each in row.get("bounds", ())]
        kept = "" if not bounds else "; ".join(bounds) + (" ✗" if misses(row) else " ✓")
        who = f"**{row['who']}**" if row["is"] == "ours" else row["who"]
        lines.append(row_of([who, *values, kept]))
    about = [table.get("work", ""), f"{table['rounds']} rounds." if table.get("rounds") else ""]
    return "\n".join([*lines, "", " ".join(filter(None, about)), ""])


def row_of(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def about(results: Sequence[Result]) -> str:
    """Return where, when and with what all of it was measured."""
    versions = {name: each for result in results for name, each in result["versions"].items()}
    skipped = {each["who"]: each["why"] for result in results for each in result["skipped"]}
    dates = sorted(result["date"] for result in results)
    lines = [
        f"Measured on {dates[0][:10]} on {results[0]['machine']}, by `make bench`.",
        "Versions: " + ", ".join(f"{name} {each}" for name, each in sorted(versions.items())) + ".",
        *(f"Not measured: {who}, {why}." for who, why in skipped.items()),
    ]
    return "\n".join(lines) + "\n"


def tables_of(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [at_the_pace(table) for result in results for table in result["tables"]]


def fill(page: str, results: Sequence[Result]) -> str:
    """Return the page with what its markers ask for; without a result, what was there."""
    tables = {table["id"]: table for table in tables_of(results)}

    def block(found: re.Match[str]) -> str:
        name = found[2].removeprefix("table: ")
        if name == "about":
            inside = about(results)
        elif name.removesuffix(" short") in tables:
            table = tables[name.removesuffix(" short")]
            inside = markdown(table, is_short=name.endswith(" short"))
        else:
            return found[0]
        return f"{found[1]}\n{inside}\n{found[3]}"

    return BLOCK.sub(block, page)


def main() -> None:
    paths = sorted((HERE / "results").glob("*.json"))
    results = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    if not results:
        raise SystemExit("there are no results; run `make bench` first")
    for path in PAGES:
        path.write_text(fill(path.read_text(encoding="utf-8"), results), encoding="utf-8")
    plots.main()
    rows = [row for table in tables_of(results) for row in table["rows"]]
    missed = [f"{row['who']}: {each}" for row in rows for each in misses(row)]
    print(
        f"{len(rows)} rows; "
        + (f"{len(missed)} bounds are missed:" if missed else "all bounds hold")
    )
    print("\n".join(missed))


if __name__ == "__main__":
    main()
