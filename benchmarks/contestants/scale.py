"""Pages of django-hyper that grow: in actions, in streamed items, in rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from django_hyper import Refresh, action, with_actions

from . import Request, post

ACTIONS = (1, 10, 100, 1_000)
ITEMS = (10, 100, 1_000, 10_000, 100_000)
ROWS = (10, 100, 1_000, 10_000)


@action
def save(request: HttpRequest, title: str, count: int) -> dict[str, Any]:
    return {"id": 7, "title": title}


@action
def stream(request: HttpRequest, items: int) -> Iterator[str]:
    for number in range(items):
        yield f"word {number}"


@action
def refresh(request: HttpRequest) -> Refresh:
    return Refresh("#picked")


def view_with(number: int) -> Callable[..., Any]:
    """Return a view that has so many actions."""

    def one_more(at: int) -> Callable[..., Any]:
        @action(f"other_{at}")
        def other(request: HttpRequest, title: str, count: int) -> None:
            """Do nothing."""

        return other

    @with_actions(save, *(one_more(at) for at in range(number - 1)))
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return view


@with_actions(stream)
def streaming(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@with_actions(refresh)
def page(request: HttpRequest, rows: int) -> HttpResponse:
    """Show a table; the element that is picked stands behind it."""
    table = "".join(f"<tr id='row-{at}'><td>Row {at}</td></tr>" for at in range(rows))
    return HttpResponse(f"<body><table>{table}</table><p id='picked'>Picked</p></body>")


urlpatterns = [
    *(path(f"actions/{number}/", view_with(number)) for number in ACTIONS),
    path("stream/", streaming),
    path("rows/<int:rows>/", page),
]


def requests() -> dict[str, Request]:
    def streamed(items: int) -> Request:
        last = b"word %d" % (items - 1)
        return post(
            {"X-Hyper-Action": "stream"},
            {"items": items},
            path="/stream/",
            is_right=lambda answer: last in answer,
        )

    def picked(rows: int) -> Request:
        return Request(
            f"/rows/{rows}/?_action=refresh",
            headers={"HX-Request": "true"},
            is_right=lambda answer: b"Picked" in answer and b"Row" not in answer,
        )

    named = {"X-Hyper-Action": "save"}
    return {
        **{f"actions {n}": post(named, path=f"/actions/{n}/") for n in ACTIONS},
        **{f"items {n}": streamed(n) for n in ITEMS},
        **{f"rows {n}": picked(n) for n in ROWS},
    }
