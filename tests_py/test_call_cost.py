"""What a call costs, counted: how many functions of ours run for one. A clock would tell less.

A limit is what the path needs today. Who raises one says in the commit what it buys.
"""

from __future__ import annotations

import inspect
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from django.views import View

import django_hyper
from django_hyper import ActionMixin, action, with_actions

OURS = str(Path(django_hyper.__file__).parent)

# Of the headers of an answer: Django asks them in place of slower ones of its own.
INSTEAD_OF_DJANGO_S = {"headers.__contains__", "headers.get", "headers.items"}

MOST_FOR_A_FUNCTION_VIEW = 48
MOST_FOR_A_CLASS_VIEW = 52
MOST_FOR_AN_ASYNC_ACTION = 55
MOST_FOR_A_SYNC_ACTION_OF_AN_ASYNC_VIEW = 55
MOST_FOR_AN_ORDINARY_PAGE = 3


@action
def save(request, title: str, count: int):
    return {"id": 7, "title": title}


@action
async def asave(request, title: str, count: int):
    return {"id": 7, "title": title}


class Page(ActionMixin, View):
    @action
    def save(self, title: str, count: int):
        return {"id": 7, "title": title}


@with_actions(save)
def view(request):
    """Show nothing: only its action is called."""


@with_actions(save, asave)
async def aview(request):
    """Show nothing: only its actions are called."""


def plain(request):
    return HttpResponse("ok")


def more_actions():
    for number in range(50):

        @action(f"save_{number}")
        def also_save(request, title: str, count: int):
            """Do nothing."""

        yield also_save


@with_actions(save, *more_actions())
def large_view(request):
    """Show nothing: only one of its actions is called."""


urlpatterns = [
    path("function/", view),
    path("class/", Page.as_view()),
    path("async/", aview),
    path("large/", large_view),
    path("plain/", plain),
]

pytestmark = pytest.mark.urls(__name__)


@contextmanager
def counted():
    """Give a list that names each function of ours that is called, in this thread."""
    called: list[str] = []
    running = []  # a coroutine is called once, and resumed after each wait

    def note(frame, event, _):
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(OURS):
            return
        if code.co_flags & inspect.CO_COROUTINE:
            if frame in running:
                return
            running.append(frame)
        name = f"{Path(code.co_filename).stem}.{code.co_name}"
        if name not in INSTEAD_OF_DJANGO_S:
            called.append(name)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)


def request_of(name):
    return {
        "data": {"title": "Milk", "count": "3"},
        "content_type": "application/json",
        "headers": {"X-Hyper-Action": name},
    }


def calls_of(url, name):
    client = Client()
    client.post(url, **request_of(name))  # what is looked up once is known now
    with counted() as called:
        response = client.post(url, **request_of(name))

    assert response.json() == {"result": {"id": 7, "title": "Milk"}}
    return called


@pytest.mark.parametrize(
    ("url", "most"),
    [("/function/", MOST_FOR_A_FUNCTION_VIEW), ("/class/", MOST_FOR_A_CLASS_VIEW)],
)
def test_a_call_under_wsgi_costs_no_more_than_it_did(url, most):
    called = calls_of(url, "save")

    assert len(called) <= most, called


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("asave", MOST_FOR_AN_ASYNC_ACTION),
        ("save", MOST_FOR_A_SYNC_ACTION_OF_AN_ASYNC_VIEW),
    ],
)
async def test_a_call_under_asgi_costs_no_more_than_it_did(name, most):
    client = AsyncClient()
    await client.post("/async/", **request_of(name))
    with counted() as called:
        response = await client.post("/async/", **request_of(name))

    assert response.json() == {"result": {"id": 7, "title": "Milk"}}
    assert len(called) <= most, called


def test_a_call_costs_the_same_however_many_actions_the_view_has():
    assert calls_of("/large/", "save") == calls_of("/function/", "save")


def test_an_ordinary_page_costs_no_more_than_it_did(client):
    client.get("/plain/")
    with counted() as called:
        client.get("/plain/")

    assert len(called) <= MOST_FOR_AN_ORDINARY_PAGE, called
