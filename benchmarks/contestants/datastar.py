"""datastar-py: signals are read and patched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from datastar_py.django import DatastarResponse, ServerSentEventGenerator, read_signals
from django.http import HttpRequest
from django.urls import path

from . import ITEMS, Request, has_items, post

patch = ServerSentEventGenerator.patch_signals


def save(request: HttpRequest) -> DatastarResponse:
    signals: Any = read_signals(request)
    int(signals["count"])
    return DatastarResponse(patch({"id": 7, "title": signals["title"]}))


async def asave(request: HttpRequest) -> DatastarResponse:
    return save(request)


def words() -> Iterator[Any]:
    for number in range(ITEMS):
        yield patch({"text": f"word {number}"})


async def awords() -> AsyncIterator[Any]:
    for number in range(ITEMS):
        yield patch({"text": f"word {number}"})


def stream(request: HttpRequest) -> DatastarResponse:
    return DatastarResponse(words())


async def astream(request: HttpRequest) -> DatastarResponse:
    return DatastarResponse(awords())


urlpatterns = [
    path("save/", save),
    path("asave/", asave),
    path("stream/", stream),
    path("astream/", astream),
]


def requests() -> dict[str, Request]:
    headers = {"Datastar-Request": "true"}
    return {
        "call": post(headers, path="/save/"),
        "acall": post(headers, path="/asave/"),
        "stream": Request("/stream/", headers=headers, is_right=has_items),
        "astream": Request("/astream/", headers=headers, is_right=has_items),
    }
