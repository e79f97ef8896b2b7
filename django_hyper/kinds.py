"""What the annotation of a parameter says of its values.

https://jcristharif.com/msgspec/supported-types.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from msgspec import inspect as types

# Classes that msgspec leaves to us; Django's choices are enums with a metaclass of their own.
KNOWN = (UploadedFile, Enum)
LISTS = (types.ListType, types.SetType, types.FrozenSetType, types.VarTupleType)
ARRAYS = (*LISTS, types.TupleType)
OBJECTS = (types.DataclassType, types.StructType, types.TypedDictType)


def describe_type(annotation: Any) -> types.Type:
    """Return msgspec's description of `annotation`.

    Raises:
        TypeError: No value from a request can become one, e.g. a model class.
    """
    info = types.type_info(annotation)
    for part in walk(info):
        if isinstance(part, types.CustomType) and not issubclass(part.cls, KNOWN):
            raise TypeError(f"no value of a request can become a {part.cls.__qualname__}")
    msgspec.json.Decoder(annotation)  # refuses unions that nothing could tell apart
    return info


def accepts_text(info: types.Type) -> bool:
    """Whether ``""`` is a value of this type."""
    if isinstance(info, types.UnionType):
        return any(map(accepts_text, info.types))
    if choices := choices_of(info):
        return "" in choices
    return isinstance(info, (types.StrType, types.AnyType))


def is_optional(info: types.Type) -> bool:
    """Whether ``None`` is a value of this type."""
    if isinstance(info, types.LiteralType):
        return None in info.values
    return isinstance(info, (types.NoneType, types.AnyType)) or (
        isinstance(info, types.UnionType) and any(map(is_optional, info.types))
    )


def is_list(info: types.Type) -> bool:
    """Whether the type takes all values of a name."""
    return isinstance(info, ARRAYS) or (
        isinstance(info, types.UnionType) and any(map(is_list, info.types))
    )


def choices_of(info: types.Type) -> Mapping[str, Any]:
    """Return the values of an enum or literal by how HTML writes them."""
    if isinstance(info, types.EnumType):
        return {str(member.value): member.value for member in info.cls}
    if isinstance(info, types.CustomType) and issubclass(info.cls, Enum):
        return {str(member.value): member for member in info.cls}
    if isinstance(info, types.LiteralType):
        return {str(value): value for value in info.values if value is not None}
    return {}


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
    inner = (getattr(info, name, None) for name in ("item_type", "key_type", "value_type"))
    return [*parts, *filter(None, inner)]
