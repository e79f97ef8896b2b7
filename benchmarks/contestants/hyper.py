"""Actions of django-hyper: of a class, of a function, of an async view."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View

from django_hyper import ActionMixin, action, with_actions

from . import ITEMS, Request, bare, has_items, post


class Page(ActionMixin, View):
    @action
    def save(self, title: str, count: int) -> dict[str, Any]:
        return {"id": 7, "title": title}


@action
def save(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    return {"id": 7, "title": title}


@action
async def asave(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    return {"id": 7, "title": title}


@action
async def second(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    await asyncio.sleep(1)
    return {"id": 7, "title": title}


@action
def stream(request: HttpRequest) -> Iterator[str]:
    for number in range(ITEMS):
        yield f"word {number}"


@action
async def astream(request: HttpRequest) -> AsyncIterator[str]:
    for number in range(ITEMS):
        yield f"word {number}"


@action
async def idle(request: HttpRequest) -> AsyncIterator[int]:
    yield 0
    await asyncio.sleep(3_600)


@with_actions(save, stream, astream)
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@with_actions(save, asave, second, stream, astream, idle)
async def aview(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("view/", view),
    path("class/", Page.as_view()),
    path("aview/", aview),
    *bare.page_patterns,
]


def requests() -> dict[str, Request]:
    def named(name: str) -> dict[str, str]:
        return {"X-Hyper-Action": name}

    def streamed(path: str, name: str) -> Request:
        return Request(path, headers=named(name), is_right=has_items)

    return {
        "class call": post(named("save"), path="/class/"),
        "call": post(named("save"), path="/view/"),
        "acall": post(named("asave"), path="/aview/"),
        "sync acall": post(named("save"), path="/aview/"),
        "stream": streamed("/view/", "stream"),
        "wsgi astream": streamed("/view/", "astream"),
        "sync astream": streamed("/aview/", "stream"),
        "astream": streamed("/aview/", "astream"),
        "idle": Request("/aview/", headers=named("idle")),
        "second": post(named("second"), path="/aview/"),
        **bare.pages(),
    }
