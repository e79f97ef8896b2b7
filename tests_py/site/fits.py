"""Whether a value is what an annotation says, decided without what the library decides it with."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from inspect import Parameter
from typing import Annotated, Any, Literal, NewType, Union
from uuid import UUID

import msgspec

ANYTHING = (Any, Parameter.empty)


def fits(annotation: Any, value: Any) -> bool:
    """Whether an action that asks for `annotation` may be given `value`."""
    if annotation in ANYTHING:
        return True
    if isinstance(annotation, NewType):
        return fits(annotation.__supertype__, value)
    if annotation is None:
        return value is None
    origin = typing.get_origin(annotation)
    if origin:
        return GENERIC[origin](typing.get_args(annotation), value)
    if typing.is_typeddict(annotation):
        return _fits_typed_dict(annotation, value)
    if annotation in PLAIN:
        return type(value) is annotation and PLAIN[annotation](value)
    if dataclasses.is_dataclass(annotation) or issubclass(annotation, msgspec.Struct):
        return _fits_object(annotation, value)
    return isinstance(value, annotation)


def _is_text(value: str) -> bool:
    """Whether a database and a response can carry it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


# What must be true of a value beside its type, which is no subclass.
PLAIN: Mapping[Any, Callable[[Any], bool]] = {
    str: _is_text,
    int: lambda value: True,
    float: math.isfinite,
    bool: lambda value: True,
    Decimal: lambda value: value.is_finite(),
    UUID: lambda value: True,
    date: lambda value: True,
    datetime: lambda value: value.tzinfo is not None,
    time: lambda value: True,
    timedelta: lambda value: True,
    list: lambda value: True,
    type(None): lambda value: True,
}


def _fits_typed_dict(annotation: Any, value: Any) -> bool:
    hints = typing.get_type_hints(annotation, include_extras=True)
    return (
        type(value) is dict
        and annotation.__required_keys__ <= set(value) <= set(hints)
        and all(fits(hints[name], each) for name, each in value.items())
    )


def _fits_object(annotation: Any, value: Any) -> bool:
    hints = typing.get_type_hints(annotation, include_extras=True)
    return type(value) is annotation and all(
        fits(hint, getattr(value, name)) for name, hint in hints.items()
    )


def _fits_annotated(parts: Any, value: Any) -> bool:
    annotation, *metas = parts
    bounds: list[Any] = [meta for meta in metas if isinstance(meta, msgspec.Meta)]
    return fits(annotation, value) and all(_is_within(meta, value) for meta in bounds)


def _is_within(meta: Any, value: Any) -> bool:
    length = len(value) if isinstance(value, (str, list)) else 0
    return (
        (meta.ge is None or value >= meta.ge)
        and (meta.gt is None or value > meta.gt)
        and (meta.le is None or value <= meta.le)
        and (meta.lt is None or value < meta.lt)
        and (meta.multiple_of is None or value % meta.multiple_of == 0)
        and (meta.min_length or 0) <= length
        and (meta.max_length is None or length <= meta.max_length)
        and (meta.pattern is None or value.isascii())
    )


def _fits_tuple(parts: Any, value: Any) -> bool:
    if parts[-1] is ...:
        return _fits_each(tuple)(parts[:1], value)
    pairs = zip(parts, value, strict=False)
    return type(value) is tuple and len(value) == len(parts) and all(fits(*pair) for pair in pairs)


def _fits_each(kind: Any) -> Callable[[Any, Any], bool]:
    return lambda parts, value: type(value) is kind and all(fits(parts[0], each) for each in value)


def _fits_dict(parts: Any, value: Any) -> bool:
    key, item = parts
    return type(value) is dict and all(
        fits(key, name) and fits(item, each) for name, each in value.items()
    )


def _fits_any_of(parts: Any, value: Any) -> bool:
    return any(fits(part, value) for part in parts)


def _is_one_of(parts: Any, value: Any) -> bool:
    return any(type(part) is type(value) and part == value for part in parts)


GENERIC: Mapping[Any, Callable[[Any, Any], bool]] = {
    Annotated: _fits_annotated,
    Literal: _is_one_of,
    Union: _fits_any_of,
    types.UnionType: _fits_any_of,
    list: _fits_each(list),
    set: _fits_each(set),
    frozenset: _fits_each(frozenset),
    tuple: _fits_tuple,
    dict: _fits_dict,
}
