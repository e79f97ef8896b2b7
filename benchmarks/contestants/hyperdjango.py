"""hyperdjango: actions of a page, whose answers are streams; arguments travel in a header."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path
from hyperdjango.actions import action
from hyperdjango.integrations.alpine.actions import Signals
from hyperdjango.page import HyperView

from . import DATA, ITEMS, Request, bare, has_items


class Page(HyperView):
    def get(self, request: HttpRequest) -> str:
        return ""

    @action
    def save(self, request: HttpRequest, title: str, count: str) -> list[Any]:
        int(count)
        return [Signals({"id": 7, "title": title})]

    @action
    def words(self, request: HttpRequest) -> Iterator[Any]:
        for number in range(ITEMS):
            yield Signals({"text": f"word {number}"})


class AsyncPage(HyperView):
    async def get(self, request: HttpRequest) -> str:
        return ""

    @action
    async def save(self, request: HttpRequest, title: str, count: str) -> list[Any]:
        int(count)
        return [Signals({"id": 7, "title": title})]

    @action
    async def words(self, request: HttpRequest) -> AsyncIterator[Any]:
        for number in range(ITEMS):
            yield Signals({"text": f"word {number}"})

    @action
    async def idle(self, request: HttpRequest) -> AsyncIterator[Any]:
        yield Signals({"number": 0})
        await asyncio.sleep(3_600)


urlpatterns = [
    path("hyper/", Page.as_view()),
    path("ahyper/", AsyncPage.as_view()),
    *bare.page_patterns,
]


def requests() -> dict[str, Request]:
    def named(name: str) -> dict[str, str]:
        return {"X-Hyper-Action": name, "X-Requested-With": "XMLHttpRequest"}

    headers = {**named("save"), "X-Hyper-Data": json.dumps(DATA)}
    return {
        "call": Request("/hyper/", headers=headers),
        "acall": Request("/ahyper/", headers=headers),
        "stream": Request("/hyper/", headers=named("words"), is_right=has_items),
        "astream": Request("/ahyper/", headers=named("words"), is_right=has_items),
        "idle": Request("/ahyper/", headers=named("idle")),
        **bare.pages(),
    }
