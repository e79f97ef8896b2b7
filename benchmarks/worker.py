"""One contestant in a process of its own; `rounds.py` tells it what to do, line by line.

    worker.py NAME [alone]

It reads ``{"server": "wsgi", "request": "call", "times": 50}`` and answers with
``{"seconds": …, "first": …}``, both for one time; ``"times": 0`` only checks the answer.
With "alone" the contestant's middleware is the only one of its project, which has no database.

Seconds are those of the processor, which other processes of the machine do not lengthen; but
where a call waits for a thread they are those of the clock.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
import timeit
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import callers
import project
from contestants import CONTESTANTS


class Worker:
    """Asks the contestant's own application for what it is told."""

    def __init__(self, name: str, is_alone: bool = False) -> None:
        self.middleware = CONTESTANTS[name].middleware
        alone = {"MIDDLEWARE": [*self.middleware]} if is_alone else {}
        module = project.set_up(name, **alone)
        if is_alone:
            forget_databases()
        self.clock = time.process_time if is_alone else time.perf_counter
        from django.core.asgi import get_asgi_application
        from django.core.wsgi import get_wsgi_application

        self.wsgi, self.asgi = get_wsgi_application(), get_asgi_application()
        self.requests = module.requests()
        self.loop = asyncio.new_event_loop()

    def do(self, server: str, request: str, times: int) -> dict[str, Any]:
        if server == "direct":
            return {"seconds": self._direct(times), "is_right": True}
        asked = self.requests[request]
        if server == "wsgi":
            answers: Callable[[int], tuple[bytes, float]] = self._wsgi(request)
        else:
            answers = self._asgi(request)
        clock = time.process_time if server == "wsgi" else self.clock
        start, began = time.perf_counter(), clock()
        answer, first_at = answers(max(times, 1))
        seconds = clock() - began
        if not times:
            return {"is_right": bool(asked.is_right(answer)), "answer": answer[:300].decode()}
        return {"seconds": seconds / times, "first": first_at and first_at - start}

    def _wsgi(self, request: str) -> Callable[[int], tuple[bytes, float]]:
        call = callers.wsgi_caller(self.wsgi, self.requests[request])

        def run(times: int) -> tuple[bytes, float]:
            for _ in range(times - 1):
                call()
            return call(), 0.0

        return run

    def _asgi(self, request: str) -> Callable[[int], tuple[bytes, float]]:
        call = callers.asgi_caller(self.asgi, self.requests[request])
        return lambda times: self.loop.run_until_complete(repeat(call, times))

    def _direct(self, times: int) -> float:
        """Return the seconds that the middleware adds to a call of what it wraps."""
        from django.http import HttpRequest, HttpResponse
        from django.utils.module_loading import import_string

        request, response = HttpRequest(), HttpResponse()

        def inner(request: Any) -> Any:
            return response

        outer = import_string(self.middleware[-1])(inner) if self.middleware else inner
        number = times or 1
        timers = [timeit.Timer(partial(each, request), timer=self.clock) for each in (outer, inner)]
        took, least = (min(timer.repeat(3, number)) for timer in timers)
        return (took - least) / number


def forget_databases() -> None:
    """Let a request begin and end without the thread that Django needs to ask each database."""
    from django import db
    from django.core.signals import request_finished, request_started

    request_started.disconnect(db.reset_queries)
    request_started.disconnect(db.close_old_connections)
    request_finished.disconnect(db.close_old_connections)


async def repeat(call: Callable[[], Awaitable[callers.Sent]], times: int) -> tuple[bytes, float]:
    for _ in range(times - 1):
        await call()
    sent = await call()
    return b"".join(sent.parts), sent.first_at


def main() -> None:
    worker = Worker(sys.argv[1], is_alone=len(sys.argv) > 2)
    print(json.dumps({"is_ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        gc.collect()  # what one round leaves is not collected in the next
        print(json.dumps(worker.do(**order)), flush=True)


if __name__ == "__main__":
    main()
