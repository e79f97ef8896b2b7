"""Measure a call under WSGI and under ASGI against a bare view and against peers.

    benchmarks/peers/venv/bin/python benchmarks/server_calls.py [--rounds 24]

Work: `save(title: str, count: int)` gets `count` as ``"3"`` and answers
``{"id": 7, "title": title}``. Django's seven default middlewares, ``DEBUG = False``; the real
handlers (`WSGIHandler`, `ASGIHandler`) are called without a socket.
"""

from __future__ import annotations

import argparse
from typing import Any

import record
from rounds import Contest, Row, compare, packages_of

PEERS = [
    ("datastar-py", "datastar"),
    ("django-ninja", "ninja"),
    ("hyperdjango", "hyperdjango"),
    ("djust `@server_function`", "djust"),
    ("tetra", "tetra"),
    ("django-unicorn", "unicorn"),
]
WSGI = [
    Row("bare view", "bare", "call"),
    Row("bare class-based view", "bare", "class call"),
    Row("django-hyper, function view", "hyper", "call", [{"metric": "ratio", "at_least": 1.0}]),
    Row("django-hyper, class view", "hyper", "class call", [{"metric": "ratio", "at_least": 1.0}]),
    *(Row(who, name, "call") for who, name in PEERS),
]
NEARLY = [{"metric": "ratio", "at_least": 0.97}]  # it waits for a thread, which bare does not
ASGI = [
    Row("bare async view", "bare", "acall"),
    Row("django-hyper, async action", "hyper", "acall", [{"metric": "ratio", "at_least": 1.0}]),
    Row("django-hyper, sync action", "hyper", "sync acall", NEARLY),
    *(Row(who, name, "acall") for who, name in PEERS),
]
COLUMNS = [
    {"metric": "ratio", "title": "calls/s ÷ bare", "digits": 3},
    {"metric": "added", "title": "µs added", "digits": 0},
    {"metric": "us", "title": "µs a call", "digits": 0},
]
WORK = (
    'An action `save(title: str, count: int)` gets `count` as `"3"` and answers two values as '
    "JSON; Django's default middlewares, no socket. {0} calls a round and contestant."
)


def table(kind: str, rounds: int, times: int, measured: Any) -> dict[str, Any]:
    return {
        "id": f"{kind}-calls",
        "title": f"A call under {kind.upper()}",
        "work": WORK.format(times),
        "rounds": rounds,
        "columns": COLUMNS,
        "rows": compare(measured, [str(column["metric"]) for column in COLUMNS]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--calls", type=int, default=300, help="a round and contestant")
    options = parser.parse_args()
    names = [row.contestant for row in WSGI]
    asgi_calls = max(options.calls // 5, 1)
    with Contest(names) as contest:
        wsgi = contest.race(WSGI, "wsgi", options.rounds, options.calls)
        asgi = contest.race(ASGI, "asgi", options.rounds, asgi_calls)
    tables = [
        table("wsgi", options.rounds, options.calls, wsgi),
        table("asgi", options.rounds, asgi_calls, asgi),
    ]
    record.write("server-calls", packages_of(names), tables, skipped=contest.skipped)


if __name__ == "__main__":
    main()
