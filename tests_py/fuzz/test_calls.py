"""Any request at all: no action is entered with what it did not ask for, and no 5xx comes."""

from __future__ import annotations

import io
import json
from string import punctuation
from typing import Any
from urllib.parse import quote

from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from hypothesis import assume, event, example, given, settings

from django_hyper.errors import REFUSALS

from ..conftest import Caller
from ..site import fuzz_urls
from ..site.spy import entered
from .requests import Sent, part, requests

CODES = {(refusal.status, code) for code, refusal in REFUSALS.items()} | {(422, "invalid")}


def is_djangos(sent: Sent) -> bool:
    """Whether Django fails before any middleware: it reads the query in the charset of the body."""
    meta = {"REQUEST_METHOD": "GET", "PATH_INFO": sent.path, "QUERY_STRING": sent.query}
    try:
        WSGIRequest({**meta, "CONTENT_TYPE": sent.type, "wsgi.input": io.BytesIO()})
    except (LookupError, ValueError, SuspiciousOperation):
        return True
    return False


class Body(io.BytesIO):
    """What a server has of a body, of any length."""

    def __len__(self) -> int:
        return len(self.getvalue())


def send(caller: Caller, sent: Sent) -> Any:
    """Send a request through Django's test client; `whole` of its answer is all that came."""
    if caller.world == "asgi":
        return async_to_sync(_asend)(caller.client, sent)
    names = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in sent.headers}
    meta = {names[name]: text for name, text in sent.headers.items()}
    own = {name.upper().replace("-", "_"): text for name, text in sent.own_headers.items()}
    answer = caller.client.request(
        REQUEST_METHOD=sent.method,
        PATH_INFO=sent.path,
        QUERY_STRING=sent.query,
        **{"wsgi.input": Body(sent.body), **meta, **own},
    )
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


async def _asend(client: Any, sent: Sent) -> Any:
    headers = {"Host": "testserver", **sent.headers, **sent.own_headers}
    answer = await client.request(
        method=sent.method,
        path=sent.path,
        query_string=quote(sent.query, safe=punctuation, encoding="l1").encode(),  # else 400
        headers=[(name.lower().encode(), text.encode("l1")) for name, text in headers.items()],
        _body_file=Body(sent.body),
    )
    parts = [part async for part in answer.streaming_content] if answer.streaming else None
    answer.whole = answer.content if parts is None else b"".join(parts)
    return answer


def check(sent: Sent, answer: Any) -> None:
    """Check that it is no 5xx, and that the client gets a result, a known code, or events."""
    assert answer.status_code < 500, answer.exc_info
    if sent.kind != "alpine" or sent.method == "HEAD":
        return
    kind = answer.headers["Content-Type"]
    if kind == "text/event-stream":
        assert answer.status_code == 200
        return
    assert kind == "application/json"
    body = json.loads(answer.whole)
    if answer.status_code == 200:
        assert set(body) <= {"result", "items"}
        assert "result" in body
    else:
        assert (answer.status_code, body["code"]) in CODES
        assert isinstance(body["error"], str)
        assert body["error"]


ROT13 = Sent(
    "alpine",
    headers={"X-Hyper-Action": "mix"},
    body=part("title", "a", "") + b"--BoUnDaRy--",
    type="multipart/form-data; boundary=BoUnDaRy; charset=rot13",
)


@settings(max_examples=3 * settings().max_examples)
@given(sent=requests())
@example(sent=ROT13)
def test_any_request(db, world, sent):  # D10, D11, S21
    assume(not is_djangos(sent))
    caller = Caller(world)
    entered.clear()
    cache.clear()
    fuzz_urls.script[:] = ["a", 1]

    answer = send(caller, sent)

    event(f"{sent.kind} {answer.status_code} {'entered' if entered else ''}")
    check(sent, answer)
    assert [each for each in entered if each != "page" and each[1]] == []


@given(sent=requests())
def test_any_request_without_a_token(db, world, sent):  # S27
    assume(not is_djangos(sent))
    entered.clear()
    cache.clear()

    answer = send(Caller(world, enforce_csrf_checks=True), sent)

    event(f"{sent.method} {answer.status_code}")
    check(sent, answer)
    assert sent.method == "GET" or [each for each in entered if each != "page"] == []
