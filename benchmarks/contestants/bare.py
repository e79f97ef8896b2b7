"""Views that do the work by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views import View

from . import ITEMS, Request, has_items, post

EVENT_STREAM = "text/event-stream"


def save(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body)
    int(data["count"])
    return JsonResponse({"id": 7, "title": data["title"]})


class Save(View):
    def post(self, request: HttpRequest) -> JsonResponse:
        return save(request)


async def asave(request: HttpRequest) -> JsonResponse:
    return save(request)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


async def apage(request: HttpRequest) -> HttpResponse:
    return page(request)


def words() -> Iterator[bytes]:
    for number in range(ITEMS):
        yield f"data: {json.dumps(f'word {number}')}\n\n".encode()


async def awords() -> AsyncIterator[bytes]:
    for number in range(ITEMS):
        yield f"data: {json.dumps(f'word {number}')}\n\n".encode()


async def waiting() -> AsyncIterator[bytes]:
    yield b"data: 0\n\n"
    await asyncio.sleep(3_600)


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(words(), content_type=EVENT_STREAM)


async def astream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(awords(), content_type=EVENT_STREAM)


async def idle(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(waiting(), content_type=EVENT_STREAM)


async def second(request: HttpRequest) -> JsonResponse:
    await asyncio.sleep(1)
    return await asave(request)


urlpatterns = [
    path("save/", save),
    path("class/", Save.as_view()),
    path("asave/", asave),
    path("page/", page),
    path("apage/", apage),
    path("stream/", stream),
    path("astream/", astream),
    path("idle/", idle),
    path("second/", second),
]


def requests() -> dict[str, Request]:
    return {
        "call": post(path="/save/"),
        "class call": post(path="/class/"),
        "acall": post(path="/asave/"),
        "stream": Request("/stream/", is_right=has_items),
        "astream": Request("/astream/", is_right=has_items),
        "idle": Request("/idle/"),
        "second": post(path="/second/"),
        **pages(),
    }


def pages() -> dict[str, Request]:
    """Return ordinary requests, for views that know of no package."""
    return {
        "page": Request("/page/", method="GET", is_right=b"ok".__eq__),
        "apage": Request("/apage/", method="GET", is_right=b"ok".__eq__),
    }


page_patterns = [path("page/", page), path("apage/", apage)]
