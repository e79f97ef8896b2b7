from __future__ import annotations

import inspect
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone as current
from django.utils import translation
from django.utils.translation import gettext as _

from django_hyper import texts
from django_hyper.texts import Unreadable

BERLIN = ZoneInfo("Europe/Berlin")
ID = UUID("12345678-1234-5678-1234-567812345678")
NOON = datetime(2024, 1, 2, 12, tzinfo=timezone.utc)


def outcome(read, value):
    """Return what was read, or Django's words for why it could not be."""
    try:
        return read(value)
    except Unreadable as fault:
        return f"! {fault.text}"


def exactly(value):
    """Return a value that tells True from 1 and 1 from 1.0."""
    return type(value), value


def refused(text: str, *values: Any) -> list[tuple[Any, str]]:
    """Return one row for each value."""
    return [(value, text) for value in values]


def table(name, read, rows):
    """Return one parameter set for each row, called by function and value."""
    return [
        pytest.param(read, sent, expected, id=f"{name} {str(sent)[:30]!r} #{number}")
        for number, (sent, expected) in enumerate(rows)
    ]


# S21
@pytest.mark.parametrize(
    ("read", "sent", "expected"),
    [
        *table(
            "str",
            texts.read_str,
            [
                ("Milk", "Milk"),
                ("", ""),
                (" a\n", " a\n"),
                ("null", "null"),
                ("日本 😀", "日本 😀"),
                (3, "! Enter a valid value."),
                (True, "! Enter a valid value."),
                (None, "! Enter a valid value."),
                (["a"], "! Enter a valid value."),
                ("a\0b", "! Null characters are not allowed."),
            ],
        ),
        *table(
            "int",
            texts.read_int,
            [
                (3, 3),
                (-(10**30), -(10**30)),
                ("3", 3),
                (" +3 ", 3),
                ("-3", -3),
                ("007", 7),
                ("9" * 4_300, int("9" * 4_300)),
                *refused(
                    "! Enter a whole number.",
                    *("", "3.0", "1e3", "1_000", "٣", "²", "+", "0x10", "null", "9" * 4_301),
                    *(True, 3.0, None, [3], {}),
                ),
            ],
        ),
        *table(
            "float",
            texts.read_float,
            [
                (1.5, 1.5),
                (3, 3.0),
                ("1.5", 1.5),
                ("-.5", -0.5),
                ("+1.", 1.0),
                ("1e3", 1000.0),
                ("1E-3", 0.001),
                *refused(
                    "! Enter a number.",
                    *("", "nan", "inf", "Infinity", "1e999", "1e99999", "1,5", "٣", "1_0", "."),
                    *("1e", float("inf"), float("nan"), 10**400, True, None, []),
                ),
            ],
        ),
        *table(
            "decimal",
            texts.read_decimal,
            [
                ("9.90", Decimal("9.90")),
                (" -1e2 ", Decimal("-1e2")),
                (9.9, Decimal("9.9")),
                (1e22, Decimal("1e+22")),
                (7, Decimal(7)),
                ("0." + "1" * 4_298, Decimal("0." + "1" * 4_298)),
                *refused(
                    "! Enter a number.",
                    *("", "NaN", "sNaN", "Infinity", "1e99999", "1,5", "٣", "1" * 4_301),
                    *(True, None, [], float("nan")),
                ),
            ],
        ),
        *table(
            "bool",
            texts.read_bool,
            [
                (True, True),
                (False, False),
                *((word, True) for word in ("on", "true", "1", "yes", "ON", " True ")),
                *((word, False) for word in ("off", "false", "0", "no", "OFF")),
                *refused("! Enter a valid value.", "", "y", "2", 1, 0, None, [True]),
            ],
        ),
        *table(
            "uuid",
            texts.read_uuid,
            [
                (str(ID), ID),
                (ID.hex, ID),
                (ID, ID),
                *refused("! Enter a valid UUID.", "", "x", str(ID)[:-1], 3, None),
            ],
        ),
        *table(
            "date",
            texts.read_date,
            [
                ("2024-01-02", date(2024, 1, 2)),
                (date(2024, 1, 2), date(2024, 1, 2)),
                *refused(
                    "! Enter a valid date.",
                    "",
                    "2024-02-30",
                    "02.01.2024",
                    "null",
                    20240102,
                    NOON,
                    None,
                ),
            ],
        ),
        *table(
            "time",
            texts.read_time,
            [
                ("10:30", time(10, 30)),
                ("10:30:05", time(10, 30, 5)),
                ("10:30:05.250", time(10, 30, 5, 250_000)),
                (time(10, 30), time(10, 30)),
                *refused("! Enter a valid time.", "", "25:00", "10h", 10, None),
            ],
        ),
        *table(
            "datetime",
            texts.read_datetime,
            [
                ("2024-01-02T03:04", datetime(2024, 1, 2, 3, 4, tzinfo=BERLIN)),
                ("2024-01-02 03:04:05", datetime(2024, 1, 2, 3, 4, 5, tzinfo=BERLIN)),
                ("2024-01-02T12:00:00Z", NOON),
                ("2024-01-02T14:00+02:00", NOON),
                (NOON, NOON),
                (datetime(2024, 1, 2, 3), datetime(2024, 1, 2, 3, tzinfo=BERLIN)),
                *refused(
                    "! Enter a valid date/time.",
                    "",
                    "2024-02-30T10:00",
                    "2024-01-02T25:00",
                    "soon",
                    0,
                    None,
                    [],
                ),
            ],
        ),
        *table(
            "timedelta",
            texts.read_timedelta,
            [
                ("P1DT2H", timedelta(days=1, hours=2)),
                ("1 02:30:00", timedelta(days=1, hours=2, minutes=30)),
                ("90", timedelta(seconds=90)),
                (90, timedelta(seconds=90)),
                (1.5, timedelta(seconds=1.5)),
                (timedelta(1), timedelta(1)),
                *refused(
                    "! Enter a valid duration.",
                    "",
                    "soon",
                    "99999999999 00:00:00",
                    1e300,
                    True,
                    None,
                    [],
                ),
            ],
        ),
    ],
)
def test_what_is_read(read, sent, expected):
    assert exactly(outcome(read, sent)) == exactly(expected)


# S21
def test_a_naive_datetime_is_in_the_current_time_zone():
    with current.override("America/New_York"):
        read = texts.read_datetime("2024-07-01T12:00")

    assert read.isoformat() == "2024-07-01T12:00:00-04:00"


# S21
@pytest.mark.parametrize(
    ("sent", "offset_hours"),
    [
        pytest.param("2024-03-31T02:30", 1, id="skipped when summer time begins"),
        pytest.param("2024-10-27T02:30", 2, id="twice when it ends"),
    ],
)
def test_an_hour_of_the_change_of_clocks_is_read_with_the_offset_before_it(sent, offset_hours):
    read = texts.read_datetime(sent)

    assert (read.replace(tzinfo=None).isoformat(timespec="minutes"), read.utcoffset()) == (
        sent,
        timedelta(hours=offset_hours),
    )


# S21
@pytest.mark.parametrize("sent", ["0001-01-01T00:00", "9999-12-31T23:59:59"])
def test_the_first_and_the_last_moment_are_read(sent):
    assert texts.read_datetime(sent).replace(tzinfo=None) == datetime.fromisoformat(sent)


# S21
def test_a_datetime_stays_naive_in_a_project_without_time_zones(settings):
    settings.USE_TZ = False

    assert texts.read_datetime("2024-01-02T03:04") == datetime(2024, 1, 2, 3, 4)


# S21
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("read", "field"),
    [
        (texts.read_bool, forms.Field),
        (texts.read_int, forms.IntegerField),
        (texts.read_float, forms.FloatField),
        (texts.read_decimal, forms.DecimalField),
        (texts.read_date, forms.DateField),
        (texts.read_datetime, forms.DateTimeField),
        (texts.read_time, forms.TimeField),
        (texts.read_timedelta, forms.DurationField),
        (texts.read_uuid, forms.UUIDField),
    ],
)
def test_the_words_are_those_of_djangos_fields_in_the_active_language(language, read, field):
    with translation.override(language):
        fault = outcome(read, "?")

        assert fault == f"! {field().error_messages.get('invalid', _('Enter a valid value.'))}"


def test_every_reader_has_a_type():
    readers = {f for name, f in inspect.getmembers(texts) if name.startswith("read_")}

    assert readers == set(texts.READERS.values())
