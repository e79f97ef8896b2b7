"""Actions that fail in every way."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from uuid import UUID

from django.core import exceptions
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseRedirect
from django.urls import include, path
from django.utils.translation import gettext_lazy

from django_hyper import ActionError, Redirect, Reply, Toast, action

from . import library
from .kinds import pages_with
from .spy import entered


class TitleError(ValueError):
    pass


class Silent(Exception):
    def __str__(self):
        return ""


def check_title():
    raise ValueError("Title is required")


def raise_in_with():
    with contextlib.ExitStack():
        raise ValueError("Title is required")


def raise_in_try():
    try:
        raise ValueError("Title is required")
    finally:
        entered.append("finally")


def raise_again():
    try:
        int("secret")
    except ValueError:
        raise ValueError("Title is required") from None


def raise_on_purpose(error: BaseException) -> Any:
    raise error


def raise_library_error_bare():
    try:
        int("secret")
    except ValueError:
        entered.append("except")
        raise


def raise_library_error_by_name():
    try:
        int("secret")
    except ValueError as error:
        entered.append("except")
        raise error


def import_what_raises():
    from . import failing_import

    return failing_import


def import_what_is_missing():
    from .library import secret

    return secret


def unpack():
    first, second = "secret".split()
    return first, second


# By name: what a visitor may read of it.
SHOWN = {
    "own": lambda: raise_on_purpose(ValueError("Title is required")),
    "own subclass": lambda: raise_on_purpose(TitleError("Title is required")),
    "in a helper of the module": check_title,
    "inside with": raise_in_with,
    "inside try": raise_in_try,
    "instead of another": raise_again,
    "translated": lambda: raise_on_purpose(ValueError(gettext_lazy("Title is required"))),
}
# By name: a bug, whose text is a secret.
MASKED = {
    "int": lambda: int("secret"),
    "UUID": lambda: UUID("secret"),
    "json": lambda: json.loads("secret"),
    "unicode": lambda: b"\xff secret".decode(),
    "unpack": unpack,
    "library": library.refuse,
    "library subclass": library.refuse_in_a_subclass,
    "called back by a library": lambda: library.call(lambda: int("secret")),
    "import that raises": import_what_raises,
    "import that is missing": import_what_is_missing,
    "raised again bare": raise_library_error_bare,
    "raised again by name": raise_library_error_by_name,
    "KeyError": lambda: SHOWN["secret"],
    "RuntimeError": lambda: raise_on_purpose(RuntimeError("secret")),
    "RecursionError": lambda: raise_on_purpose(RecursionError("secret")),
    "no text": lambda: raise_on_purpose(Silent()),
    "OSError": lambda: raise_on_purpose(ConnectionResetError("secret")),
    "TimeoutError": lambda: raise_on_purpose(TimeoutError("secret")),
}
TOLD = {
    "ValidationError": lambda: ValidationError("Taken."),
    "ValidationError list": lambda: ValidationError(["Taken.", "Too long."]),
    "ValidationError dict": lambda: ValidationError({"title": ["Taken."], "count": "Too many."}),
    "ValidationError params": lambda: ValidationError("%(n)s taken.", params={"n": 2}),
    "ValidationError both": lambda: ValidationError({"title": "Taken.", "__all__": "Not now."}),
    "ActionError": lambda: ActionError("Sold out"),
    "ActionError whole": lambda: ActionError(
        gettext_lazy("Sold out"), code="sold_out", status=409, errors={"n": ["Only 2 left."]}
    ),
    "ActionError of fields": lambda: ActionError(errors={"n": "Only 2 left."}),
    "ActionError of no field": lambda: ActionError(errors={"__all__": ["Not now.", "Later."]}),
    "ActionError empty": ActionError,
    "ValueError empty": ValueError,
    "TitleError empty": TitleError,
    "PermissionDenied": lambda: exceptions.PermissionDenied("secret"),
    "Http404": lambda: Http404("secret"),
    "SuspiciousOperation": lambda: exceptions.SuspiciousOperation("secret"),
    "DisallowedHost": lambda: exceptions.DisallowedHost("secret"),
    "BadRequest": lambda: exceptions.BadRequest("secret"),
    "RequestDataTooBig": lambda: exceptions.RequestDataTooBig("secret"),
}


LEAVING = {each.__name__: each for each in (KeyboardInterrupt, SystemExit, GeneratorExit)}


@action
def fail(owner, how: str):
    return {**SHOWN, **MASKED}[how]()


@action
async def afail(owner, how: str):
    await asyncio.sleep(0)
    return {**SHOWN, **MASKED}[how]()


@action
def run_dry(owner):
    return next(iter(()))


@action
def tell(owner, how: str):
    raise TOLD[how]()


@action
async def atell(owner, how: str):
    raise TOLD[how]()


@action
def leave(owner, how: str):
    raise LEAVING[how]("out")


@action
async def aleave(owner, how: str):
    await asyncio.sleep(0)
    raise LEAVING[how]("out")


@action
def take(owner, title: str = "", file: UploadedFile | None = None):
    entered.append("take")


@action
def go(owner, url: str, external: bool = False):
    return Redirect(url, external=external)


@action
def go_in_a_reply(owner, url: str):
    return Reply(1, Toast("Saved"), Redirect(url))


@action
def go_in_a_list(owner, url: str):
    return [Toast("Saved"), Redirect(url)]


@action
def go_by_response(owner, url: str):
    response = HttpResponseRedirect("/")
    response["Location"] = url
    return response


@action
async def ago(owner, url: str):
    return Redirect(url)


urlpatterns = [
    path(
        "",
        include(
            pages_with(
                *(fail, afail, tell, atell, leave, aleave, take, run_dry),
                *(go, go_in_a_reply, go_in_a_list, go_by_response, ago),
            )
        ),
    )
]
