"""Answer the Alpine client: one JSON object, as ``wire/`` shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise

from ..failures import Failure
from ..items import Item
from ..protocol import VARY
from .headers import Headers

JSON = "application/json"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": VARY}

# What Django sets up for each response costs thirty times as much as encoding a small
# result, so each answer starts as a copy of this one.
READY = HttpResponse(headers=HEADERS, content_type=JSON)


class JsonAnswer(HttpResponse):
    """An answer with all its headers; the middleware adds nothing."""

    def __init__(self, body: Mapping[str, Any], status: int = 200) -> None:
        vars(self).update(vars(READY))
        # Each has what can change to itself.
        self.headers = Headers(READY)
        self.cookies = SimpleCookie()
        self._resource_closers: list[Any] = []
        self._container = [encode(body)]
        self.status_code = status


class Unencodable(TypeError):
    """An action returned what JSON has no form for."""


def encode_other(value: Any) -> Any:
    """Return something JSON has for what msgspec does not know."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, str):
        return str.__str__(value)  # SafeString.__str__ returns itself
    if isinstance(value, Mapping):
        return dict(value)
    raise Unencodable(
        f"the action returned a value of type {type(value).__qualname__}; expected what "
        "JSON has a form for. Return its fields, e.g. {'id': todo.id} or "
        "list(todos.values('id', 'title'))."
    )


encode = msgspec.json.Encoder(enc_hook=encode_other).encode


def answer(result: Any, items: Sequence[Item]) -> HttpResponse:
    """Return the success as JSON.

    Raises:
        TypeError: Something in it cannot be encoded; the view's transaction rolls back.
    """
    body: dict[str, Any] = {"result": result}
    if items:
        body["items"] = [{"event": item.event, "data": item.data()} for item in items]
    return JsonAnswer(body)


def failure_body(failure: Failure) -> dict[str, Any]:
    """Return a failure as the client reads it; the developer's sentence with DEBUG only."""
    body: dict[str, Any] = {"error": failure.error, "code": failure.code}
    if failure.errors:
        body["errors"] = failure.errors
    body.update(failure.extra)
    if settings.DEBUG and failure.detail:
        body["detail"] = failure.detail
    return body


def answer_failure(failure: Failure) -> HttpResponse:
    """Return a failure as JSON."""
    response = JsonAnswer(failure_body(failure), failure.status)
    for name, value in failure.headers.items():
        response.headers[name] = value
    return response
