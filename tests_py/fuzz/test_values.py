"""Any value for any annotation: it is made to fit, or refused with a word for the visitor."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from django_hyper.answers import json as answers
from django_hyper.errors import CallRefused
from django_hyper.failures import describe
from django_hyper.registry import action_of
from django_hyper.requests import RawArguments, Source

from ..site.arguments_urls import TYPES
from ..site.fits import fits
from ..site.fuzz_urls import taking
from .requests import query_of
from .values import ODD_VALUES, near

BINDERS = {name: action_of(taking(name, annotation)[1]).bind for name, annotation in TYPES.items()}

REFUSED = [("invalid_params", ["value"]), ("bad_request", [])]

KINDS = [name for name in TYPES if "file" not in name]
values = st.sampled_from(KINDS).flatmap(lambda name: st.tuples(st.just(name), near(name)))


def check(name: str, source: Source, *, is_form: bool) -> None:
    """Bind a source to the parameter of this type."""
    objects = [source] if type(source) is dict else []
    raw = RawArguments({}, [source], objects, is_form, [])
    try:
        arguments: dict[str, Any] = BINDERS[name](raw)
    except CallRefused as refused:
        failure = describe(refused)
    else:
        assert fits(TYPES[name], arguments["value"])
        answers.encode(arguments)
        return
    assert (failure.code, list(failure.errors)) in REFUSED
    assert all(failure.errors.get("value", ["?"]))


def check_json(name: str, value: Any) -> None:
    try:
        source = msgspec.json.decode(json.dumps({"value": value}))
    except ValueError:  # no JSON, which is refused before
        return
    check(name, source, is_form=False)


def check_text(name: str, value: Any, *, is_form: bool) -> None:
    all_of_it = value if isinstance(value, list) else [value]
    fields = QueryDict(query_of([("value", each) for each in all_of_it]))
    check(name, fields, is_form=is_form)


@given(values)
def test_json_is_made_to_fit_or_refused(pair):  # S21
    check_json(*pair)


@given(values, st.booleans())
def test_text_is_made_to_fit_or_refused(pair, is_form):  # S21
    check_text(*pair, is_form=is_form)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_odd_is_made_to_fit_or_refused(name):  # S21
    for value in ODD_VALUES:
        check_json(name, value)
        check_text(name, value, is_form=True)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [(int, True), (str, "\ud800"), (list[int], ["1"]), (dict[str, int], {"a": 1.0}), (float, 1)],
)
def test_what_these_tests_look_with_sees_a_misfit(annotation, value):
    assert not fits(annotation, value)
