"""Measure an action against a bare view that does the same work by hand, in one run.

    python benchmarks/server_call.py [--rounds 200] [--calls 50] [--json results.json]

Work: `save(title: str, count: int)` gets `count` as ``"3"`` and answers
``{"id": 7, "title": title}``. Django's seven default middlewares, ``DEBUG = False``, the
real handlers (`WSGIHandler`, `ASGIHandler`) called in this process, so that no socket's
noise hides a microsecond. The two run in turns, round by round; the ratio of a round
compares what ran within milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import platform
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings

DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
HYPER = "django_hyper.middleware.HyperMiddleware"

TOKEN = "a" * 32
BODY = json.dumps({"title": "Milk", "count": "3"}).encode()
EXPECTED = {"id": 7, "title": "Milk"}


def configure() -> None:
    settings.configure(
        DEBUG=False,
        SECRET_KEY="benchmark",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=(),
        MIDDLEWARE=[*DEFAULT_MIDDLEWARE],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django_hyper",
        ],
        DATABASES={},
    )
    django.setup()


configure()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views import View  # noqa: E402

from django_hyper import ActionMixin, action, with_actions  # noqa: E402


def bare(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body)
    int(data["count"])
    return JsonResponse({"id": 7, "title": data["title"]})


async def abare(request: HttpRequest) -> JsonResponse:
    return bare(request)


class Page(ActionMixin, View):
    @action
    def save(self, title: str, count: int) -> dict[str, Any]:
        return {"id": 7, "title": title}


@action
def save(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    return {"id": 7, "title": title}


@action("asave")
async def asave(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    return {"id": 7, "title": title}


@with_actions(save)
def page(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


@with_actions(save, asave)
async def apage(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


@dataclass(frozen=True)
class Candidate:
    """A view and the handler that runs it."""

    call: Callable[[], Any]
    urlpatterns: tuple[Any, ...]  # a URLconf of its own, or the later ones would be found later

    def enter(self) -> None:
        settings.ROOT_URLCONF = self.urlpatterns


def wsgi_caller(
    app: Callable[..., Any], view: Any, name: str | None = None, body: bytes = BODY
) -> Candidate:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/page/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"csrftoken={TOKEN}",
        "HTTP_X_CSRFTOKEN": TOKEN,
        "HTTP_ACCEPT": "application/json, text/event-stream",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    if name:
        environ["HTTP_X_HYPER_ACTION"] = name

    def call() -> bytes:
        response = app({**environ, "wsgi.input": io.BytesIO(body)}, lambda status, headers: None)
        answer = b"".join(response)
        response.close()
        return answer

    return Candidate(call, (path("page/", view),))


def asgi_caller(
    app: Any,
    view: Any,
    name: str | None = None,
    body: bytes = BODY,
    on_send: Callable[[dict[str, Any]], None] = lambda message: None,
) -> Candidate:
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cookie", f"csrftoken={TOKEN}".encode()),
        (b"x-csrftoken", TOKEN.encode()),
        (b"accept", b"application/json, text/event-stream"),
    ]
    if name:
        headers.append((b"x-hyper-action", name.encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/page/",
        "query_string": b"",
        "headers": headers,
        "server": ("localhost", 80),
    }

    async def call() -> bytes:
        parts: list[bytes] = []
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.Event().wait()  # the client stays
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            on_send(message)
            parts.append(message.get("body", b""))

        await app({**scope}, receive, send)
        return b"".join(parts)

    return Candidate(call, (path("page/", view),))


def measure_wsgi(calls: int) -> dict[str, float]:
    """Return seconds a call, by name, for one round."""
    seconds = {}
    for name, candidate in WSGI.items():
        candidate.enter()
        start = time.perf_counter()
        for _ in range(calls):
            candidate.call()
        seconds[name] = (time.perf_counter() - start) / calls
    return seconds


async def measure_asgi(calls: int) -> dict[str, float]:
    """Return seconds a call, by name, for one round."""
    seconds = {}
    for name, candidate in ASGI.items():
        candidate.enter()
        start = time.perf_counter()
        for _ in range(calls):
            await candidate.call()
        seconds[name] = (time.perf_counter() - start) / calls
    return seconds


def build() -> tuple[dict[str, Candidate], dict[str, Candidate]]:
    """Return the callers; the bare views run without our middleware."""
    plain_wsgi, plain_asgi = get_wsgi_application(), get_asgi_application()
    settings.MIDDLEWARE.append(HYPER)
    hyper_wsgi, hyper_asgi = get_wsgi_application(), get_asgi_application()
    return (
        {
            "bare view": wsgi_caller(plain_wsgi, bare),
            "action of a class": wsgi_caller(hyper_wsgi, Page.as_view(), "save"),
            "action of a function": wsgi_caller(hyper_wsgi, page, "save"),
            "bare view behind HyperMiddleware": wsgi_caller(hyper_wsgi, bare),
        },
        {
            "bare async view": asgi_caller(plain_asgi, abare),
            "async action": asgi_caller(hyper_asgi, apage, "asave"),
            "sync action of an async view": asgi_caller(hyper_asgi, apage, "save"),
            "bare async view behind HyperMiddleware": asgi_caller(hyper_asgi, abare),
        },
    )


def report(title: str, rounds: list[dict[str, float]]) -> list[dict[str, Any]]:
    """Print and return medians of the ratios of each round, with their quartiles."""
    bare_name = next(iter(rounds[0]))
    rows = []
    print(f"\n{title:42} µs/call   calls/s ÷ bare   (quartiles)")
    for name in rounds[0]:
        ratios = [each[bare_name] / each[name] for each in rounds]
        low, middle, high = statistics.quantiles(ratios, n=4)
        microseconds = statistics.median(each[name] for each in rounds) * 1e6
        rows.append({"name": name, "us": microseconds, "ratio": middle, "quartiles": [low, high]})
        print(f"{name:42} {microseconds:7.1f}   {middle:14.3f}   ({low:.3f} to {high:.3f})")
    return rows


WSGI, ASGI = build()


async def acall_each() -> AsyncIterator[bytes]:
    for candidate in ASGI.values():
        candidate.enter()
        yield await candidate.call()


async def collect(answers: AsyncIterator[bytes]) -> list[bytes]:
    return [answer async for answer in answers]


def call_each() -> Iterator[bytes]:
    for candidate in WSGI.values():
        candidate.enter()
        yield candidate.call()


def check() -> None:
    """Every candidate gets the same answer, or the figures compare nothing."""
    for answer in [*call_each(), *asyncio.run(collect(acall_each()))]:
        if json.loads(answer).get("result", json.loads(answer)) != EXPECTED:
            raise SystemExit(f"got {answer!r}; expected {EXPECTED}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--calls", type=int, default=50, help="a round and caller")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    check()
    print(f"Python {platform.python_version()}, Django {django.__version__}, {platform.machine()}")
    measure_wsgi(options.calls)  # warm up
    wsgi = [measure_wsgi(options.calls) for _ in range(options.rounds)]
    asgi = [asyncio.run(measure_asgi(max(options.calls // 5, 1))) for _ in range(options.rounds)]
    rows = {"WSGI": report("WSGI", wsgi), "ASGI": report("ASGI", asgi)}
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
