"""Measure what open streams that wait hold, and what an ordinary call costs meanwhile.

    benchmarks/peers/venv/bin/python benchmarks/server_idle.py [--streams 5000]

Each contestant is served by one uvicorn worker; the clients are in this process. Each stream
has sent its first item and waits for an hour; the calls go over a connection that is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time

import project
import record
from contestants import Request
from rounds import Row, not_installed, packages_of
from servers import Connection, Server, allow_many_files, serve

MOST = [{"metric": "kib", "at_most": 35}, {"metric": "threads", "at_most": 0}]
ROWS = [
    Row("bare `StreamingHttpResponse`", "bare", "idle"),
    Row("django-hyper", "hyper", "idle", MOST),
    Row("hyperdjango", "hyperdjango", "idle"),
]
COLUMNS = [
    {"metric": "kib", "title": "KiB each", "digits": 1},
    {"metric": "threads", "title": "threads each", "digits": 2},
    {"metric": "before", "title": "µs a call with none open", "digits": 0},
    {"metric": "meanwhile", "title": "µs a call meanwhile", "digits": 0},
    {"metric": "ratio", "title": "meanwhile ÷ before", "digits": 2},
]


async def microseconds(server: Server, request: Request, calls: int) -> list[float]:
    """Return what calls take, one after another."""
    connection = await server.open(request)
    answer = await connection.answer()
    if not request.is_right(answer):
        raise SystemExit(f"a call gave a wrong answer: {answer[:200]!r}")
    took = []
    for _ in range(calls):
        start = time.perf_counter()
        await connection.call(request)
        took.append((time.perf_counter() - start) * 1e6)
    connection.abort()
    return took


async def measure(
    row: Row, requests: dict[str, Request], streams: int, calls: int
) -> dict[str, float]:
    """Open so many streams, and return what each of them holds."""
    opened: list[Connection] = []

    async def open_one() -> None:
        connection = await server.open(requests["idle"])
        await connection.first_item()
        opened.append(connection)

    async with serve(row.contestant) as server:
        for _ in range(20):
            await open_one()  # what is made once is made now
        before = await microseconds(server, requests["acall"], calls)
        memory, threads = server.held()
        for start in range(0, streams, 50):
            record.progress(f"{row.who}: {start} of {streams} streams are open")
            await asyncio.gather(*(open_one() for _ in range(min(50, streams - start))))
        more_memory, more_threads = server.held()
        meanwhile = await microseconds(server, requests["acall"], calls)
    for connection in opened:
        connection.abort()
    quick, slow = statistics.median(before), statistics.median(meanwhile)
    return {
        "kib": (more_memory - memory) / streams,
        "threads": (more_threads - threads) / streams,
        "before": quick,
        "meanwhile": slow,
        "ratio": slow / quick,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--streams", type=int, default=5_000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    allow_many_files()
    names = [row.contestant for row in ROWS]
    skipped = [each for each in not_installed() if each["who"] in packages_of(names)]
    gone = {each["who"] for each in skipped}
    rows = []
    for row in ROWS:
        if gone & set(packages_of([row.contestant])):
            continue
        requests = asked_of(row.contestant)
        rounds = [
            asyncio.run(measure(row, requests, options.streams, options.calls))
            for _ in range(options.rounds)
        ]
        values = {key: record.summary([each[key] for each in rounds]) for key in rounds[0]}
        told = {"bounds": list(row.bounds)} if row.bounds else {}
        rows.append({"who": row.who, "is": row.kind, "values": values, **told})
    table = {
        "id": "idle",
        "title": f"{options.streams:,} idle streams on one uvicorn worker",
        "work": f"Async generators that wait; {options.calls} calls of an async action or view, "
        "one after another, from a second process.",
        "rounds": options.rounds,
        "columns": COLUMNS,
        "rows": rows,
    }
    record.write("server-idle", packages_of(names), [table], skipped=skipped)


def asked_of(name: str) -> dict[str, Request]:
    """Return the requests of a contestant; this process is no project of any of them."""
    from importlib import import_module

    from contestants import CONTESTANTS
    from django.conf import settings

    if not settings.configured:
        project.configure("bare", HYPER_FRONTEND_DIR=str(record.RESULTS.parent))
        import django

        django.setup()
    requests: dict[str, Request] = import_module(
        f"contestants.{CONTESTANTS[name].module}"
    ).requests()
    return requests


if __name__ == "__main__":
    main()
