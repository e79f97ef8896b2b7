"""Read text as HTML's form controls write it.

https://html.spec.whatwg.org/multipage/common-microsyntaxes.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils import dateparse, timezone
from django.utils.translation import gettext_lazy as in_djangos_words

from .errors import Text

Parsed = TypeVar("Parsed")

Reader = Callable[[Any], Any]

max_digits = 4_300  # CPython's own limit for int(); more takes quadratic time

TRUE = frozenset({"on", "true", "1", "yes"})
FALSE = frozenset({"off", "false", "0", "no"})

INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)

# The texts of Django's form fields, translated by Django's own catalogues. Taking them
# from django.forms would import all of it at start-up.
INVALID = in_djangos_words("Enter a valid value.")
REQUIRED = in_djangos_words("This field is required.")
NO_LIST = in_djangos_words("Enter a list of values.")
NO_INTEGER = in_djangos_words("Enter a whole number.")
NO_NUMBER = in_djangos_words("Enter a number.")
NO_UUID = in_djangos_words("Enter a valid UUID.")
NO_DATE = in_djangos_words("Enter a valid date.")
NO_DATETIME = in_djangos_words("Enter a valid date/time.")
NO_TIME = in_djangos_words("Enter a valid time.")
NO_DURATION = in_djangos_words("Enter a valid duration.")
NULL_CHARACTERS = in_djangos_words("Null characters are not allowed.")


class Unreadable(Exception):
    """A value is not what its annotation asks for.

    Args:
        text: Why, in Django's words where it has any.
        detail: What msgspec says of it, for the developer.
    """

    def __init__(self, text: Text, detail: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.detail = detail


def read_str(value: Any) -> str:
    """Return text as it is; a JSON number is no text."""
    if type(value) is not str:
        raise Unreadable(INVALID)
    if "\0" in value:  # PostgreSQL cannot store it, and Django's forms refuse it
        raise Unreadable(NULL_CHARACTERS)
    return value


def read_int(value: Any) -> int:
    """Return a whole number: digits with a sign, or a JSON integer."""
    if type(value) is int:
        return value
    if type(value) is not str:
        raise Unreadable(NO_INTEGER)
    text = value.strip()
    if len(text) > max_digits or not INTEGER.fullmatch(text):
        raise Unreadable(NO_INTEGER)
    return int(text)


def read_float(value: Any) -> float:
    """Return a finite number."""
    if type(value) in (int, float):
        number = _float(value)
    else:
        text = _text(value, NO_NUMBER)
        if not NUMBER.fullmatch(text):
            raise Unreadable(NO_NUMBER)
        number = _float(text)
    if not math.isfinite(number):
        raise Unreadable(NO_NUMBER)
    return number


def read_decimal(value: Any) -> Decimal:
    """Return a finite decimal with the digits that were written."""
    text = str(value) if type(value) in (int, float) else _text(value, NO_NUMBER)
    if len(text) > max_digits or not NUMBER.fullmatch(text):
        raise Unreadable(NO_NUMBER)
    return Decimal(text)


def read_bool(value: Any) -> bool:
    """Return a truth value; a checkbox without a value sends ``on``."""
    if type(value) is bool:
        return value
    word = _text(value, INVALID).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Unreadable(INVALID)


def read_uuid(value: Any) -> UUID:
    """Return a UUID, written with or without hyphens."""
    if isinstance(value, UUID):  # a URL's converter made it
        return value
    try:
        return UUID(_text(value, NO_UUID))
    except ValueError as error:
        raise Unreadable(NO_UUID) from error


def read_date(value: Any) -> date:
    """Return a date, ``2024-01-02``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _parsed(dateparse.parse_date, value, NO_DATE)


def read_time(value: Any) -> time:
    """Return a time, ``10:30`` or ``10:30:05``."""
    if isinstance(value, time):
        return value
    return _parsed(dateparse.parse_time, value, NO_TIME)


def read_datetime(value: Any) -> datetime:
    """Return a point in time; without an offset it is in the current time zone."""
    moment = value if isinstance(value, datetime) else _moment(value)
    if timezone.is_naive(moment) and settings.USE_TZ:
        return timezone.make_aware(moment)
    return moment


def read_timedelta(value: Any) -> timedelta:
    """Return a duration: ISO 8601 as JSON has it, seconds, or ``1 02:30:00``."""
    if isinstance(value, timedelta):
        return value
    if type(value) in (int, float):
        value = str(value)
    return _parsed(dateparse.parse_duration, value, NO_DURATION)


def _moment(value: Any) -> datetime:
    return _parsed(dateparse.parse_datetime, value, NO_DATETIME)


def _text(value: Any, otherwise: Text) -> str:
    if type(value) is not str:
        raise Unreadable(otherwise)
    return value.strip()


def _float(value: str | float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise Unreadable(NO_NUMBER) from error


def _parsed(parse: Callable[[str], Parsed | None], value: Any, otherwise: Text) -> Parsed:
    try:
        parsed = parse(_text(value, otherwise))
    except (ValueError, OverflowError) as error:  # well written, but no such day
        raise Unreadable(otherwise) from error
    if parsed is None or not value.strip():  # a duration of no text would be 0
        raise Unreadable(otherwise)
    return parsed


READERS: dict[Any, Reader] = {
    str: read_str,
    int: read_int,
    float: read_float,
    bool: read_bool,
    Decimal: read_decimal,
    UUID: read_uuid,
    date: read_date,
    datetime: read_datetime,
    time: read_time,
    timedelta: read_timedelta,
}
