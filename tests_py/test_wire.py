from __future__ import annotations

import enum
import json
import math
import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import path
from django.views import View

from django_hyper import (
    HTML,
    ActionError,
    ActionMixin,
    Event,
    History,
    Redirect,
    Reply,
    Signals,
    Store,
    Toast,
    action,
    with_actions,
)

from .site.spy import entered as noted

WIRE = Path(__file__).parent.parent / "wire"


class Size(enum.Enum):
    SMALL = "small"


# What the expressions under "returned" may name.
NAMES = {
    "date": date,
    "datetime": datetime,
    "utc": timezone.utc,
    "nan": math.nan,
    **{
        each.__name__: each
        for each in (
            *(Decimal, UUID, Size, Event, History, HTML, Redirect, Reply, Signals, Store, Toast),
            HttpResponseRedirect,
        )
    },
}
returned: list[Any] = []


@action("answer")
def make_answer(request):
    return returned.pop()


@action
def add(request, title: str, quantity: int):
    noted.append("add")


@action("invalid")
def refuse(request):
    raise ActionError("Please pick another name.", errors={"name": ["Taken."]})


@action
def value_error(request):
    raise ValueError("Title is required")


@action
def server_error(request):
    return 1 / 0


@action
def not_found(request):
    raise Http404("No Todo matches the given query.")


@action
def permission_denied(request):
    raise PermissionDenied("Not yours.")


@action(login_required=True)
def login_required(request):
    noted.append("login_required")


@action(rate_limit="1/m")
def rate_limited(request):
    noted.append("rate_limited")


# The actions that are called, with the signatures that the files give them.


@action
def archive(request):
    noted.append({})


@action
def save(request, title: str, **rest: Any):
    noted.append({"title": title, **rest})


@action("save")
def save_counted(request, title: str, count: int):
    noted.append({"title": title, "count": count})


@action(methods=("GET",))
def search(request, q: str):
    noted.append({"q": q})


@action("search")
def search_page(request, q: str, page: int):
    noted.append({"q": q, "page": page})


@action
def rename(request, name: str):
    noted.append({"name": name})


@action
def add_to_cart(request, product_id: int):
    noted.append({"product_id": product_id})


CALLED: dict[str, Callable[..., Any]] = {
    "get": search,
    "headers": save,
    "json": save_counted,
    "no-data": archive,
    "query": search_page,
    "target": rename,
    "url": add_to_cart,
}


class Guarded(ActionMixin, View):
    """A page that sends its visitors elsewhere."""

    def dispatch(self, request, *args, **kwargs):
        return HttpResponseRedirect("/verify/")

    @action
    def save(self):
        noted.append("save")


ERRORS = (
    *(add, refuse, value_error, server_error, not_found, permission_denied),
    *(login_required, rate_limited),
)


def page_with(*actions):
    @with_actions(*actions)
    def page(request):
        return HttpResponse("page")

    return page


urlpatterns = [
    path("answers/", page_with(make_answer)),
    path("errors/", page_with(*ERRORS)),
    path("guarded/", Guarded.as_view()),
    *(
        path(f"calls/{stem}{page}", page_with(function))
        for stem, function in CALLED.items()
        for page in ("/todos/", "/orders/", "/search/", "/members/", "/shop/")
    ),
]

pytestmark = pytest.mark.urls(__name__)


def messages(folder):
    """Return one parameter set for each file of a folder, called by its stem."""
    files = sorted((WIRE / folder).glob("*.json"))
    return [pytest.param(file, id=file.stem) for file in files]


def pattern_of(text):
    """Return a pattern in which each ``<word>`` stands for text that differs each time."""
    return re.sub(r"<[a-z0-9]+( [a-z]+)?>", '[^"]+', re.escape(text).replace("\\ ", " "))


def assert_written(response, message):
    assert response.status_code == message["status"]
    assert re.fullmatch(pattern_of(message["body"]), response.content.decode())
    for name, value in message["headers"].items():
        if name == "Vary":
            assert {*value.split(", ")} <= {*re.split(r",\s*", response[name])}
        else:
            assert re.fullmatch(pattern_of(value), response[name])


def call(name, path="/errors/", body="{}", *, client=None, **headers):
    client = client or Client(raise_request_exception=False)
    return client.post(
        path,
        body,
        content_type="application/json",
        headers={"X-Hyper-Action": name, **headers},
    )


def call_twice(name):
    client = Client()
    call(name, client=client)
    return call(name, client=client)


# The failing call of each file in wire/errors/.
FAILURES: dict[str, Callable[[], Any]] = {
    "bad_request": lambda: call("add", body="title=a"),
    "csrf_failed": lambda: call("add", client=Client(enforce_csrf_checks=True)),
    "invalid": lambda: call("invalid"),
    "invalid_params": lambda: call("add", body='{"quantity": "two"}'),
    "login_required": lambda: call("login_required", referer="http://testserver/members/"),
    "method_not_allowed": lambda: Client().get("/errors/", headers={"X-Hyper-Action": "add"}),
    "not_found": lambda: call("not_found"),
    "permission_denied": lambda: call("permission_denied"),
    "rate_limited": lambda: call_twice("rate_limited"),
    "redirected": lambda: call("save", "/guarded/"),
    "server_error": lambda: call("server_error"),
    "too_large": lambda: call("add", body='{"title": "%s"}' % ("a" * 1_000)),
    "unknown_action": lambda: call("ad"),
    "value_error": lambda: call("value_error"),
}


@pytest.mark.parametrize("file", messages("answers"))
def test_the_server_writes_the_answer(file):
    message = json.loads(file.read_text("utf-8"))
    returned.append(eval(message["returned"], {"__builtins__": {}, **NAMES}))  # ours

    response = call("answer", "/answers/")

    assert_written(response, message)
    body = json.loads(message["body"])
    assert (body.get("items", []), body["result"]) == (
        message["items"],
        message["outcome"]["result"],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("file", messages("errors"))
def test_the_server_writes_the_failure(settings, entered, file):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    message = json.loads(file.read_text("utf-8"))

    response = FAILURES[file.stem]()

    assert_written(response, message)
    assert entered == (["rate_limited"] if file.stem == "rate_limited" else [])
    body, outcome = json.loads(message["body"]), message["outcome"]
    assert (body["error"], body["code"], body.get("errors", {}), message["status"]) == (
        *(outcome["error"], outcome["code"], outcome["errors"], outcome["status"]),
    )


# D12
@pytest.mark.parametrize("file", messages("calls"))
def test_the_server_understands_the_call(client, entered, file):
    message = json.loads(file.read_text("utf-8"))
    sent, headers = message["request"], dict(message["request"]["headers"])

    response = client.generic(
        sent["method"],
        f"/calls/{file.stem}{sent['url']}",
        sent["body"] or "",
        content_type=headers.pop("Content-Type", ""),
        headers=headers,
    )

    info = CALLED[file.stem].__hyper_action__.info
    annotations = {each.name: each.annotation for each in info.parameters if each.required}
    assert (info.name, annotations) == (message["call"][0], message["signature"])
    assert (response.status_code, entered) == (200, [message["arguments"]])
    details = response.wsgi_request.hyper
    assert (details.action, details.caller, details.target) == (
        message["call"][0],
        "alpine",
        headers.get("X-Hyper-Target"),
    )


@pytest.mark.parametrize(("folder", "stems"), [("errors", set(FAILURES)), ("calls", set(CALLED))])
def test_each_message_has_a_call_and_each_call_a_message(folder, stems):
    assert {file.stem for file in (WIRE / folder).glob("*.json")} == stems


@pytest.mark.parametrize("file", [*messages("answers"), *messages("errors")])
def test_the_outcome_of_an_answer_fits_its_status(file):
    message = json.loads(file.read_text("utf-8"))
    outcome = message["outcome"]

    assert (outcome["ok"], outcome["status"], outcome["blocked"], outcome["aborted"]) == (
        message["status"] < 400,
        message["status"],
        False,
        False,
    )


@pytest.mark.parametrize("file", messages("calls"))
def test_a_call_stays_on_the_site_of_the_page(file):
    message = json.loads(file.read_text("utf-8"))

    assert urlsplit(message["request"]["url"])[:2] == urlsplit(message["page"])[:2] == ("", "")
