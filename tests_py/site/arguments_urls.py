"""Pages whose actions note the arguments that they got."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from inspect import Parameter
from typing import Annotated, Any, Literal, NewType, TypedDict
from uuid import UUID

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpResponse
from django.urls import path
from django.views import View
from msgspec import Meta

from django_hyper import ActionMixin, action, with_actions

from .spy import entered


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Letter(enum.Enum):
    A = "a"
    NONE = ""


class Size(models.TextChoices):
    SMALL = "s", "Small"
    LARGE = "l", "Large"


class Priority(models.IntegerChoices):
    LOW = 1, "Low"
    HIGH = 2, "High"


@dataclass
class Point:
    x: int
    y: int = 0


class Address(TypedDict, total=False):
    street: str
    since: date


class Line(msgspec.Struct, rename="camel"):
    unit_price: Decimal
    quantity: int = 1


class Node(msgspec.Struct):
    name: str
    children: list[Node] = []


class Cat(msgspec.Struct, tag="cat"):
    lives: int


class Dog(msgspec.Struct, tag="dog"):
    born: datetime


TYPES: dict[str, Any] = {
    "unannotated": Parameter.empty,
    "any": Any,
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "decimal": Decimal,
    "uuid": UUID,
    "date": date,
    "datetime": datetime,
    "time": time,
    "timedelta": timedelta,
    "colour": Colour,
    "letter": Letter,
    "size": Size,
    "priority": Priority,
    "literal": Literal["a", "b"],
    "numbers": Literal[1, 2],
    "literal-or-none": Literal["a", None],
    "list": list,
    "ints": list[int],
    "strs": list[str],
    "dates": list[date],
    "sizes": list[Size],
    "colours": list[Colour],
    "lists": list[list[int]],
    "set": set[int],
    "frozenset": frozenset[str],
    "many": tuple[int, ...],
    "pair": tuple[int, date],
    "dict": dict[str, int],
    "keys": dict[int, Decimal],
    "documented": Annotated[int, "How many."],
    "new-type": NewType("Count", int),
    "gaps": list[int | None],
    "optional": int | None,
    "optional-bool": bool | None,
    "optional-str": str | None,
    "optional-ints": list[int] | None,
    "optional-size": Size | None,
    "int-or-str": int | str,
    "int-or-float": int | float,
    "int-or-ints": int | list[int],
    "point": Point,
    "optional-point": Point | None,
    "points": list[Point],
    "address": Address,
    "line": Line,
    "tree": Node,
    "pet": Cat | Dog,
    "ge": Annotated[int, Meta(ge=1)],
    "gt": Annotated[float, Meta(gt=1)],
    "le": Annotated[int, Meta(le=9)],
    "lt": Annotated[float, Meta(lt=9)],
    "optional-ge": Annotated[int, Meta(ge=1)] | None,
    "multiple": Annotated[int, Meta(multiple_of=5)],
    "length": Annotated[str, Meta(min_length=2, max_length=4)],
    "letters": Annotated[str, Meta(min_length=1)],
    "pattern": Annotated[str, Meta(pattern="^[a-z]+$")],
    "positives": list[Annotated[int, Meta(ge=1)]],
    "two": Annotated[list[int], Meta(min_length=2)],
    "file": UploadedFile,
    "files": list[UploadedFile],
    "optional-file": UploadedFile | None,
    "optional-files": list[UploadedFile] | None,
}


def noted(value: Any) -> Any:
    """Return the name and content of files, which are closed after the request."""
    if isinstance(value, UploadedFile):
        return value.name, value.read()
    return list(map(noted, value)) if type(value) is list else value


def page_taking(annotation: Any, *default: Any) -> Any:
    """Return a page whose action `take` notes its `value`."""

    def take(request, value=Parameter.empty):
        entered.append(noted(value))

    take.__defaults__ = default or None
    if annotation is not Parameter.empty:
        take.__annotations__["value"] = annotation
    return with_actions(action("take", methods=("GET", "POST", "PUT", "DELETE"))(take))(page)


def page(request, **route):
    entered.append("page")
    return HttpResponse("page")


@action(methods=("GET", "POST", "PUT", "PATCH", "DELETE"))
def add(request, title: str, quantity: int = 1):
    entered.append({"title": title, "quantity": quantity})


@action
def rename(request, title: str = "?"):
    entered.append({"renamed": title})


@action
def archive(request):
    entered.append("archived")


@action
def fill(request, /, name: str, *, age: int, born: date, agreed: bool, tags: list[str]):
    entered.append(name)


@action(methods=("GET", "POST"))
def collect(request, first: int = 0, **rest: Any):
    entered.append({"first": first, **{name: noted(value) for name, value in rest.items()}})


@action
def agree(request, yes: bool = True, no: bool = False, maybe: bool | None = True):
    entered.append({"yes": yes, "no": no, "maybe": maybe})


@action(methods=("GET", "POST"))
def look(request):
    """Note what ``request.hyper`` says."""
    details = request.hyper
    entered.append(
        {
            "true": bool(details),
            "action": details.action,
            "target": details.target,
            "request_id": details.request_id,
            "attempt": details.attempt,
            "caller": details.caller,
            "states": list(details.states),
        }
    )


class RoutePage(ActionMixin, View):
    """A page whose URL has a `pk` and a `slug`."""

    def get(self, request, **route):
        entered.append("page")
        return HttpResponse("page")

    @action(methods=("GET", "POST"))
    def edit(self, pk: int, title: str = "?"):
        entered.append({"pk": pk, "title": title})

    @action(methods=("GET", "POST"))
    def keep(self, **rest: Any):
        entered.append(rest)


urlpatterns = [
    path("todos/", with_actions(add, rename, archive, fill, collect, agree, look)(page)),
    path("plain/", page),
    path("articles/<int:pk>/<slug:slug>/", RoutePage.as_view()),
    path("days/<uuid:value>/", page_taking(UUID)),
    *(path(f"{name}/", page_taking(annotation)) for name, annotation in TYPES.items()),
    *(
        path(f"{name}/default/", page_taking(annotation, "default"))
        for name, annotation in TYPES.items()
    ),
]
