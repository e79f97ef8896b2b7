"""The form of an action: Django's own, made of what the request sent, and its errors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.utils.datastructures import MultiValueDict

from .errors import ActionError
from .requests import RawArguments, Source

FormMaker = Callable[[Any, Any, Any], Any]  # of the owner, data and files

# What widgets of several controls add to the name of their field.
PART = re.compile(r"(-clear|_\d+|_year|_month|_day)$")


def form_maker(option: Any) -> FormMaker:
    """Return what makes the form that the option ``form=`` means.

    Args:
        option: A class of a form or formset, or a function of the owner, data and files,
            which are ``None`` for the form that is not bound.

    Raises:
        TypeError: It is neither, such as a form that is made already.
    """
    if not callable(option):
        kind = type(option).__name__
        raise TypeError(
            f"form= got an instance of {kind}; expected a form class, or a function "
            f"(view_or_request, data, files) that makes one. Pass the class: form={kind}."
        )
    make: Callable[..., Any] = option
    return (lambda owner, data, files: make(data, files)) if inspect.isclass(option) else make


def bound_form(make: FormMaker, owner: Any, raw: RawArguments) -> Any:
    """Return the form, bound to what was sent; not checked yet."""
    return make(owner, _merge(raw.form_sources), raw.files)


def check_form(form: Any) -> None:
    """Refuse what the form refuses.

    Raises:
        ActionError: 422 ``invalid``, with messages by the name of the control.
    """
    if not form.is_valid():
        raise ActionError(errors=errors_of(form))


def errors_of(form: Any) -> Mapping[str, list[str]]:
    """Return the messages of a form or formset by the name of the control, prefix included."""
    errors: dict[str, list[str]] = {}
    if isinstance(form, BaseFormSet):
        errors[NON_FIELD_ERRORS] = list(map(str, form.non_form_errors()))
    for each in _forms_in(form):
        for field, messages in each.errors.items():
            name = field if field == NON_FIELD_ERRORS else each.add_prefix(field)
            errors.setdefault(name, []).extend(map(str, messages))
    return {name: messages for name, messages in errors.items() if messages}


def add_errors(form: Any, errors: Mapping[str, list[str]]) -> None:
    """Show in the form what the action itself has found wrong with its fields."""
    for each in _forms_in(form):
        for field in each.fields:
            messages = errors.get(each.add_prefix(field))
            if messages and not each.has_error(field):
                each.add_error(field, messages)


def is_name_of(form: Any, name: str) -> bool:
    """Whether the form reads something that is sent under this name."""
    if isinstance(form, BaseFormSet):
        return name.startswith(f"{form.prefix}-")
    names = {form.add_prefix(field) for field in form.fields}
    return name in names or PART.sub("", name) in names


def _forms_in(form: Any) -> Iterator[Any]:
    """Yield a form itself, or those of a formset that are not to be deleted."""
    if not isinstance(form, BaseFormSet):
        yield form
        return
    for each in form.forms:
        if not (form.can_delete and each.cleaned_data.get(DELETION_FIELD_NAME)):
            yield each


class FormData(MultiValueDict[str, Any]):
    """Fields of a form, some of which came as JSON: each is the text that HTML would send."""

    def __init__(self) -> None:
        super().__init__()
        self.arrays: dict[str, str] = {}  # as a whole, for a field that takes JSON

    def __getitem__(self, name: str) -> Any:
        return self.arrays.get(name) or super().__getitem__(name)


def _merge(sources: Sequence[Source]) -> FormData:
    """Return all sources as the fields of one form; the first that has a name wins."""
    merged = FormData()
    for source in reversed(sources):
        for name in source:
            merged.arrays.pop(name, None)
            if isinstance(source, MultiValueDict):
                merged.setlist(name, source.getlist(name))
                continue
            value = source[name]
            if isinstance(value, list):
                merged.arrays[name] = _text_of(value)
            merged.setlist(name, [_text_of(each) for each in _list_of(value)])
    return merged


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text_of(value: Any) -> str:
    """Return a JSON value as a control would send it; fields of Django expect text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
