from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import models

from django_hyper import action, actions

from .site.arguments_urls import (
    TYPES,
    Cat,
    Colour,
    Dog,
    Letter,
    Line,
    Node,
    Point,
    Priority,
    Size,
)
from .site.models import Todo

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TAKE = {"X-Hyper-Action": "take"}
FORM = "application/x-www-form-urlencoded"
BERLIN = ZoneInfo("Europe/Berlin")
ID = UUID("12345678-1234-5678-1234-567812345678")


def in_json(client, path, value):
    return client.post(path, {"value": value}, content_type="application/json", headers=TAKE)


def in_header(client, path, value):
    return client.get(path, headers={**TAKE, "X-Hyper-Data": json.dumps({"value": value})})


def in_query(client, path, value):
    return client.post(f"{path}?{urlencode({'value': value}, doseq=True)}", headers=TAKE)


def in_form(client, path, value):
    body = urlencode({"value": value}, doseq=True)
    return client.post(path, body, content_type=FORM, headers=TAKE)


def in_multipart(client, path, value):
    return client.post(path, {"value": value}, headers=TAKE)


def in_put(client, path, value):
    body = urlencode({"value": value}, doseq=True)
    return client.put(path, body, content_type=FORM, headers=TAKE)


AS_JSON = [in_json, in_header]
AS_TEXT = [in_query, in_form, in_multipart, in_put]


def outcome(response, entered):
    """Return the value that the action noted, with its type, or the fault of `value`."""
    if response.status_code == 200:
        return [(type(value), value) for value in entered]
    assert (response.status_code, response.json()["code"], entered) == (400, "invalid_params", [])
    return response.json()["errors"]


def cases(rows):
    """Return one parameter set for each row, called by type and value."""
    return [
        pytest.param(kind, sent, expected, id=f"{kind} {str(sent)[:40]} #{number}")
        for number, (kind, sent, expected) in enumerate(rows)
    ]


def many(*values: Any) -> tuple[Any, ...]:
    """Return values of any types."""
    return values


def beyond(relation, limit):
    return f"Ensure this value is {relation} {limit}."


def no_choice(value):
    return f"Select a valid choice. {value} is not one of the available choices."


INVALID = "Enter a valid value."
NO_INTEGER = "Enter a whole number."
NO_NUMBER = "Enter a number."
NO_DATE = "Enter a valid date."
NO_DATETIME = "Enter a valid date/time."
NO_LIST = "Enter a list of values."
REQUIRED = "This field is required."

# What a control of HTML writes; it means the same in JSON.
TEXTS = [
    ("unannotated", "Milk", "Milk"),
    ("any", "3", "3"),
    ("str", "Milk", "Milk"),
    ("str", "null", "null"),
    ("str", "", ""),
    ("str", "日本 😀", "日本 😀"),
    ("int", "-3", -3),
    ("float", "1.5", 1.5),
    ("bool", "on", True),
    ("bool", "no", False),
    ("decimal", "9.90", Decimal("9.90")),
    ("uuid", str(ID), ID),
    ("date", "2024-01-02", date(2024, 1, 2)),
    ("datetime", "2024-01-02T03:04", datetime(2024, 1, 2, 3, 4, tzinfo=BERLIN)),
    ("time", "10:30", time(10, 30)),
    ("timedelta", "PT90S", timedelta(seconds=90)),
    ("colour", "1", Colour.RED),
    ("letter", "a", Letter.A),
    ("letter", "", Letter.NONE),
    ("size", "s", Size.SMALL),
    ("priority", "2", Priority.HIGH),
    ("literal", "b", "b"),
    ("numbers", "2", 2),
    ("literal-or-none", "a", "a"),
    ("list", "Milk", ["Milk"]),
    ("ints", "3", [3]),
    ("strs", "a", ["a"]),
    ("dates", "2024-01-02", [date(2024, 1, 2)]),
    ("sizes", "l", [Size.LARGE]),
    ("colours", "2", [Colour.BLUE]),
    ("set", "3", {3}),
    ("frozenset", "a", frozenset("a")),
    ("many", "3", (3,)),
    ("documented", "3", 3),
    ("new-type", "3", 3),
    ("gaps", "3", [3]),
    ("optional", "3", 3),
    ("optional", "", None),
    ("optional-bool", "off", False),
    ("optional-bool", "", None),
    ("optional-str", "", ""),
    ("optional-str", "a", "a"),
    ("optional-ints", "3", [3]),
    ("optional-ints", "", None),
    ("optional-size", "s", Size.SMALL),
    ("optional-size", "", None),
    ("int-or-str", "3", "3"),
    ("int-or-float", "3", 3),
    ("int-or-float", "3.5", 3.5),
    ("ge", "1", 1),
    ("gt", "1.5", 1.5),
    ("le", "9", 9),
    ("lt", "8.5", 8.5),
    ("optional-ge", "1", 1),
    ("optional-ge", "", None),
    ("multiple", "10", 10),
    ("length", "Milk", "Milk"),
    ("pattern", "milk", "milk"),
    ("positives", "1", [1]),
]

BAD_TEXTS = [
    ("str", "a\0b", "Null characters are not allowed."),
    ("int-or-str", "a\0b", "Null characters are not allowed."),
    ("int", "two", NO_INTEGER),
    ("int", "3.0", NO_INTEGER),
    ("int", "null", NO_INTEGER),
    ("int", "9" * 4_301, NO_INTEGER),
    ("float", "nan", NO_NUMBER),
    ("float", "1e999", NO_NUMBER),
    ("bool", "maybe", INVALID),
    ("decimal", "Infinity", NO_NUMBER),
    ("uuid", "x", "Enter a valid UUID."),
    ("date", "2024-02-30", NO_DATE),
    ("datetime", "soon", NO_DATETIME),
    ("time", "25:00", "Enter a valid time."),
    ("timedelta", "soon", "Enter a valid duration."),
    ("colour", "3", no_choice("3")),
    ("colour", "RED", no_choice("RED")),
    ("letter", "z", no_choice("z")),
    ("size", "xl", no_choice("xl")),
    ("priority", "3", no_choice("3")),
    ("literal", "c", no_choice("c")),
    ("numbers", "3", no_choice("3")),
    ("literal-or-none", "None", no_choice("None")),
    ("ints", "two", NO_INTEGER),
    ("dates", "2024-02-30", NO_DATE),
    ("sizes", "xl", INVALID),
    ("lists", "3", NO_LIST),
    ("pair", "3", NO_LIST),
    ("dict", "a", INVALID),
    ("optional", "two", NO_INTEGER),
    ("optional-bool", "maybe", INVALID),
    ("optional-size", "xl", no_choice("xl")),
    ("int-or-float", "two", INVALID),
    ("point", "1,2", INVALID),
    ("optional-point", "{}", INVALID),
    ("points", "1", INVALID),
    ("address", "{}", INVALID),
    ("line", "{}", INVALID),
    ("pet", "cat", INVALID),
    ("ge", "0", beyond("greater than or equal to", 1)),
    ("gt", "1.0", beyond("greater than", 1)),
    ("le", "10", beyond("less than or equal to", 9)),
    ("lt", "9.0", beyond("less than", 9)),
    ("optional-ge", "0", beyond("greater than or equal to", 1)),
    ("multiple", "3", INVALID),
    ("length", "M", "Ensure this value has at least 2 characters (it has 1)."),
    ("length", "Bread", "Ensure this value has at most 4 characters (it has 5)."),
    ("letters", "", "Ensure this value has at least 1 character (it has 0)."),
    ("pattern", "Milk", INVALID),
    ("positives", "0", INVALID),
    ("file", "photo.png", INVALID),
    ("files", "photo.png", INVALID),
    ("optional-file", "photo.png", INVALID),
]

JSON_VALUES = [
    ("unannotated", {"a": [1, None]}, {"a": [1, None]}),
    ("any", None, None),
    ("int", 3, 3),
    ("float", 3, 3.0),
    ("float", 1.5, 1.5),
    ("bool", True, True),
    ("decimal", 9.9, Decimal("9.9")),
    ("decimal", 7, Decimal(7)),
    ("datetime", "2024-01-02T02:04:00Z", datetime(2024, 1, 2, 2, 4, tzinfo=timezone.utc)),
    ("timedelta", 90, timedelta(seconds=90)),
    ("colour", 2, Colour.BLUE),
    ("priority", 1, Priority.LOW),
    ("numbers", 1, 1),
    ("literal-or-none", None, None),
    ("list", [1, "a"], [1, "a"]),
    ("ints", [1, "2"], [1, 2]),
    ("ints", 3, [3]),
    ("ints", [], []),
    ("dates", ["2024-01-02"], [date(2024, 1, 2)]),
    ("sizes", ["s", "l"], [Size.SMALL, Size.LARGE]),
    ("colours", [1, "2"], [Colour.RED, Colour.BLUE]),
    ("lists", [[1], ["2", 3]], [[1], [2, 3]]),
    ("set", [3, "3", 4], {3, 4}),
    ("many", [1, "2"], (1, 2)),
    ("pair", ["1", "2024-01-02"], (1, date(2024, 1, 2))),
    ("dict", {"a": 1, "b": "2"}, {"a": 1, "b": 2}),
    ("keys", {"1": "9.90"}, {1: Decimal("9.90")}),
    ("gaps", [1, None, "2"], [1, None, 2]),
    ("optional", None, None),
    ("optional", 3, 3),
    ("optional-str", None, None),
    ("optional-ints", None, None),
    ("optional-ints", [1], [1]),
    ("optional-point", None, None),
    ("optional-point", {"x": 1}, Point(1)),
    ("int-or-str", 3, 3),
    ("int-or-float", 3.5, 3.5),
    ("int-or-ints", 3, [3]),
    ("int-or-ints", [1, 2], [1, 2]),
    ("point", {"x": "1", "y": 2}, Point(1, 2)),
    ("points", [{"x": 1}, {"x": "2"}], [Point(1), Point(2)]),
    ("points", {"x": 1}, [Point(1)]),
    ("address", {}, {}),
    ("address", {"street": "A", "since": "2024-01-02"}, {"street": "A", "since": date(2024, 1, 2)}),
    ("line", {"unitPrice": "9.90", "quantity": "3"}, Line(Decimal("9.90"), 3)),
    ("tree", {"name": "a", "children": [{"name": "b"}]}, Node("a", [Node("b")])),
    ("pet", {"type": "cat", "lives": 9}, Cat(9)),
    ("pet", {"type": "cat", "lives": "9"}, Cat(9)),
    (
        "pet",
        {"type": "dog", "born": "2024-01-02T03:04"},
        Dog(datetime(2024, 1, 2, 3, 4, tzinfo=BERLIN)),
    ),
    ("two", [1, 2], [1, 2]),
    ("optional-file", None, None),
    ("optional-files", None, None),
]

BAD_JSON_VALUES = [
    *(("str", sent, INVALID) for sent in many(3, 1.5, True, [{}], {})),
    *(("int", sent, NO_INTEGER) for sent in many(True, 3.0, [3], {})),
    *(("float", sent, NO_NUMBER) for sent in many(True, [], 10**400)),
    *(("bool", sent, INVALID) for sent in many(1, 0, [True])),
    ("decimal", True, NO_NUMBER),
    ("uuid", 3, "Enter a valid UUID."),
    ("date", 20240102, NO_DATE),
    ("datetime", 0, NO_DATETIME),
    ("time", 10, "Enter a valid time."),
    ("timedelta", True, "Enter a valid duration."),
    ("colour", True, no_choice("True")),
    ("colour", [1], no_choice("[1]")),
    ("size", 1, no_choice("1")),
    ("literal", 1, no_choice("1")),
    ("ints", [1, "two"], NO_INTEGER),
    ("ints", {"a": 1}, NO_INTEGER),
    ("lists", [1], NO_LIST),
    ("pair", [1], NO_LIST),
    ("pair", {"a": 1}, NO_LIST),
    ("pair", [1, "2024-02-30"], NO_DATE),
    ("dict", {"a": "two"}, NO_INTEGER),
    ("dict", [], INVALID),
    ("keys", {"a": 1}, NO_INTEGER),
    ("optional", "two", NO_INTEGER),
    ("int-or-str", [], INVALID),
    ("int-or-str", None, REQUIRED),
    ("point", {}, INVALID),
    ("point", {"x": "two"}, NO_INTEGER),
    ("point", [1, 2], INVALID),
    ("points", [{"x": 1}, {}], INVALID),
    ("address", {"since": "2024-02-30"}, NO_DATE),
    ("line", {"unitPrice": "much"}, NO_NUMBER),
    ("line", {"unit_price": "9.90"}, INVALID),
    ("tree", {"name": "a", "children": [{"name": 1}]}, INVALID),
    ("pet", {"type": "cow"}, INVALID),
    ("pet", {"type": "cat", "lives": "many"}, NO_INTEGER),
    ("two", [1], INVALID),
    ("literal", None, REQUIRED),
    ("file", {"name": "a"}, INVALID),
    ("file", None, REQUIRED),
]


# S21
@pytest.mark.parametrize("send", [*AS_JSON, *AS_TEXT])
@pytest.mark.parametrize(("kind", "sent", "expected"), cases(TEXTS))
def test_text_is_read_as_html_writes_it(client, entered, send, kind, sent, expected):
    response = send(client, f"/arguments/{kind}/", sent)

    assert outcome(response, entered) == [(type(expected), expected)]


# S21
@pytest.mark.parametrize("send", [*AS_JSON, *AS_TEXT])
@pytest.mark.parametrize(("kind", "sent", "text"), cases(BAD_TEXTS))
def test_bad_text_is_refused(client, entered, send, kind, sent, text):
    response = send(client, f"/arguments/{kind}/", sent)

    assert outcome(response, entered) == {"value": [text]}


# S21
@pytest.mark.parametrize("send", AS_JSON)
@pytest.mark.parametrize(("kind", "sent", "expected"), cases(JSON_VALUES))
def test_a_json_value_is_converted(client, entered, send, kind, sent, expected):
    response = send(client, f"/arguments/{kind}/", sent)

    assert outcome(response, entered) == [(type(expected), expected)]


# S21
@pytest.mark.parametrize("send", AS_JSON)
@pytest.mark.parametrize(("kind", "sent", "text"), cases(BAD_JSON_VALUES))
def test_a_bad_json_value_is_refused(client, entered, send, kind, sent, text):
    response = send(client, f"/arguments/{kind}/", sent)

    assert outcome(response, entered) == {"value": [text]}


# S21
@pytest.mark.parametrize("kind", TYPES)
def test_null_is_a_missing_value_where_none_is_accepted(client, entered, kind):
    response = in_json(client, f"/arguments/{kind}/", None)

    accepts_none = kind.startswith("optional") or kind in ("any", "unannotated", "literal-or-none")
    assert outcome(response, entered) == (
        [(type(None), None)] if accepts_none else {"value": [REQUIRED]}
    )


# S21
@pytest.mark.parametrize("kind", ["size", "priority", "optional-size", "sizes"])
@pytest.mark.parametrize("sent", ["s", "1"])
def test_choices_of_django_arrive_as_members(client, entered, kind, sent):
    response = in_json(client, f"/arguments/{kind}/", sent)

    member = {"s": Size.SMALL, "1": Priority.LOW}[sent]
    fits = isinstance(member, Priority) is (kind == "priority")
    expected = [member] if kind == "sizes" else member
    assert (response.status_code, entered) == ((200, [expected]) if fits else (400, []))


# S21, D14
@pytest.mark.parametrize("send", AS_TEXT)
@pytest.mark.parametrize(
    ("kind", "sent", "expected"),
    [
        ("ints", ["1", "2"], [1, 2]),
        ("strs", ["a", ""], ["a", ""]),
        ("set", ["1", "2", "1"], {1, 2}),
        ("many", ["1", "2"], (1, 2)),
        ("pair", ["1", "2024-01-02"], (1, date(2024, 1, 2))),
        ("optional-ints", ["1", "2"], [1, 2]),
        ("int-or-ints", ["1", "2"], [1, 2]),
        ("int", ["1", "2"], 2),
        ("str", ["a", "b"], "b"),
        ("unannotated", ["a", "b"], "b"),
    ],
)
def test_a_list_takes_all_values_of_a_name_and_others_the_last(
    client, entered, send, kind, sent, expected
):
    response = send(client, f"/arguments/{kind}/", sent)

    assert outcome(response, entered) == [(type(expected), expected)]


# S21
@pytest.mark.parametrize(
    ("kind", "sent", "text"),
    [
        ("int", "two", "Bitte eine ganze Zahl eingeben."),
        ("ge", "0", "Dieser Wert muss größer oder gleich 1 sein."),
        ("length", "M", "mindestens 2 Zeichen"),
        ("size", "xl", "xl ist keine gültige Auswahl."),
        ("date", "2024-02-30", "Bitte ein gültiges Datum eingeben."),
        ("lists", "1", "Bitte eine Liste mit Werten eingeben."),
        ("literal", None, "Dieses Feld ist zwingend erforderlich."),
    ],
)
def test_faults_are_told_in_djangos_words_in_the_language_of_the_visitor(client, kind, sent, text):
    response = client.post(
        f"/arguments/{kind}/",
        {"value": sent},
        content_type="application/json",
        headers={**TAKE, "Accept-Language": "de"},
    )

    assert text in response.json()["errors"]["value"][0]


@dataclass
class WithModel:
    todo: Todo


@dataclass
class WithUser:
    user: User


class Custom:
    pass


@pytest.fixture
def _forget_declared(monkeypatch):
    """Keep what a test declares from the system checks of others."""
    monkeypatch.setattr(actions, "declared", list(actions.declared))


# S21
@pytest.mark.usefixtures("_forget_declared")
@pytest.mark.parametrize(
    ("annotation", "named"),
    [
        pytest.param(Todo, "Todo", id="a model"),
        pytest.param(list[Todo], "Todo", id="a list of models"),
        pytest.param(Todo | None, "Todo", id="an optional model"),
        pytest.param(dict[str, Todo], "Todo", id="a mapping of models"),
        pytest.param(WithModel, "Todo", id="a dataclass with a model"),
        pytest.param(WithUser, "User", id="a dataclass with a name that is not imported"),
        pytest.param(models.QuerySet, "QuerySet", id="a queryset"),
        pytest.param(Custom, "Custom", id="a class"),
        pytest.param(object, "object", id="object"),
        pytest.param(date | datetime, "date", id="a union that nothing tells apart"),
        pytest.param("User", "User", id="a type that only type checkers import"),
        pytest.param("models.Nowhere", "Nowhere", id="a type that a module lacks"),
        pytest.param(3, "3", id="a value"),
    ],
)
def test_an_annotation_that_no_request_can_fill_is_named_with_its_parameter(annotation, named):
    def assign(request, count: int, owner: Any = None):
        """Do nothing."""

    assign.__annotations__["owner"] = annotation

    with pytest.raises(TypeError) as caught:
        assert action(assign).__hyper_action__.bind

    assert "assign() cannot take `owner: " in str(caught.value)
    assert named in str(caught.value)
