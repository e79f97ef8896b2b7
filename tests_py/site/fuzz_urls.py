"""Actions of every kind that note whether what they got fits what they ask for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from inspect import Parameter
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import include, path
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from django_hyper import ActionMixin, History, Redirect, action, with_actions

from . import library
from .arguments_urls import TYPES, Address, Colour, Line, Point
from .fits import fits
from .kinds import pages_with
from .spy import entered

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# What the generators yield; a test puts it here.
script: list[Any] = []


class Misfit(Exception):
    """An action was entered with an argument that its annotation excludes."""


def note(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Note that an action was entered, and with what that it did not ask for.

    What it got is what it returns, so that what goes in must come out again.
    """
    hints = inspect.get_annotations(function, eval_str=True)
    wrong = {
        name: value for name, value in arguments.items() if not fits(hints.get(name, Any), value)
    }
    entered.append((function.__name__, wrong))
    return {name: shown(value) for name, value in arguments.items()}


def shown(value: Any) -> Any:
    if isinstance(value, UploadedFile):
        return [value.name, value.content_type, len(value.read())]
    return [shown(each) for each in value] if type(value) is list else value


def taking(name: str, annotation: Any) -> list[Callable[..., Any]]:
    """Return two actions that take one such value, a sync and an async one."""
    slug = name.replace("-", "_")

    def take(owner, value=Parameter.empty):
        return note(take, {} if value is Parameter.empty else {"value": value})

    async def atake(owner, value):
        return note(atake, {"value": value})

    for function in (take, atake):
        function.__name__ = f"{function.__name__}_{slug}"
        if annotation is not Parameter.empty:
            function.__annotations__["value"] = annotation
    return [action(methods=METHODS)(function) for function in (take, atake)]


@action(methods=METHODS)
def mix(
    owner,
    title: str,
    count: int = 1,
    price: Decimal | None = None,
    when: datetime | None = None,
    day: date | None = None,
    tags: list[str] = [],  # noqa: B006
    agree: bool = True,
    colour: Colour = Colour.RED,
    point: Point | None = None,
    file: UploadedFile | None = None,
    **more: Any,
):
    arguments = {name: value for name, value in locals().items() if name not in ("owner", "more")}
    return note(mix, arguments) | {name: shown(value) for name, value in more.items()}


@action
async def amix(
    owner, key: UUID, line: Line, how: Literal["a", 1], address: Address, files: list[UploadedFile]
):
    return note(amix, {name: value for name, value in locals().items() if name != "owner"})


class NoteForm(forms.Form):
    title = forms.CharField(max_length=10)
    count = forms.IntegerField(required=False)
    when = forms.SplitDateTimeField(required=False)
    key = forms.UUIDField(required=False)
    price = forms.DecimalField(required=False)
    meta = forms.JSONField(required=False)
    photo = forms.FileField(required=False)


@action(methods=("GET", "POST", "PUT"), form=NoteForm)
def fill(owner, form, extra: int = 0):
    return note(fill, {"extra": extra})


@action(idempotent=True)
def once(owner, title: str, count: int = 1, file: UploadedFile | None = None):
    return note(once, {"title": title, "count": count, "file": file})


def told(value: Any) -> Any:
    """Return what a test gave; an exception is raised, as a library raises it."""
    return library.fail(value) if isinstance(value, Exception) else value


@action(methods=("GET", "POST"))
def tell(owner, count: int = 3):
    note(tell, {"count": count})
    for value in script:
        yield told(value)


@action(methods=("GET", "POST"))
async def atell(owner, count: int = 3):
    note(atell, {"count": count})
    for value in script:
        yield told(value)


@action(methods=("GET", "POST"))
def fail(owner):
    told(script[0])


@action(methods=("GET", "POST"))
async def afail(owner):
    told(script[0])


@action(methods=("GET", "POST"))
def go(owner, url: str, external: bool = False, history: bool = False):
    note(go, {"url": url, "external": external})
    return History(push=url) if history else Redirect(url, external)


class RoutePage(ActionMixin, View):
    """A page whose URL has arguments."""

    def get(self, request, **route):
        return HttpResponse("page")

    @action(methods=METHODS)
    def edit(self, pk: int, slug: str, title: str = "?"):
        if (pk, slug) != (self.kwargs["pk"], self.kwargs["slug"]):
            raise Misfit(f"{pk} {slug}")
        return note(RoutePage.edit, {"pk": pk, "slug": slug, "title": title})

    @action
    async def keep(self, count: int = 1, **rest: Any):
        if {"pk", "slug"} & set(rest):
            raise Misfit(f"{rest}")
        return note(RoutePage.keep, {"count": count})


@action
def save(request, title: str):
    return {"title": title}


@with_actions(save)
def state_page(request):
    return HttpResponse(repr(request.hyper.states.save.result))


ACTIONS: list[Callable[..., Any]] = [
    *(function for item in TYPES.items() for function in taking(*item)),
    *(mix, amix, fill, once, tell, atell, fail, afail, go),
]
ROUTES = ["/fuzz/articles/7/a-b/", "/fuzz/exempt/7/a-b/"]
urlpatterns = [
    path("", include(pages_with(*ACTIONS))),
    path("articles/<int:pk>/<slug:slug>/", RoutePage.as_view()),
    path("exempt/<int:pk>/<slug:slug>/", csrf_exempt(RoutePage.as_view())),
    path("state/", state_page),
]
