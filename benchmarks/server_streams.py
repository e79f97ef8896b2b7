"""Measure 10,000 streamed items against a generator of bytes and against peers.

    benchmarks/peers/venv/bin/python benchmarks/server_streams.py [--rounds 12]

Work: `"word 0"`, `"word 1"`, …; the bare generator yields the same as bytes, made by
`json.dumps`, into a `StreamingHttpResponse`. The real handlers are called without a socket.
Heartbeats are as each package has them by default.
"""

from __future__ import annotations

import argparse
from typing import Any

import record
from rounds import Contest, Row, compare, packages_of

WSGI = [
    Row("bare generator", "bare", "stream"),
    Row("django-hyper, generator", "hyper", "stream", [{"metric": "ratio", "at_least": 0.85}]),
    Row("django-hyper, async generator", "hyper", "wsgi astream"),
    Row("datastar-py", "datastar", "stream"),
    Row("hyperdjango", "hyperdjango", "stream"),
]
FAST_SYNC = [{"metric": "items", "at_least": 200_000}, {"metric": "first", "at_most": 3}]
ASGI = [
    Row("bare async generator", "bare", "astream"),
    Row("django-hyper, async", "hyper", "astream", [{"metric": "ratio", "at_least": 0.9}]),
    Row("datastar-py, async", "datastar", "astream"),
    Row("hyperdjango, async", "hyperdjango", "astream"),
    Row("bare sync generator", "bare", "stream"),
    Row("django-hyper, sync", "hyper", "sync astream", FAST_SYNC),
    Row("datastar-py, sync", "datastar", "stream"),
    Row("hyperdjango, sync", "hyperdjango", "stream"),
]
# What the first item took elsewhere, where our bound was set.
ELSEWHERE_MS = {"bare sync generator": 18.9, "datastar-py, sync": 54, "hyperdjango, sync": 2.5}
COLUMNS = [
    {"metric": "items", "title": "items/s", "digits": 0},
    {"metric": "ratio", "title": "÷ bare", "digits": 3},
]
FIRST = {"metric": "first", "title": "first item, ms", "digits": 1}


def table(kind: str, rounds: int, columns: list[Any], measured: Any) -> dict[str, Any]:
    return {
        "id": f"{kind}-streams",
        "title": f"10,000 streamed items under {kind.upper()}",
        "work": "A short text each, as JSON in an event stream; no socket.",
        "rounds": rounds,
        "columns": columns,
        "elsewhere": {"first": ELSEWHERE_MS} if FIRST in columns else {},
        "rows": compare(measured, [column["metric"] for column in columns]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    names = [row.contestant for row in WSGI]
    with Contest(names) as contest:
        wsgi = contest.race(WSGI, "wsgi", options.rounds, 1)
        asgi = contest.race(ASGI, "asgi", options.rounds, 1)
    tables = [
        table("wsgi", options.rounds, COLUMNS, wsgi),
        table("asgi", options.rounds, [*COLUMNS, FIRST], asgi),
    ]
    record.write("server-streams", packages_of(names), tables, skipped=contest.skipped)


if __name__ == "__main__":
    main()
