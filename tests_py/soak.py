"""Real servers under mixed calls, uploads and streams, with visitors that leave in the middle.

    python -m tests_py.soak --seconds 600

Afterwards memory, threads, files and connections are what they were after a warm-up. The
random numbers are seeded; how the visitors' calls meet on a server is not.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .site.processes import migrated, redis_server, web_server
from .site.spy import INTENDED
from .site.visitors import KINDS_OF_CALLS, MEGABYTE, Tally, load

SERVERS = ("uvicorn", "gunicorn")

warm_up_share = 0.25
most_warm_up_seconds = 60
least_warm_up_calls = 600  # every kind, in every thread: what is made once is made
settle_seconds = 20
# What a process may have grown: the allocator's pieces, not a list that never ends.
memory_tolerance_bytes = 8 * MEGABYTE
block_tolerance = 3_000  # of 300,000: what is made once, and late

# What Python and gunicorn say of what was forgotten.
COMPLAINT = r"^.*(?:ResourceWarning: unclosed|never retrieved|never awaited|destroyed|TIMEOUT).*"
# Django's cache keeps a connection for each thread, and leaves it to the garbage collector.
REDIS = "unclosed <socket.socket"


class Held(NamedTuple):
    """What a server's process holds."""

    memory: int
    blocks: int  # of memory that Python's objects hold
    threads: int
    files: int
    databases: int
    streams: int

    @classmethod
    def by(cls, port: int) -> Held:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_streams/process/") as answer:
            told = json.load(answer)
        status = Path(f"/proc/{told['id']}/status").read_text()
        memory = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1_024  # type: ignore[index]
        threads = told["threads"] - told["pooled"]
        return cls(memory, told["blocks"], threads, told["files"], told["databases"], told["open"])

    def beyond(self, before: Held) -> list[str]:
        """Say what was not given back."""
        allowed = before._replace(
            memory=before.memory + memory_tolerance_bytes,
            blocks=before.blocks + block_tolerance,
            streams=0,
        )
        held = zip(self._fields, before, self, allowed, strict=True)
        return [f"{name}: {was} has become {now}" for name, was, now, most in held if now > most]


def settled(port: int, before: Held | None = None) -> Held:
    """Return what is held once nothing more is given back, or no more than before."""
    end = time.monotonic() + settle_seconds
    held = Held.by(port)
    calm = 0
    while calm < 3 and time.monotonic() < end:
        time.sleep(0.3)
        now = Held.by(port)
        is_back = not now.beyond(before) if before else now[2:] == held[2:]
        calm = calm + 1 if is_back else 0
        held = now
    return held


@dataclass
class Result:
    """What the soak of one server has shown."""

    name: str
    tally: Tally
    before: Held
    after: Held
    left: list[str]  # files of uploads
    log: str

    def faults(self) -> list[str]:
        """Say what should not have been."""
        unknown = [each for each in unexpected(self.log) if INTENDED not in each]
        left = [f"left behind: {name}" for name in self.left]
        return [*self.tally.faults[:20], *self.after.beyond(self.before), *left, *unknown[:20]]

    def lines(self) -> Iterator[str]:
        calls, cut = self.tally.calls, self.tally.cut
        yield f"{self.name}: {calls.total()} calls, {cut.total()} cut, {dict(self.tally.statuses)}"
        yield "  " + ", ".join(f"{name} {calls[name]}" for name in KINDS_OF_CALLS)
        for name, before, after in zip(Held._fields, self.before, self.after, strict=True):
            unit = MEGABYTE if name == "memory" else 1
            yield f"  {name:<10} {before / unit:8.1f} before {after / unit:8.1f} after"
        yield from (f"  FAULT {fault}" for fault in self.faults())


def unexpected(log: str) -> list[str]:
    """Return the last lines of tracebacks, and what Python itself complains of."""
    endings = re.findall(r"^Traceback .*\n(?:[ \t].*\n|\n)+(\S.*)", log, re.M)
    return [*endings, *(line for line in re.findall(COMPLAINT, log, re.M) if REDIS not in line)]


def soak(seconds: float, folder: Path, seed: str = "soak") -> list[Result]:
    """Load both servers at once, and return what each has shown.

    Args:
        folder: For the database, Redis, uploads and logs.
    """
    uploads = {name: folder / f"uploads-{name}" for name in SERVERS}
    logs = {name: folder / f"{name}.log" for name in SERVERS}
    database = migrated(folder)
    with contextlib.ExitStack() as stack:
        environment = {
            "TEST_DATABASE": str(database),
            "TEST_REDIS": stack.enter_context(redis_server(folder)),
            "PYTHONWARNINGS": "always::ResourceWarning",
            "TEST_MANY_WRITERS": "1",
            "MALLOC_ARENA_MAX": "2",  # else what is free lies about in an arena for each thread
        }
        ports = []
        for name in SERVERS:
            uploads[name].mkdir()
            own = {**environment, "TEST_UPLOADS": str(uploads[name])}
            ports.append(stack.enter_context(web_server(name, own, logs[name])))
        tallies = [Tally() for _ in SERVERS]
        warm_up_seconds = min(seconds * warm_up_share, most_warm_up_seconds)
        warm_up = load(ports, warm_up_seconds, f"{seed}-warm-up", tallies, least_warm_up_calls)
        asyncio.run(warm_up)
        before = [settled(port) for port in ports]
        asyncio.run(load(ports, seconds - warm_up_seconds, seed, tallies))
        after = [settled(port, held) for port, held in zip(ports, before, strict=True)]
        left = [sorted(path.name for path in uploads[name].iterdir()) for name in SERVERS]
    told = [logs[name].read_text() for name in SERVERS]
    results = zip(SERVERS, tallies, before, after, left, told, strict=True)
    return [Result(*result) for result in results]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", default="soak")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    results = soak(chosen.seconds, folder, chosen.seed)
    for line in itertools.chain.from_iterable(result.lines() for result in results):
        print(line)  # noqa: T201
    if any(result.faults() for result in results):
        print(f"The logs of the servers are in {folder}.")  # noqa: T201
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
