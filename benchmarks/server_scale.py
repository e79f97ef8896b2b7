"""Measure how costs grow, and 1,000 calls at once that wait a second each.

benchmarks/peers/venv/bin/python benchmarks/server_scale.py [--rounds 7] [--calls 1000]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from typing import Any

import record
from contestants import Request
from rounds import Contest, Row, packages_of
from server_idle import asked_of
from servers import Server, allow_many_files, serve

ACTIONS = (1, 10, 100, 1_000)
ITEMS = (10, 100, 1_000, 10_000, 100_000)
ROWS = (10, 100, 1_000, 10_000)


async def call_at_once(name: str, requests: dict[str, Request], calls: int) -> Any:
    """Return the seconds until all are answered, and how many are not answered right."""
    wrong = 0

    async def call_one(server: Server) -> None:
        nonlocal wrong
        try:
            connection = await server.open(requests["second"])
            wrong += not requests["second"].is_right(await connection.answer())
            connection.abort()
        except (OSError, asyncio.IncompleteReadError):
            wrong += 1

    async with serve(name) as server:
        await call_one(server)  # what is made once is made now
        start = time.perf_counter()
        await asyncio.gather(*(call_one(server) for _ in range(calls)))
        return {"seconds": time.perf_counter() - start, "wrong": wrong}


def at_once(calls: int, rounds: int) -> dict[str, Any]:
    rows = []
    for who, name, kind in (
        ("bare async view", "bare", "bare"),
        ("django-hyper, async action", "hyper", "ours"),
    ):
        record.progress(f"{calls} calls at once: {name}")
        requests = asked_of(name)
        took = [asyncio.run(call_at_once(name, requests, calls)) for _ in range(rounds)]
        values = {
            "seconds": record.summary([each["seconds"] for each in took]),
            "wrong": {"median": max(each["wrong"] for each in took)},
        }
        bounds = {"bounds": [{"metric": "wrong", "at_most": 0}]} if kind == "ours" else {}
        rows.append({"who": who, "is": kind, "values": values, **bounds})
    return {
        "id": "at-once",
        "title": f"{calls:,} calls at once, each of which waits a second",
        "work": "One uvicorn worker, a connection for each call, from a second process.",
        "rounds": rounds,
        "columns": [
            {"metric": "seconds", "title": "s until all are answered", "digits": 2},
            {"metric": "wrong", "title": "errors", "digits": 0},
        ],
        "rows": rows,
    }


def grow(
    contest: Contest, kind: str, sizes: Sequence[int], rounds: int, times: int
) -> list[tuple[int, float]]:
    """Return the median µs of a call for each size."""
    rows = [Row(str(size), "scale", f"{kind} {size}") for size in sizes]
    measured = contest.race(rows, "wsgi", rounds, times)
    return [
        (int(row.who), record.summary([each["seconds"] for each in took])["median"] * 1e6)
        for row, took in measured.items()
    ]


def series(rounds: int) -> list[dict[str, Any]]:
    with Contest(["scale"]) as contest:
        actions = grow(contest, "actions", ACTIONS, rounds, 100)
        items = grow(contest, "items", ITEMS, rounds, 1)
        rows = grow(contest, "rows", ROWS, rounds, 2)
    return [
        line("server-actions", "A call", "actions of the view", "µs a call", actions),
        line(
            "server-items",
            "A streamed item",
            "items in the stream",
            "µs an item, beyond a stream of 10",
            [(size, (took - items[0][1]) / (size - items[0][0])) for size, took in items[1:]],
        ),
        line(
            "server-rows",
            "One element that Refresh picks for htmx",
            "rows of the page",
            "ms a call",
            [(size, took / 1e3) for size, took in rows],
            is_log=False,
        ),
    ]


def line(
    plot: str, title: str, x: str, y: str, points: list[tuple[int, float]], is_log: bool = True
) -> dict[str, Any]:
    return {
        "plot": plot,
        "title": title,
        "x": x,
        "y": y,
        "log": is_log,
        "who": "django-hyper",
        "points": [[size, round(took, 3)] for size, took in points],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=1_000, help="at once")
    options = parser.parse_args()
    allow_many_files()
    table = at_once(options.calls, min(options.rounds, 3))
    record.write("server-scale", packages_of(["hyper"]), [table], series(options.rounds))


if __name__ == "__main__":
    main()
