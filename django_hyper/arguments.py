"""Bind what a request sent to the parameters of an action."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from . import kinds
from .converters import converter_for
from .errors import CallRefused, Text
from .protocol import RESERVED_NAMES
from .requests import RawArguments, Source
from .texts import REQUIRED, Reader, Unreadable

UNKNOWN = _("This name is not known.")

EMPTY = inspect.Parameter.empty
POSITIONAL = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)
MISSING: Any = object()

IsKnown = Callable[[str], bool]

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


class Fault(NamedTuple):
    """What is wrong with one argument; not the exception, which would hold the request."""

    text: Text
    detail: str = ""


class Binder:
    """Turns the raw values of a request into the arguments of one action."""

    __slots__ = ("accepts_more", "label", "names", "parameters")

    def __init__(
        self, label: str, function: Callable[..., Any], parameters: tuple[ParameterInfo, ...]
    ) -> None:
        self.label = label
        self.parameters = tuple(_compile(label, function, each) for each in parameters)
        self.names = frozenset(parameter.name for parameter in parameters)
        kinds = inspect.signature(function, **SIGNATURE_OPTIONS).parameters.values()
        self.accepts_more = any(each.kind is each.VAR_KEYWORD for each in kinds)

    def __call__(self, raw: RawArguments, is_known: IsKnown | None = None) -> dict[str, Any]:
        """Return the arguments by name; a parameter that was not sent is left out.

        Args:
            is_known: Whether a name that no parameter has is read by something else.

        Raises:
            CallRefused: ``invalid_params``, with all faulty parameters at once.
        """
        arguments: dict[str, Any] = {}
        faults: dict[str, Fault] = {}
        for parameter in self.parameters:
            value = _find(parameter, raw)
            is_missing = value is MISSING
            if not is_missing and (value is not None or parameter.is_optional):
                _convert(parameter, value, arguments, faults)
            elif parameter.required or not is_missing:
                faults[parameter.name] = Fault(REQUIRED)
        self._take_rest(raw, arguments, faults, is_known)
        if faults:
            raise self._refusal(faults)
        return arguments

    def _take_rest(
        self,
        raw: RawArguments,
        arguments: dict[str, Any],
        faults: dict[str, Fault],
        is_known: IsKnown | None,
    ) -> None:
        """Put what no parameter names into ``**kwargs``, or refuse it where JSON had it."""
        sources = raw.sources if self.accepts_more else raw.objects
        for source in sources:
            for name in source:
                if name in self.names or name in RESERVED_NAMES or name in arguments:
                    continue
                if is_known and is_known(name):
                    continue
                if not self.accepts_more:
                    faults[name] = Fault(UNKNOWN)
                elif name not in raw.route:
                    arguments[name] = source[name]

    def _refusal(self, faults: Mapping[str, Fault]) -> CallRefused:
        expected = ", ".join(
            parameter.name for parameter in self.parameters if parameter.name in faults
        )
        told = "; ".join(
            f"{name!r}: {fault.detail or fault.text}" for name, fault in faults.items()
        )
        return CallRefused(
            "invalid_params",
            f"{self.label}() cannot take what was sent ({told}). Send values of the "
            f"annotated types{f' for {expected}' if expected else ''}; it has the "
            f"parameters: {', '.join(each.name for each in self.parameters) or 'none'}.",
            errors={name: [fault.text] for name, fault in faults.items()},
        )


def _convert(
    parameter: Parameter, value: Any, arguments: dict[str, Any], faults: dict[str, Fault]
) -> None:
    try:
        arguments[parameter.name] = parameter.convert(value)
    except Unreadable as error:
        faults[parameter.name] = Fault(error.text, error.detail)
    except RecursionError as error:  # a type that contains itself, nested without end
        raise CallRefused("bad_request", f"{parameter.name} is nested too deeply") from error


def _find(parameter: Parameter, raw: RawArguments) -> Any:
    """Return the raw value of a parameter from the first source that has it."""
    name = parameter.name
    if name in raw.route:
        return raw.route[name]
    value = MISSING
    for source in raw.sources:
        if name in source:
            value = _values_in(source, name) if parameter.is_list else source[name]
            break
    if value == "" and not parameter.accepts_text:
        value = None if parameter.is_optional else MISSING
    if value is MISSING and parameter.is_bool and raw.is_form:
        return False  # browsers leave an unchecked box out of the form
    return value


def _values_in(source: Source, name: str) -> Any:
    """Return all values of a name; JSON may hold a single one in place of a list."""
    if isinstance(source, MultiValueDict):
        values = source.getlist(name)
        return "" if values == [""] else values
    value = source[name]
    return value if isinstance(value, list) or value in (None, "") else [value]


def _compile(label: str, function: Callable[..., Any], info: ParameterInfo) -> Parameter:
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
