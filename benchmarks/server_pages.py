"""Measure what the middleware adds to an ordinary page, against those of peers.

    benchmarks/peers/venv/bin/python benchmarks/server_pages.py [--rounds 40]

"Called directly" is the middleware around a function that returns a response. Under ASGI an
async view is asked for, in a project that has no other middleware and no database: beside the
threads that these need, a microsecond could not be seen.
"""

from __future__ import annotations

import argparse

import record
from rounds import Contest, Row, compare, packages_of

MOST = [{"metric": "ns", "at_most": 100}, {"metric": "added", "at_most": 3}]
ELSEWHERE_NS = {"django-htmx": 102, "tetra": 9_416, "a sync-only one (djust's)": 94}
ROWS = [
    Row("no middleware", "bare", "apage"),
    Row("django-hyper", "hyper", "apage", MOST),
    Row("django-htmx", "htmx", "apage"),
    Row("tetra", "tetra", "apage"),
    Row("a sync-only one (djust's)", "djust pages", "apage"),
]
COLUMNS = [
    {"metric": "ns", "title": "ns added, called directly", "digits": 0},
    {"metric": "added", "title": "µs added under ASGI", "digits": 1},
]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    names = [row.contestant for row in ROWS]
    with Contest(names, alone=True) as contest:
        direct = contest.race(ROWS, "direct", max(options.rounds // 3, 2), 20_000)
        asgi = contest.race(ROWS, "asgi", options.rounds, 200)
    rows = compare(asgi, ["added"])
    for row, other in zip(rows, compare(direct, ["ns"]), strict=True):
        if row["is"] != "bare":
            row["values"] = {**other["values"], **row["values"]}
    table = {
        "id": "pages",
        "title": "An ordinary page: what the middleware adds",
        "work": "An async view that returns “ok” and knows nothing of actions, with no other "
        "middleware and no database.",
        "rounds": options.rounds,
        "columns": COLUMNS,
        "elsewhere": {"ns": ELSEWHERE_NS},
        "rows": [row for row in rows if row["is"] != "bare"],
    }
    record.write("server-pages", packages_of(names), [table], skipped=contest.skipped)


if __name__ == "__main__":
    main()
