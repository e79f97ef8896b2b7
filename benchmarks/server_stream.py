"""Measure 10,000 streamed items against bare generators, and what an idle stream holds.

    python benchmarks/server_stream.py [--rounds 20] [--idle 1000] [--json results.json]

Work: a generator yields `"word 1"`, `"word 2"`, …; the bare one yields
the same as bytes by `json.dumps` into a `StreamingHttpResponse`. The real handlers are called in
this process, heartbeats on; the callers run in turns, round by round. Idle streams are opened
on a uvicorn of its own, all of the same view.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django
import server_call as common  # sets Django up
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from django_hyper import action, with_actions

ITEMS = 10_000
EVENT_STREAM = "text/event-stream"


def numbers() -> Iterator[bytes]:
    for number in range(ITEMS):
        yield f"data: {json.dumps(f'word {number}')}\n\n".encode()


async def anumbers() -> AsyncIterator[bytes]:
    for number in range(ITEMS):
        yield f"data: {json.dumps(f'word {number}')}\n\n".encode()


def bare(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(numbers(), content_type=EVENT_STREAM)


async def abare(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(anumbers(), content_type=EVENT_STREAM)


@action
def count(request: HttpRequest) -> Iterator[Any]:
    for number in range(ITEMS):
        yield f"word {number}"


@action
async def acount(request: HttpRequest) -> AsyncIterator[Any]:
    for number in range(ITEMS):
        yield f"word {number}"


@action
async def idle(request: HttpRequest) -> AsyncIterator[Any]:
    yield 0
    await asyncio.sleep(3_600)


async def idle_events() -> AsyncIterator[str]:
    yield "data: 0\n\n"
    await asyncio.sleep(3_600)


@with_actions(count, acount)
def page(request: HttpRequest) -> StreamingHttpResponse:
    return bare(request)


@with_actions(count, acount, idle)
async def apage(request: HttpRequest) -> StreamingHttpResponse:
    """Stream what is idle, without us, to a caller that names no action."""
    return StreamingHttpResponse(idle_events(), content_type=EVENT_STREAM)


urlpatterns = [path("page/", apage)]


# Throughput


first_seen = 0.0


def note_first(message: dict[str, Any]) -> None:
    global first_seen
    if message.get("body") and not first_seen:
        first_seen = time.perf_counter()


def build() -> tuple[dict[str, common.Candidate], dict[str, common.Candidate]]:
    """Return the callers; the bare generators run without our middleware."""
    with_hyper = settings.MIDDLEWARE
    settings.MIDDLEWARE = common.DEFAULT_MIDDLEWARE
    plain_wsgi, plain_asgi = common.get_wsgi_application(), common.get_asgi_application()
    settings.MIDDLEWARE = with_hyper
    hyper_wsgi, hyper_asgi = common.get_wsgi_application(), common.get_asgi_application()
    wsgi = partial(common.wsgi_caller, body=b"{}")
    asgi = partial(common.asgi_caller, body=b"{}", on_send=note_first)
    return (
        {
            "bare generator": wsgi(plain_wsgi, bare),
            "generator": wsgi(hyper_wsgi, page, "count"),
            "async generator": wsgi(hyper_wsgi, page, "acount"),
        },
        {
            "bare async generator": asgi(plain_asgi, abare),
            "async generator": asgi(hyper_asgi, apage, "acount"),
            "bare generator": asgi(plain_asgi, bare),
            "generator": asgi(hyper_asgi, apage, "count"),
        },
    )


def measure_wsgi(candidates: dict[str, common.Candidate]) -> dict[str, float]:
    """Return seconds a stream, by name, for one round."""
    seconds = {}
    for name, candidate in candidates.items():
        candidate.enter()
        start = time.perf_counter()
        candidate.call()
        seconds[name] = time.perf_counter() - start
    return seconds


async def measure_asgi(
    candidates: dict[str, common.Candidate], firsts: dict[str, list[float]]
) -> dict[str, float]:
    """Do as `measure_wsgi` does, and note the seconds to each first item."""
    global first_seen
    seconds = {}
    for name, candidate in candidates.items():
        candidate.enter()
        first_seen = 0.0
        start = time.perf_counter()
        await candidate.call()
        seconds[name] = time.perf_counter() - start
        firsts.setdefault(name, []).append(first_seen - start)
    return seconds


def report(
    title: str, rounds: list[dict[str, float]], firsts: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """Print and return medians of the ratios of each round, with their quartiles."""
    bare_name = next(iter(rounds[0]))
    rows = []
    print(f"\n{title:24} items/s   ÷ bare   (quartiles)        first item, ms (quartiles)")
    for name in rounds[0]:
        ratios = [each[bare_name] / each[name] for each in rounds]
        low, middle, high = statistics.quantiles(ratios, n=4)
        speed = ITEMS / statistics.median(each[name] for each in rounds)
        row = {"name": name, "items_per_second": speed, "ratio": middle, "quartiles": [low, high]}
        line = f"{name:24} {speed:7,.0f}   {middle:6.3f}   ({low:.3f} to {high:.3f})"
        if name in firsts:
            row["first_ms"] = [1e3 * each for each in statistics.quantiles(firsts[name], n=4)]
            line += "   {1:11.2f} ({0:.2f} to {2:.2f})".format(*row["first_ms"])
        rows.append(row)
        print(line)
    return rows


def check(wsgi: dict[str, common.Candidate], asgi: dict[str, common.Candidate]) -> None:
    """Every candidate sends every item, or the figures compare nothing."""
    for candidate in [*wsgi.values(), *asgi.values()]:
        candidate.enter()
        answer = candidate.call()
        body = answer if isinstance(answer, bytes) else asyncio.run(answer)
        if body.count(b'data: "word ') != ITEMS:
            raise SystemExit(f"got {len(body)} bytes: {body[:200]!r}; expected {ITEMS} items")


# Idle streams


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def held(process: int) -> tuple[float, int]:
    """Return the KiB of memory and the threads of a process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return float(fields["VmRSS"].split()[0]), int(fields["Threads"])


REQUEST = (
    "POST /page/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
    f"Cookie: csrftoken={common.TOKEN}\r\nX-CSRFToken: {common.TOKEN}\r\n"
)


async def measure_idle(called: str | None, streams: int) -> dict[str, float]:
    """Open so many streams on one uvicorn, and return what each of them holds."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "server_stream:application", f"--port={port}"]
    server = await asyncio.create_subprocess_exec(
        *command, "--log-level=error", "--limit-max-requests=100000", cwd=Path(__file__).parent
    )
    head = REQUEST + (f"X-Hyper-Action: {called}\r\n" if called else "") + "\r\n"
    writers = []

    async def open_one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode())
        await reader.readuntil(b"data: 0\n\n")
        writers.append(writer)

    try:
        for _ in range(200):
            await asyncio.sleep(0.1)
            try:
                await open_one()
            except OSError:
                continue
            break
        for _ in range(50):
            await open_one()  # warm up
        memory, threads = held(server.pid)
        for start in range(0, streams, 50):
            await asyncio.gather(*(open_one() for _ in range(start, min(start + 50, streams))))
        await asyncio.sleep(1)
        more_memory, more_threads = held(server.pid)
    finally:
        server.kill()
        await server.wait()
        for writer in writers:
            writer.transport.abort()
    return {
        "streams": streams,
        "kib": (more_memory - memory) / streams,
        "threads": (more_threads - threads) / streams,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--idle", type=int, default=1_000, help="streams that are open at once")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, Django {django.__version__}, {platform.machine()}")
    wsgi, asgi = build()
    check(wsgi, asgi)
    firsts: dict[str, list[float]] = {}
    rows: dict[str, Any] = {
        "WSGI": report("WSGI", [measure_wsgi(wsgi) for _ in range(options.rounds)], {}),
        "ASGI": report(
            "ASGI",
            [asyncio.run(measure_asgi(asgi, firsts)) for _ in range(options.rounds)],
            firsts,
        ),
    }
    print("\nidle streams             open   KiB each   threads each")
    for name, called in (("bare async generator", None), ("async generator", "idle")):
        row = asyncio.run(measure_idle(called, options.idle))
        rows.setdefault("idle", []).append({"name": name, **row})
        print(f"{name:24} {row['streams']:4}   {row['kib']:8.1f}   {row['threads']:12.3f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


settings.HYPER_MAX_STREAMS = 100_000
if __name__ == "__main__":
    main()
else:  # uvicorn has imported it
    settings.ROOT_URLCONF = __name__
    application = common.get_asgi_application()
