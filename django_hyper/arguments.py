"""Bind what a request sent to the parameters of an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from .errors import CallRefused, Text
from .parameters import Parameter, ParameterInfo, accepts_more, compile_parameter, first_name
from .protocol import RESERVED_NAMES
from .requests import RawArguments, Source
from .texts import REQUIRED, Unreadable

UNKNOWN = _("This name is not known.")

MISSING: Any = object()

IsKnown = Callable[[str], bool]


class Fault(NamedTuple):
    """What is wrong with one argument; not the exception, which would hold the request."""

    text: Text
    detail: str = ""


class Binder:
    """Turns the raw values of a request into the arguments of one action."""

    __slots__ = ("accepts_more", "dropped", "label", "names", "parameters")

    def __init__(
        self, label: str, function: Callable[..., Any], parameters: tuple[ParameterInfo, ...]
    ) -> None:
        self.label = label
        self.parameters = tuple(compile_parameter(label, function, each) for each in parameters)
        self.names = frozenset(parameter.name for parameter in parameters)
        self.dropped = RESERVED_NAMES | {first_name(function)}
        self.accepts_more = accepts_more(function)

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
            if value is MISSING or (value is None and not parameter.is_optional):
                if parameter.required or value is None:
                    faults[parameter.name] = Fault(REQUIRED)
                continue
            try:
                arguments[parameter.name] = parameter.convert(value)
            except Unreadable as error:
                faults[parameter.name] = Fault(error.text, error.detail)
            except RecursionError as error:  # a type that contains itself, nested without end
                raise CallRefused(
                    "bad_request", f"{parameter.name} is nested too deeply"
                ) from error
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
            if source.keys() <= self.names:
                continue
            for name in source:
                if name in self.names or name in self.dropped or name in arguments:
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
