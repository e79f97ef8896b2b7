"""Turn an annotation into a function that converts values to it, once, at import.

Text is first read as HTML writes it (``texts.py``); what msgspec knows beyond that
(bounds, dataclasses, unions, …) is then its to check:
https://jcristharif.com/msgspec/supported-types.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as in_djangos_words
from django.utils.translation import ngettext_lazy as in_djangos_plurals
from msgspec import inspect as types

from . import texts
from .errors import Text
from .texts import INVALID, NO_LIST, READERS, REQUIRED, Reader, Unreadable

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
LISTS = (types.ListType, types.SetType, types.FrozenSetType, types.VarTupleType)
OBJECTS = (types.DataclassType, types.StructType, types.TypedDictType)

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


def describe_type(annotation: Any) -> types.Type:
    """Return msgspec's description of `annotation`.

    Raises:
        TypeError: No value from a request can become one, e.g. a model class.
    """
    info = types.type_info(annotation)
    for part in walk(info):
        if isinstance(part, types.CustomType) and part.cls is not object:
            raise TypeError(f"no value of a request can become a {part.cls.__qualname__}")
    msgspec.json.Decoder(annotation)  # refuses unions that nothing could tell apart
    return info


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


def accepts_text(info: types.Type) -> bool:
    """Whether ``""`` is a value of this type."""
    if isinstance(info, types.UnionType):
        return any(map(accepts_text, info.types))
    if choices := _choices(info):
        return "" in choices
    return isinstance(info, (types.StrType, types.AnyType, types.CustomType))


def is_optional(info: types.Type) -> bool:
    """Whether ``None`` is a value of this type."""
    return isinstance(info, (types.NoneType, types.AnyType)) or (
        isinstance(info, types.UnionType) and any(map(is_optional, info.types))
    )


def is_list(info: types.Type) -> bool:
    """Whether the type takes all values of a name."""
    return isinstance(info, LISTS) or (
        isinstance(info, types.UnionType) and any(map(is_list, info.types))
    )


def is_file(annotation: Any) -> bool:
    """Whether `annotation` names uploaded files, alone, in a list or optional."""
    return any(
        isinstance(part, types.CustomType) and issubclass(part.cls, UploadedFile)
        for part in walk(types.type_info(annotation))
    )


def as_it_is(value: Any) -> Any:
    return value


def walk(info: types.Type) -> Iterator[types.Type]:
    """Yield the type and every type inside it, each once."""
    seen: set[int] = set()
    waiting = [info]
    while waiting:
        part = waiting.pop()
        if id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting.extend(_parts(part))


def _parts(info: types.Type) -> list[types.Type]:
    if isinstance(info, OBJECTS):
        return [field.type for field in info.fields]
    parts: list[types.Type] = [*getattr(info, "types", ()), *getattr(info, "item_types", ())]
    for name in ("item_type", "key_type", "value_type"):
        if part := getattr(info, name, None):
            parts.append(part)
    return parts


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
        return _dict_reader(_reader_for(info.value_type, memo))
    if isinstance(info, OBJECTS):
        return _object_reader(
            {field.encode_name: _reader_for(field.type, memo) for field in info.fields}
        )
    if isinstance(info, types.UnionType):
        return _union_reader(info, memo)
    if choices := _choices(info):
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


def _dict_reader(read: Reader) -> Reader:
    def read_dict(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Unreadable(INVALID)
        return {key: read(item) for key, item in value.items()}

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
    keeps_text = accepts_text(info)

    def read_one_of(value: Any) -> Any:
        if type(value) is not str or keeps_text:
            return value
        for read in readers:
            try:
                return read(value)
            except Unreadable:
                continue
        raise Unreadable(INVALID)

    return read_one_of


def _optional_reader(read: Reader) -> Reader:
    def read_optional(value: Any) -> Any:
        return None if value is None else read(value)

    return read_optional


def _choice_reader(choices: Mapping[str, Any]) -> Reader:
    def read_choice(value: Any) -> Any:
        return choices.get(value, value) if type(value) is str else value

    return read_choice


def _choices(info: types.Type) -> Mapping[str, Any]:
    """Return the values of an enum or literal by how HTML writes them."""
    if isinstance(info, types.EnumType):
        return {str(member.value): member.value for member in info.cls}
    if isinstance(info, types.LiteralType):
        return {str(value): value for value in info.values}
    return {}


def _text_for(info: types.Type, value: Any) -> Text:
    """Return Django's words for a value that msgspec refused."""
    if value is None:
        return REQUIRED
    if isinstance(info, types.UnionType):
        members = [part for part in info.types if not isinstance(part, types.NoneType)]
        return _text_for(members[0], value) if len(members) == 1 else INVALID
    if _choices(info):
        return _fill(NO_CHOICE, value=value)
    for name, is_beyond, text in BOUNDS:
        limit = getattr(info, name, None)
        if limit is not None and is_beyond(value, limit):
            return _fill(text, limit_value=limit, show_value=_length(value))
    return INVALID


def _fill(text: Text, **values: Any) -> str:
    return str(text % values)  # type: ignore[operator]


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


# The attribute of msgspec's type, when a value is beyond it, Django's words for that.
BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool], Text], ...] = (
    ("ge", lambda value, limit: value < limit, MINIMUM),
    ("gt", lambda value, limit: value <= limit, ABOVE),
    ("le", lambda value, limit: value > limit, MAXIMUM),
    ("lt", lambda value, limit: value >= limit, BELOW),
    ("min_length", lambda value, limit: len(value) < limit, TOO_SHORT),
    ("max_length", lambda value, limit: len(value) > limit, TOO_LONG),
)
