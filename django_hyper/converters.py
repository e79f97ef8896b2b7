"""Turn an annotation into a function that converts values to it, once, at import.

Text is first read as HTML writes it (``texts.py``); what msgspec knows beyond that
(bounds, dataclasses, unions, …) is then its to check:
https://jcristharif.com/msgspec/supported-types.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as in_djangos_words
from django.utils.translation import ngettext_lazy as in_djangos_plurals
from msgspec import inspect as types

from . import texts
from .errors import Text
from .kinds import ARRAYS, LISTS, OBJECTS, accepts_text, choices_of
from .texts import INVALID, NO_LIST, READERS, Reader, Unreadable

SCALARS: Mapping[type[types.Type], Reader] = {
    types.StrType: texts.read_str,
    types.IntType: texts.read_int,
    types.FloatType: texts.read_float,
    types.BoolType: texts.read_bool,
    types.DecimalType: texts.read_decimal,
    types.UUIDType: texts.read_uuid,
    types.DateType: texts.read_date,
    types.DateTimeType: texts.read_datetime,
    types.TimeType: texts.read_time,
    types.TimeDeltaType: texts.read_timedelta,
}
MINIMUM = in_djangos_words("Ensure this value is greater than or equal to %(limit_value)s.")
MAXIMUM = in_djangos_words("Ensure this value is less than or equal to %(limit_value)s.")
ABOVE = _("Ensure this value is greater than %(limit_value)s.")
BELOW = _("Ensure this value is less than %(limit_value)s.")
NO_CHOICE = in_djangos_words(
    "Select a valid choice. %(value)s is not one of the available choices."
)
TOO_SHORT = in_djangos_plurals(
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
TOO_LONG = in_djangos_plurals(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)


def converter_for(annotation: Any, info: types.Type) -> Reader:
    """Return the function that converts one value to `annotation`.

    It raises `Unreadable` for a value that is none.
    """
    if annotation in READERS:
        return READERS[annotation]
    if isinstance(info, types.AnyType):
        return as_it_is
    read = _reader_for(info, {})

    def convert(value: Any) -> Any:
        value = read(value)
        try:
            return msgspec.convert(value, annotation)
        except msgspec.ValidationError as error:
            raise Unreadable(_text_for(info, value), str(error)) from error

    return convert


def as_it_is(value: Any) -> Any:
    return value


def _reader_for(info: types.Type, memo: dict[int, Reader]) -> Reader:
    """Return what reads text inside a value of this type; a type may contain itself."""
    if reader := SCALARS.get(type(info)):
        return reader
    if id(info) not in memo:
        memo[id(info)] = lambda value: memo[id(info)](value)
        memo[id(info)] = _compound_reader(info, memo)
    return memo[id(info)]


def _compound_reader(info: types.Type, memo: dict[int, Reader]) -> Reader:
    if isinstance(info, LISTS):
        return _list_reader(_reader_for(info.item_type, memo))
    if isinstance(info, types.TupleType):
        return _tuple_reader([_reader_for(item, memo) for item in info.item_types])
    if isinstance(info, types.DictType):
        return _dict_reader(_reader_for(info.key_type, memo), _reader_for(info.value_type, memo))
    if isinstance(info, OBJECTS):
        return _object_reader(
            {field.encode_name: _reader_for(field.type, memo) for field in info.fields}
        )
    if isinstance(info, types.UnionType):
        return _union_reader(info, memo)
    if choices := choices_of(info):
        return _choice_reader(choices)
    return as_it_is


def _list_reader(read: Reader) -> Reader:
    def read_list(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise Unreadable(NO_LIST)
        return [read(item) for item in value]

    return read_list


def _tuple_reader(readers: list[Reader]) -> Reader:
    def read_tuple(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(readers):
            raise Unreadable(NO_LIST)
        return [read(item) for read, item in zip(readers, value, strict=True)]

    return read_tuple


def _dict_reader(read_key: Reader, read: Reader) -> Reader:
    def read_dict(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Unreadable(INVALID)
        return {read_key(key): read(item) for key, item in value.items()}

    return read_dict


def _object_reader(readers: Mapping[str, Reader]) -> Reader:
    def read_object(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Unreadable(INVALID)
        return {key: readers.get(key, as_it_is)(item) for key, item in value.items()}

    return read_object


def _union_reader(info: types.UnionType, memo: dict[int, Reader]) -> Reader:
    members = [part for part in info.types if not isinstance(part, types.NoneType)]
    readers = [_reader_for(member, memo) for member in members]
    if len(readers) == 1:
        return _optional_reader(readers[0])
    read_text = as_it_is if accepts_text(info) else _first_reader(readers)
    if types.StrType in map(type, members):
        read_text = texts.read_str
    inside = [
        (member, read)
        for member, read in zip(members, readers, strict=True)
        if isinstance(member, (*OBJECTS, *ARRAYS, types.DictType))
    ]

    def read_one_of(value: Any) -> Any:
        if type(value) is str:
            return read_text(value)
        for member, read in inside:
            if _may_be(value, member):
                return read(value)
        return value

    return read_one_of


def _may_be(value: Any, member: types.Type) -> bool:
    """Whether a JSON array or object belongs to this member of a union."""
    if isinstance(member, ARRAYS):
        return isinstance(value, list)
    tag = getattr(member, "tag", None)
    return isinstance(value, dict) and (tag is None or value.get(member.tag_field) == tag)  # type: ignore[attr-defined]


def _first_reader(readers: list[Reader]) -> Reader:
    """Return a reader that takes what the first reader that can makes of a text."""

    def read_first(value: Any) -> Any:
        for read in readers:
            try:
                return read(value)
            except Unreadable:
                continue
        raise Unreadable(INVALID)

    return read_first


def _optional_reader(read: Reader) -> Reader:
    def read_optional(value: Any) -> Any:
        return None if value is None else read(value)

    return read_optional


def _choice_reader(choices: Mapping[str, Any]) -> Reader:
    def read_choice(value: Any) -> Any:
        if type(value) is str:
            return choices.get(value, value)
        # Members that msgspec would not look up by their value.
        return next((each for each in choices.values() if _is_member(each, value)), value)

    return read_choice


def _is_member(choice: Any, value: Any) -> bool:
    return isinstance(choice, Enum) and type(choice.value) is type(value) and choice.value == value


def _text_for(info: types.Type, value: Any) -> Text:
    """Return Django's words for a value that msgspec refused."""
    if isinstance(info, types.UnionType):
        members = [part for part in info.types if not isinstance(part, types.NoneType)]
        return _text_for(members[0], value) if len(members) == 1 else INVALID
    if choices_of(info):
        return _fill(NO_CHOICE, value=value)
    for name, is_beyond, text in BOUNDS:
        limit = getattr(info, name, None)
        if limit is not None and is_beyond(value, limit):
            return _fill(text, limit_value=limit, show_value=_length(value, limit))
    return INVALID


def _fill(text: Text, **values: Any) -> str:
    return str(text % values)


def _length(value: Any, otherwise: int) -> int:
    """Return the length of a text; Django has no words for that of a list."""
    return len(value) if isinstance(value, str) else otherwise


# The attribute of msgspec's type, when a value is beyond it, Django's words for that.
BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool], Text], ...] = (
    ("ge", lambda value, limit: value < limit, MINIMUM),
    ("gt", lambda value, limit: value <= limit, ABOVE),
    ("le", lambda value, limit: value > limit, MAXIMUM),
    ("lt", lambda value, limit: value >= limit, BELOW),
    ("min_length", lambda value, limit: _length(value, limit) < limit, TOO_SHORT),
    ("max_length", lambda value, limit: _length(value, limit) > limit, TOO_LONG),
)
