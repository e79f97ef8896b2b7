"""Values near what annotations ask for, and JSON and text near what clients send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..site.arguments_urls import TYPES
from ..site.fits import ANYTHING

ODD_TEXTS = (
    *("", " ", "null", "none", "on", "off", "true", "False", "1", "0", "-1", "+7", "007", "1_0"),
    *(
        "1e5",
        "1e400",
        "1e-9999",
        "-.5",
        "5.",
        "nan",
        "inf",
        "-Infinity",
        "0x10",
        "٣",
        "\uff11",
        "½",
    ),
    *("9" * 19, "9" * 40, "9" * 4_301, "1e9999", "-0", "--1", "1,5"),
    *("2024-01-02", "2024-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "2024-W01-1"),
    *("2024-01-02T03:04", "2024-01-02T03:04:05.123456Z", "0001-01-01T00:00", "9999-12-31T23:59"),
    *("0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2024-01-02T25:00", "2024-03-31T02:30"),
    *("2024-01-02T03:04+99:99", "10:30", "10:30:05.5", "24:00", "10:30Z", "P1D", "-PT5S", "P1Y"),
    *("1 02:30:00", "999999999999 00:00:00", "P" + "9" * 30 + "D", "5", "-5", "PT1e5S"),
    *("12345678123456781234567812345678", "{12345678-1234-5678-1234-567812345678}", "urn:uuid:1"),
    *("a", "b", "red", "RED", "s", "Small", "{}", "[]", '{"x":1}', "[1", "\ud800", "\udfff\ud800"),
    *("a\0b", "\0", "\u2028", "\r\n", "日本 😀", "\ufeff", "\ufffe", "e\u0301", "<b>&amp;\"'"),
    *("__proto__", "constructor", "self", "request", "__class__", "*", "%s%n", "../../etc/passwd"),
)

texts: SearchStrategy[str] = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=8),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=8),
)
NAMES = (
    *("value title count price when day tags agree colour point file key line how address".split()),
    *("files extra pk slug url when_0 photo meta _action _data _request_id self request".split()),
    *("csrfmiddlewaretoken owner kwargs __proto__ form view items title[]".split()),
    *("a b", "ü", "\0", ""),
)
names = st.sampled_from(NAMES)

ODD_NUMBERS = (2**63, -(2**63) - 1, 2**64, 10**40, 10**400, 1e308, 5e-324, -0.0, 1e16, 1.5)
ODD_VALUES: tuple[Any, ...] = (
    *ODD_TEXTS,
    *ODD_NUMBERS,
    *(None, True, False, 0, 1, -1, 5, 10),
    *([], [None], [[]], [[1]], [1, 1], [1, "2024-01-02"], ["1"], [True], [{}], ["a", 1.0]),
    *({}, {"x": 1}, {"x": 1, "y": None}, {"x": True}, {"x": 1, "z": 1}, {"1": "1"}, {"": {}}),
    *({"unitPrice": "1.0"}, {"name": "", "children": [{"name": 1}]}, {"type": "cat", "lives": 9}),
    *({"type": "dog", "born": "2024-01-02T03:04"}, {"type": "cow"}, {"street": "a", "since": ""}),
)
scalars = st.one_of(
    *(st.none(), st.booleans(), texts, st.integers(-3, 12), st.integers(), st.floats()),
    st.sampled_from(ODD_NUMBERS),
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts | names, inner, max_size=3),
    max_leaves=8,
)


def _fit(annotation: Any) -> SearchStrategy[Any]:
    """Return the strategy of values as JSON that are mostly of the type."""
    if annotation in ANYTHING:
        return json_values
    try:
        made = st.from_type(annotation)
        made.validate()
    except (TypeError, HypothesisException):
        return json_values
    return made.map(_as_json)


def _as_json(value: Any) -> Any:
    try:
        return msgspec.to_builtins(value, enc_hook=str)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


FITTING = {name: _fit(annotation) for name, annotation in TYPES.items()}


def near(name: str) -> SearchStrategy[Any]:
    """Return values as JSON that are of this type, of one like it, or of none."""
    fitting = FITTING[name]
    others = st.sampled_from(sorted(FITTING)).flatmap(FITTING.__getitem__)
    kinds = [*[fitting] * 4, others, json_values, texts, st.lists(fitting, max_size=3)]
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


def as_text(value: Any) -> str:
    """Return a value as a control of a form would send it."""
    return value if isinstance(value, str) else json.dumps(value)


@st.composite
def broken(draw: Callable[..., Any], whole: bytes) -> bytes:
    """Return bytes that are mostly whole, and else cut, doubled or overwritten somewhere."""
    if draw(st.integers(0, 7)) < 7:
        return whole
    start = draw(st.integers(0, len(whole)))
    length = draw(st.integers(0, 9))
    return whole[:start] + draw(junk) + whole[start + length :]


junk = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\r\n\r\n", b"NaN", b"-Infinity"),
            *(b"9" * 5_000, b"[" * 3_000, b'{"a":' * 3_000, b"%00", b"%ED%A0%80", b"=", b"--"),
        ]
    ),
)
