"""Inspect the parameters of an action, once, at import."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from . import kinds
from .converters import converter_for
from .protocol import RESERVED_NAMES
from .texts import Reader

EMPTY = inspect.Parameter.empty
POSITIONAL = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)
# Annotations that name a type imported for type checkers alone must not fail here.
SIGNATURE_OPTIONS: dict[str, Any] = (
    {"annotation_format": __import__("annotationlib").Format.FORWARDREF}
    if sys.version_info >= (3, 14)
    else {}
)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """One parameter of an action, as it is written; `annotation` may be text."""

    name: str
    annotation: Any
    default: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, with all that binding needs of it."""

    name: str
    required: bool
    convert: Reader
    is_list: bool
    is_bool: bool
    is_optional: bool
    accepts_text: bool


def read_parameters(
    function: Callable[..., Any], *, has_form: bool = False
) -> tuple[ParameterInfo, ...]:
    """Return the parameters after the first, which is the view or the request.

    Args:
        has_form: One of them, ``form``, is not the request's to fill.

    Raises:
        TypeError: The signature cannot be called by name, or takes no form.
    """
    signature = inspect.signature(function, **SIGNATURE_OPTIONS)
    parameters = list(signature.parameters.values())
    if not parameters or parameters[0].kind not in POSITIONAL:
        raise TypeError(
            f"@action on {function.__qualname__} got no first parameter; expected `self` "
            "on a view, or `request` on a function."
        )
    named = [each for each in parameters[1:] if each.kind is not each.VAR_KEYWORD]
    for parameter in parameters[1:]:
        _check_parameter(function, parameter)
    if has_form and "form" not in signature.parameters and named == parameters[1:]:
        raise TypeError(
            f"@action(form=…) on {function.__qualname__} got no parameter for the form; "
            f"expected one called `form`: def {function.__name__}({parameters[0]}, form)."
        )
    return tuple(
        ParameterInfo(each.name, each.annotation, each.default, each.default is EMPTY)
        for each in named
        if not (has_form and each.name == "form")
    )


def first_name(function: Callable[..., Any]) -> str:
    """Return the name of the parameter that is the view or the request."""
    return next(iter(inspect.signature(function, **SIGNATURE_OPTIONS).parameters))


def accepts_more(function: Callable[..., Any]) -> bool:
    """Whether it has ``**kwargs``."""
    parameters = inspect.signature(function, **SIGNATURE_OPTIONS).parameters.values()
    return any(each.kind is each.VAR_KEYWORD for each in parameters)


def _check_parameter(function: Callable[..., Any], parameter: inspect.Parameter) -> None:
    if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
        raise TypeError(
            f"@action on {function.__qualname__} got the parameter {str(parameter)!r}; "
            "expected one that can be given by name."
        )
    if parameter.name in RESERVED_NAMES:
        raise TypeError(
            f"@action on {function.__qualname__} got a parameter called "
            f"{parameter.name!r}, which no request can fill. Rename it; a view has "
            "self.request."
        )


def compile_parameter(label: str, function: Callable[..., Any], info: ParameterInfo) -> Parameter:
    """Return a parameter with what binding needs of it.

    Raises:
        TypeError: Its annotation cannot be used or found.
    """
    annotation = _resolve(label, function, info)
    try:
        described = kinds.describe_type(annotation)
    except (TypeError, NameError, AttributeError) as error:
        raise TypeError(
            f"{label}() cannot take `{info.name}: {annotation}`: {error}. Use a type that "
            "JSON or a form can fill, and look up what it stands for inside the action."
        ) from error
    return Parameter(
        info.name,
        info.required,
        converter_for(annotation, described),
        is_list=kinds.is_list(described),
        is_bool=annotation is bool,
        is_optional=kinds.is_optional(described),
        accepts_text=kinds.accepts_text(described),
    )


def _resolve(label: str, function: Callable[..., Any], info: ParameterInfo) -> Any:
    """Return the annotation of one parameter; the others may name what is not imported."""
    if info.annotation is EMPTY:
        return Any
    holder = SimpleNamespace(__annotations__={info.name: info.annotation})
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    try:
        return typing.get_type_hints(holder, scope, include_extras=True)[info.name]
    except (NameError, AttributeError) as error:
        raise TypeError(
            f"{label}() cannot take `{info.name}: {info.annotation}`: {error}. Import the "
            "type at the top of the module, outside `if TYPE_CHECKING:`."
        ) from error
