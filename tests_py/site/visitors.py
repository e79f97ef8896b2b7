"""The visitors of the soak: what they call, and when they leave."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .http import Answer, Client, Request
from .kinds import KINDS

MEGABYTE = 2**20

visitors_per_server = 8
pause_seconds = 0.01  # at most, between two calls: other tests run on the same cores
cut_share = 0.05

ids = itertools.count()


class Kind(NamedTuple):
    """A kind of call: how often it is made, how, and how it must end."""

    weight: int
    action: str
    data: Callable[[random.Random], dict[str, Any]]
    statuses: tuple[int, ...] = (200,)
    method: str = "POST"
    headers: dict[str, str] = {}
    is_upload: bool = False
    is_stream: bool = False
    is_repeated: bool = False


def nothing(rng: random.Random) -> dict[str, Any]:
    return {}


def title(rng: random.Random) -> dict[str, Any]:
    return {"title": f"todo {rng.random()}"}


def todo(rng: random.Random) -> dict[str, Any]:
    return {**title(rng), "priority": rng.randint(1, 5)}


def pace(rng: random.Random) -> dict[str, Any]:
    return {"most": rng.randint(1, 20), "seconds": rng.choice([0, 0.005, 0.02])}


KINDS_OF_CALLS = {
    "kept": Kind(20, "keep", todo),
    "kept, async": Kind(20, "akeep", todo),
    "read": Kind(15, "look", lambda rng: {"most": rng.randint(1, 20)}, method="GET"),
    "refreshed": Kind(5, "refresh", nothing),
    "invalid argument": Kind(8, "keep", lambda rng: {"title": "a", "priority": "high"}, (400,)),
    "missing argument": Kind(4, "akeep", nothing, (400,)),
    "invalid": Kind(8, "keep", lambda rng: {"title": ""}, (422,)),
    "unknown action": Kind(3, "steal", nothing, (404,)),
    "anonymous": Kind(3, "for_members", nothing, (401,)),
    "wrong method": Kind(3, "keep", nothing, (405,), method="GET"),
    "without a token": Kind(3, "keep", title, (403,), headers={"X-CSRFToken": "b" * 32}),
    "at most once": Kind(6, "pay", title, is_repeated=True),
    "rate-limited": Kind(12, "limited", nothing, (200, 429)),
    "intended fault": Kind(3, "fail", nothing, (500,)),
    "upload": Kind(4, "upload", nothing, is_upload=True),
    "upload, async": Kind(4, "aupload", nothing, is_upload=True),
    "stream of rows": Kind(4, "count", pace, is_stream=True),
    "stream, async": Kind(6, "acount", pace, is_stream=True),
    "stream of rows, async": Kind(4, "arows", pace, is_stream=True),
    "stream over GET": Kind(3, "acount", pace, is_stream=True, method="GET"),
}
WEIGHTS = [kind.weight for kind in KINDS_OF_CALLS.values()]


def request_of(kind: Kind, rng: random.Random) -> Request:
    """Make a call of this kind; the page it is made on is any of the four."""
    path = f"/soak/{rng.choice(KINDS)}/"
    request_id = f"{next(ids)}"
    headers = {"X-Hyper-Action": kind.action, "X-Hyper-Request-ID": request_id, **kind.headers}
    if kind.is_upload:
        size = rng.choice([1_000, 300_000, 3 * MEGABYTE])
        body = form_of(rng.randbytes(1_000) * (size // 1_000))
        headers["Content-Type"] = "multipart/form-data; boundary=soak"
        return Request("POST", path, headers, body)
    data = json.dumps(kind.data(rng))
    if kind.method == "GET":
        return Request("GET", path, {**headers, "X-Hyper-Data": data})
    return Request("POST", path, {**headers, "Content-Type": "application/json"}, data.encode())


def form_of(file: bytes) -> bytes:
    head = b'--soak\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    return head + file + b"\r\n--soak--\r\n"


@dataclass
class Tally:
    """What the visitors of one server have seen."""

    calls: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, name: str, answer: Answer) -> None:
        kind = KINDS_OF_CALLS[name]
        self.calls[name] += 1
        self.statuses[answer.status] += 1
        is_whole = answer.body.count(b"event: end\n") == 1 if kind.is_stream else True
        if answer.status not in kind.statuses or not is_whole:
            self.faults.append(f"{name}: {answer.status} {answer.body[-300:]!r}")


async def visit(
    client: Client, rng: random.Random, end: float, tally: Tally, least_calls: int
) -> None:
    """Call one action after the other until it is time, and leave now and then."""
    await begin(client)
    while time.monotonic() < end or tally.calls.total() < least_calls:
        (name,) = rng.choices(list(KINDS_OF_CALLS), WEIGHTS)
        kind = KINDS_OF_CALLS[name]
        request = request_of(kind, rng)
        if rng.random() < cut_share:
            tally.cut[name] += 1
            sent = rng.choice([rng.random(), 1])
            received = rng.choice([0, 1, 600]) if sent == 1 and kind.is_stream else 0
            await client.cut(request, sent, received, abort=rng.random() < 0.5)
        else:
            await call(client, name, request, tally)
        await asyncio.sleep(rng.random() * pause_seconds)
    client.leave()


async def call(client: Client, name: str, request: Request, tally: Tally) -> None:
    """Make one call; one that runs at most once is repeated, and must be answered alike."""
    try:
        answer = await client.ask(request)
        tally.note(name, answer)
        if KINDS_OF_CALLS[name].is_repeated:
            again = request._replace(headers={**request.headers, "X-Hyper-Attempt": "2"})
            repeat = await client.ask(again)
            if (repeat.body, repeat.headers.get("idempotent-replayed")) != (answer.body, "true"):
                tally.faults.append(f"{name}: repeated as {repeat.status} {repeat.body[-300:]!r}")
    except (OSError, EOFError, TimeoutError, ValueError) as error:
        tally.faults.append(f"{name}: {error!r}")
        client.leave()


async def begin(client: Client) -> None:
    headers = {"X-Hyper-Action": "begin", "Content-Type": "application/json"}
    answer = await client.ask(Request("POST", "/soak/class-sync/", headers, b"{}"))
    client.cookies = answer.headers["set-cookie"].partition(";")[0]


async def load(
    ports: list[int], seconds: float, seed: str, tallies: list[Tally], least_calls: int = 0
) -> None:
    """Let all visitors of all servers come and go."""
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(
            visit(Client(port), random.Random(f"{seed}-{place}-{number}"), end, tally, least_calls)
            for place, (port, tally) in enumerate(zip(ports, tallies, strict=True))
            for number in range(visitors_per_server)
        )
    )
