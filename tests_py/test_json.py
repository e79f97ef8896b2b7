from __future__ import annotations

import enum
import json
import uuid
from collections import OrderedDict, deque, namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.db import models
from django.http import BadHeaderError, HttpResponse, QueryDict
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from django_hyper import Event, Signals, Store, Toast
from django_hyper.answers import json as answers
from django_hyper.failures import Failure

from .site.models import Todo


class Level(enum.Enum):
    LOW = 1
    HIGH = "high"


class Size(models.TextChoices):
    SMALL = "s", "Small"


class Priority(models.IntegerChoices):
    LOW = 1, "Low"


@dataclass
class Point:
    x: int
    y: Decimal


class Line(msgspec.Struct, rename="camel"):
    unit_price: Decimal


class Words(list):
    """A list of one's own."""


class Frozen(Mapping):
    """A mapping of one's own."""

    def __getitem__(self, key):
        return {"a": 1}[key]

    def __iter__(self):
        return iter("a")

    def __len__(self):
        return 1


Pair = namedtuple("Pair", "a b")

HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "X-Hyper-Action, HX-Request",
}
JSON_TYPE = {"Content-Type": "application/json"}
ID = uuid.UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (10**30, "1" + "0" * 30),
        (1.5, "1.5"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        ([float("-inf")], "[null]"),
        ("日本 😀", '"日本 😀"'),
        ("</script>\u2028", '"</script>\u2028"'),
        (date(2024, 1, 2), '"2024-01-02"'),
        (datetime(2024, 1, 2, 3, 4), '"2024-01-02T03:04:00"'),
        (datetime(2024, 1, 2, 3, 4, tzinfo=timezone.utc), '"2024-01-02T03:04:00Z"'),
        (
            datetime(2024, 1, 2, 3, 4, tzinfo=ZoneInfo("Europe/Berlin")),
            '"2024-01-02T03:04:00+01:00"',
        ),
        (time(10, 30), '"10:30:00"'),
        (timedelta(days=1, seconds=5), '"P1DT5S"'),
        (Decimal("9.90"), '"9.90"'),
        (ID, f'"{ID}"'),
        (Level.LOW, "1"),
        (Level.HIGH, '"high"'),
        (Size.SMALL, '"s"'),
        (Priority.LOW, "1"),
        (Point(1, Decimal("2.0")), '{"x":1,"y":"2.0"}'),
        (Line(Decimal(3)), '{"unitPrice":"3"}'),
        (mark_safe("<b>"), '"<b>"'),
        (_("Email"), '"Email"'),
        ([_("Email"), mark_safe("b")], '["Email","b"]'),
        ((1, "a"), '[1,"a"]'),
        ({3}, "[3]"),
        (frozenset([3]), "[3]"),
        (Words([1]), "[1]"),
        (Pair(1, 2), "[1,2]"),
        ({}, "{}"),
        ([], "[]"),
        ({"a": {"b": [date(2024, 1, 2)]}}, '{"a":{"b":["2024-01-02"]}}'),
        (OrderedDict(a=1), '{"a":1}'),
        (MappingProxyType({"a": 1}), '{"a":1}'),
        (Frozen(), '{"a":1}'),
        ({mark_safe("a"): 1, 2: 2, Size.SMALL: 3, ID: 4}, f'{{"a":1,"2":2,"s":3,"{ID}":4}}'),
        (QueryDict("a=1&a=2"), '{"a":["1","2"]}'),
        (Toast("a"), '{"message":"a","level":"success","tags":""}'),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_what_json_has_a_form_for(result, text):
    response = answers.answer(result, ())

    assert response.content.decode() == f'{{"result":{text}}}'
    assert {**response.headers} == HEADERS
    assert json.loads(response.content) == {"result": json.loads(text)}


def test_lazy_text_is_translated_when_it_is_sent():
    with translation.override("de"):
        response = answers.answer(_("Email"), [Toast(_("Enter a whole number."))])

    body = json.loads(response.content)
    assert body["items"][0]["data"]["message"] == "Bitte eine ganze Zahl eingeben."


def test_items_stand_beside_the_result():
    response = answers.answer(1, [Toast(mark_safe("a")), Event("b", {ID}), Signals(c=ID), Store()])

    assert json.loads(response.content) == {
        "result": 1,
        "items": [
            {"event": "toast", "data": {"message": "a", "level": "success", "tags": ""}},
            {"event": "dispatch_event", "data": {"name": "b", "detail": [str(ID)], "target": None}},
            {"event": "patch_signals", "data": {"signals": {"c": str(ID)}, "store": {}}},
            {"event": "patch_signals", "data": {"signals": {}, "store": {}}},
        ],
    }


def unfinished():
    yield 1


async def asynchronous():
    yield 1


# SPEC 2.4
@pytest.mark.parametrize(
    ("value", "named"),
    [
        (Todo(title="a"), "Todo"),
        (Todo.objects.none(), "QuerySet"),
        (Todo, "ModelBase"),
        (object(), "object"),
        (1 + 2j, "complex"),
        (unfinished(), "generator"),
        (asynchronous(), "async_generator"),
        (deque([1]), "deque"),
        (ValueError("a"), "ValueError"),
        (print, "builtin_function_or_method"),
        (Signals(a=1), "Signals"),
        ({(1, 2): 3}, "tuple"),
        ({None: 3, Todo: 1}, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: {"a": [value]}])
def test_what_has_no_form_is_named(value, named, wrap):
    with pytest.raises(TypeError) as caught:
        answers.answer(wrap(value), ())

    assert str(caught.value).startswith(f"the action returned a value of type {named}")
    assert "Return its fields, e.g. {'id': todo.id}" in str(caught.value)


def test_what_an_item_carries_has_a_form_too():
    with pytest.raises(TypeError, match="a value of type Todo"):
        answers.answer(None, [Event("a", Todo(title="a"))])


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    ("failure", "body"),
    [
        (Failure(422, "invalid", "No."), {"error": "No.", "code": "invalid"}),
        (
            Failure(
                *(429, "rate_limited", "Wait.", {"a": ["b", "c"]}, "Why.", {"login_url": "/in/"}),
                headers={"Retry-After": "5", "Vary": "Cookie"},
            ),
            {
                "error": "Wait.",
                "code": "rate_limited",
                "errors": {"a": ["b", "c"]},
                "login_url": "/in/",
            },
        ),
    ],
)
def test_a_failure_carries_its_detail_with_debug_alone(settings, debug, failure, body):
    settings.DEBUG = debug

    response = answers.answer_failure(failure)

    detail = {"detail": failure.detail} if debug and failure.detail else {}
    assert (response.status_code, json.loads(response.content)) == (
        failure.status,
        {**body, **detail},
    )
    assert {**response.headers} == {**HEADERS, **failure.headers}


def test_answers_share_nothing_that_can_change():
    one, other = vars(answers.JsonAnswer({})), vars(answers.JsonAnswer({}))

    shared = {name for name in one if one[name] is other[name]}
    fixed = (type(None), str, int, bytes, type)
    assert {name for name in shared if not isinstance(one[name], fixed)} == set()
    assert one.keys() == {*vars(HttpResponse()), "status_code"}


def test_an_answer_is_an_ordinary_response():
    response = answers.JsonAnswer({"a": 1}, 418)

    assert (response.status_code, response.reason_phrase) == (418, "I'm a Teapot")
    assert response.content == b'{"a":1}'
    assert dict(response.headers) == {**answers.HEADERS, "Content-Type": "application/json"}


def test_its_headers_answer_as_django_s_own_do():
    ours, own = answers.JsonAnswer({}), HttpResponse(headers={**answers.HEADERS, **JSON_TYPE})
    for response in (ours, own):
        response.headers["X-One"] = "1"
        response.headers.setdefault("x-one", "2")
        response.setdefault("X-Two", "3")
        del response["x-TWO"], response["Vary"]

    assert list(ours.items()) == list(own.items())
    assert (dict(ours.headers), len(ours.headers)) == (dict(own.headers), len(own.headers))
    assert ours.headers == own.headers
    for name in ("x-one", "X-Two", "vary", "content-TYPE"):
        assert (ours.get(name), name in ours.headers) == (own.get(name), name in own.headers)
        assert ours.headers.get(name, "none") == own.headers.get(name, "none")
    with pytest.raises(BadHeaderError):
        ours["X-One"] = "1\r\nX-Three: 3"
