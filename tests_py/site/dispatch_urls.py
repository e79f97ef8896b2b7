"""Actions of every kind on pages of every kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from django.views import View

from django_hyper import ActionError, ActionMixin, Event, Redirect, Reply, Toast, action

from .kinds import pages_with, request_of
from .models import Todo
from .spy import entered


@action
def save(owner, title: str, count: int = 1, **more: Any):
    entered.append("save")
    return {"title": title, "count": count, **more}


@action
async def asave(owner, title: str, count: int = 1, **more: Any):
    await asyncio.sleep(0)
    entered.append("asave")
    return {"title": title, "count": count, **more}


@action()
def brackets(owner):
    return "brackets"


@action("renamed")
def another_name(owner):
    return "renamed"


@action(description="Says so")
def described(owner):
    return "described"


@action
def nothing(owner):
    entered.append("nothing")


@action
async def anothing(owner):
    entered.append("anothing")


@action
def reply(owner):
    return Reply({"saved": 1}, Toast("Saved"), Event("cart:changed", {"n": 2}))


@action
async def areply(owner):
    return Reply({"saved": 1}, Toast("Saved"), Event("cart:changed", {"n": 2}))


@action
def own_state(owner):
    state = request_of(owner).hyper.states["own_state"]
    return [state.pending, state.error, state.result]


@action
async def aown_state(owner):
    state = request_of(owner).hyper.states["aown_state"]
    return [state.pending, state.error, state.result]


@action
def check(owner, title: str):
    if not title:
        raise ValueError("Title is required")
    return title


@action
async def acheck(owner, title: str):
    if not title:
        raise ValueError("Title is required")
    return title


@action(methods=["GET"])
def search(owner, q: str = ""):
    entered.append("search")
    return q


@action(methods=["GET"])
async def asearch(owner, q: str = ""):
    entered.append("asearch")
    return q


@action(methods=["PUT", "DELETE"])
def replace(owner, title: str = ""):
    entered.append("replace")
    return title


# What follows writes a row; how each ends decides whether the row stays.


class Masked(Exception):
    pass


def end(how: str, request: HttpRequest) -> Any:
    """Return what cannot be answered, or raise."""
    if how in ENDS:
        raise ENDS[how]()
    return RETURNED[how](request)


ENDS: dict[str, Callable[[], Exception]] = {
    "bug": lambda: Masked("secret"),
    "ValueError": lambda: ValueError("Title is required"),
    "ValidationError": lambda: ValidationError("Taken."),
    "ActionError": lambda: ActionError("Sold out", code="sold_out", status=409),
    "PermissionDenied": PermissionDenied,
    "Http404": Http404,
}
MISSING = engines["django"].from_string("{% include 'missing.html' %}")
RETURNED: dict[str, Callable[[HttpRequest], Any]] = {
    "redirect off site": lambda request: Redirect("https://evil.example/"),
    "model": lambda request: Todo(title="x"),
    "queryset": lambda request: {"todos": Todo.objects.none()},
    "model in an item": lambda request: Toast(Todo(title="x")),  # type: ignore[arg-type]
    "template that fails": lambda request: TemplateResponse(request, MISSING),
}


@action
def write(owner, how: str):
    Todo.objects.create(title=how)
    return how if how == "well" else end(how, request_of(owner))


@action
async def awrite(owner, how: str):
    await Todo.objects.acreate(title=how)
    return how if how == "well" else end(how, request_of(owner))


@action
async def last(owner):
    entered.append("begun")
    await asyncio.sleep(0.05)
    entered.append("ended")
    return "done"


@action
def last_in_thread(owner):
    entered.append("begun")
    time.sleep(0.05)
    entered.append("ended")
    return "done"


@action
def is_atomic(owner):
    return connection.in_atomic_block


class RoutePage(ActionMixin, View):
    def get(self, request, pk):
        return HttpResponse("page")

    @action
    def read(self, pk: int):
        return pk


urlpatterns = [
    path(
        "",
        include(
            pages_with(
                *(save, asave, brackets, another_name, described, nothing, anothing),
                *(reply, areply, own_state, aown_state, check, acheck, search, asearch),
                *(replace, write, awrite, is_atomic, last, last_in_thread),
            )
        ),
    ),
    path("route/<int:pk>/", RoutePage.as_view()),
]
