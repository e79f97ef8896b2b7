"""Pages whose actions stream."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from django_hyper import HTML, ActionError, ActionMixin, Event, Redirect, Reply, Toast, action

from .kinds import pages_with, request_of
from .models import Todo
from .spy import entered

place: ContextVar[str] = ContextVar("place", default="nowhere")


class Message:
    """Stands for a message that the generator puts into Django's queue."""


class Own:
    """Stands for an exception that a ``raise`` statement of this module raises."""


# What a generator yields; an exception is raised in its place.
VALUES: dict[str, list[Any]] = {
    "words": ["a", "b"],
    "values": [1, {"x": None}, [True], date(2024, 1, 2), gettext_lazy("Yes"), []],
    "items": [Toast("Hi"), [Event("x"), Toast("Two")], (Toast("Three"),)],
    "forged": ["a\r\nevent: end\n\ndata: 1\u2028\u0085", Event("x\n\nevent: end", "\r")],
    "reply": [Reply(1, Toast("One")), Reply(2)],
    "reply and more": [Reply(1), "a"],
    "redirect": ["a", Redirect("/done/"), "never"],
    "redirect among items": [[Toast("Bye"), Redirect("/done/"), Toast("Later")], "never"],
    "message": ["a", Message(), "b", Message()],
    "message of the end": [Message()],
    "message before an error": [Message(), ValueError("x")],
    "nothing": [],
    "value error": ["a", Own()],
    "action error": ["a", ActionError("Sold out", code="sold_out", status=409)],
    "fields": ["a", ValidationError({"title": "Too long"})],
    "denied": [PermissionDenied("secret")],
    "missing": [Http404("secret")],
    "off site": ["a", Redirect("//evil.example/")],
    "model": ["a", Todo(title="x")],
    "nan": [float("nan")],
    "response": ["a", HttpResponse("x", content_type="text/css")],
    "bug": ["a", RuntimeError("secret")],
    "first bug": [RuntimeError("secret")],
    "html": [HTML("<b>hi</b>"), "a"],
    "exit": ["a", SystemExit()],
}


def tell(request, value):
    if isinstance(value, Message):
        messages.info(request, "Noted")
        return None
    if isinstance(value, BaseException):
        raise value
    return value


@action
def go(owner, how: str = "words", returned: str | None = None):
    entered.append("opened")
    try:
        for value in VALUES[how]:
            if isinstance(value, Own):
                raise ValueError("No more")
            yield tell(request_of(owner), value)
    finally:
        entered.append("closed")
    return returned


@action
async def ago(owner, how: str = "words"):
    entered.append("opened")
    try:
        for value in VALUES[how]:
            await asyncio.sleep(0)
            if isinstance(value, Own):
                raise ValueError("No more")
            yield tell(request_of(owner), value)
    finally:
        entered.append("closed")


@action
def plain(owner, how: str = "words"):
    """Return a generator without being one."""
    return go(owner, how)


@action
async def aplain(owner, how: str = "words"):
    return ago(owner, how)


making: Any = None  # an event of the test that leaves meanwhile


@action
async def amade(owner):
    """Take some time to return a generator."""
    making.set()
    await asyncio.sleep(0.05)
    entered.append("made")
    return ago(owner)


@action
def fail_late(owner):
    """Fail while it is closed, after a redirect."""
    try:
        yield Redirect("/done/")
    finally:
        raise RuntimeError("secret")


@action
async def afail_late(owner):
    try:
        yield Redirect("/done/")
    finally:
        raise RuntimeError("secret")


@action
def stubborn(owner):
    """Yield although it is closed."""
    try:
        yield Redirect("/done/")
    finally:
        yield "still here"


@action
async def astubborn(owner):
    try:
        yield Redirect("/done/")
    finally:
        yield "still here"


@action
async def acancelled(owner):
    """Await what somebody else cancels."""
    yield "a"
    asleep = asyncio.ensure_future(asyncio.sleep(60))
    asyncio.get_running_loop().call_soon(asleep.cancel)
    await asleep


@action
def returned_item(owner, how: str = "toast"):
    yield "a"
    return {"toast": Toast("Bye"), "model": Todo(title="x"), "reply": Reply(3, Toast("Bye"))}[how]


@action
def rows(owner):
    for title in ("milk", "bread"):
        Todo.objects.create(title=title)
        yield title
    return [todo.title for todo in Todo.objects.all()]


@action
async def arows(owner):
    yield [todo.title async for todo in Todo.objects.all()]


@action
def local(owner):
    """Tell where it runs, when it is opened and when it goes on."""
    place.set("in the generator")
    for _ in range(2):
        yield [translation.get_language(), timezone.get_current_timezone_name(), place.get()]


@action
async def alocal(owner):
    place.set("in the generator")
    for _ in range(2):
        await asyncio.sleep(0)
        yield [translation.get_language(), timezone.get_current_timezone_name(), place.get()]


@action
def own_state(owner):
    state = request_of(owner).hyper.states.own_state
    yield [state.pending, state.error, state.result]
    return "done"


@action
async def aown_state(owner):
    state = request_of(owner).hyper.states.aown_state
    yield [state.pending, state.error, state.result]
    yield Reply("done")


@action(login_required=True)
def members(owner, count: int = 1):
    entered.append("members")
    yield "in"


@action(login_required=True)
async def amembers(owner, count: int = 1):
    entered.append("members")
    yield "in"


@action
def counted(owner, count: int):
    entered.append("counted")
    yield count


@action
def shown(owner):
    """Show messages in a template, which uses them up."""
    messages.info(request_of(owner), "Noted")
    yield render_to_string("messages.html", request=request_of(owner)).strip()
    messages.info(request_of(owner), "Again")
    yield "end"


ITEMS: tuple[Any, ...] = (go, ago, plain, aplain, returned_item, shown, own_state, aown_state)
FAILING: tuple[Any, ...] = (fail_late, afail_late, stubborn, astubborn, acancelled)
PLACES: tuple[Any, ...] = (rows, arows, local, alocal, members, amembers, counted, amade)


class Page(ActionMixin, TemplateView):
    template_name = "stream.html"
    go = go
    ago = ago


urlpatterns = [*pages_with(*ITEMS, *FAILING, *PLACES), path("page/", Page.as_view())]
