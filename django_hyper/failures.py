"""Describe what went wrong: what the visitor may read, and what only the log gets."""

from __future__ import annotations

import dis
import logging
import traceback
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from .errors import REFUSALS, ActionError, CallRefused

logger = logging.getLogger("django_hyper")

RAISE = dis.opmap["RAISE_VARARGS"]

# What Django raises for a body that it cannot read, or does not want to.
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)

# Exceptions of Django by what they are for the caller; the first that fits counts.
CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((PermissionDenied,), "permission_denied"),
    ((Http404,), "not_found"),
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), "too_large"),
    (UNREADABLE, "bad_request"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as every kind of caller is told it."""

    status: int
    code: str
    error: str  # for the visitor, never empty
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    detail: str = ""  # for the developer
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    is_unexpected: bool = False  # a bug: logged with its traceback

    @classmethod
    def of(cls, code: str, **more: Any) -> Failure:
        """Return the failure that `REFUSALS` has for `code`."""
        refusal = REFUSALS[code]
        return cls(refusal.status, code, str(refusal.text), **more)


def describe(error: Exception, file: str | None = None) -> Failure:
    """Return what callers are told of an exception.

    Args:
        file: Source file of the action that ran, if one did. The text of a
            ``ValueError`` that this file raised is meant for the visitor.
    """
    if isinstance(error, CallRefused):
        return _describe_refusal(error)
    if isinstance(error, ActionError):
        return _invalid(error.code, error.status, str(error.message), _lists(error.errors or {}))
    if isinstance(error, ValidationError):
        return _invalid("invalid", 422, "", _validation_errors(error))
    for kinds, code in CODES:
        if isinstance(error, kinds):
            return Failure.of(code, detail=f"{type(error).__name__}: {error}")
    if isinstance(error, ValueError) and file and is_raised_in(error, file):
        return _invalid("invalid", 422, str(error) or type(error).__name__, {})
    return Failure.of(
        "server_error",
        extra={"id": uuid.uuid4().hex[:12]},
        detail="".join(traceback.format_exception(error)),
        is_unexpected=True,
    )


def is_raised_in(error: Exception, file: str) -> bool:
    """Whether a ``raise`` statement in `file` raised `error`.

    ``int("x")`` fails inside C code, so its innermost frame is the action's too; what
    tells them apart is the instruction that the frame stopped at.
    """
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and _stands_on_raise(trace, file)


def _stands_on_raise(trace: TracebackType, file: str) -> bool:
    code = trace.tb_frame.f_code
    return code.co_filename == file and code.co_code[trace.tb_lasti] == RAISE


def _describe_refusal(refused: CallRefused) -> Failure:
    return Failure(
        refused.status,
        refused.code,
        str(refused.message),
        _lists(refused.errors or {}),
        refused.detail,
        refused.extra,
        refused.headers,
    )


def _invalid(code: str, status: int, message: str, errors: Mapping[str, list[str]]) -> Failure:
    """Return a failure with the general text that stands beside errors of fields."""
    general = message or " ".join(errors.get(NON_FIELD_ERRORS, ()))
    return Failure(status, code, general or str(REFUSALS["invalid"].text), errors)


def _validation_errors(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return _lists(error.message_dict)
    return {NON_FIELD_ERRORS: [str(message) for message in error.messages]}


def _lists(errors: Mapping[str, Iterable[Any]]) -> dict[str, list[str]]:
    return {
        str(name): [texts] if isinstance(texts, str) else [str(text) for text in texts]
        for name, texts in errors.items()
    }
