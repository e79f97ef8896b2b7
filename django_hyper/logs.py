"""Log a failure, once: a bug with its traceback, anything else as a sentence."""

from __future__ import annotations

import logging
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.utils.log import log_response

from .failures import Failure

logger = logging.getLogger("django_hyper")


def write(request: HttpRequest, failure: Failure, exception: Exception, response: Any) -> None:
    """Log a failure that `response` answers."""
    if not failure.is_unexpected:
        write_detail(request, failure)
        response._has_been_logged = True
        return
    got_request_exception.send(sender=None, request=request)
    log_response(
        "Internal Server Error: %s (action %s, id %s)",
        request.path,
        request.hyper.action,  # type: ignore[attr-defined]
        failure.extra["id"],
        response=response,
        request=request,
        exception=exception,
    )


def write_detail(request: HttpRequest, failure: Failure) -> None:
    """Log the developer's sentence; what the client wrote can forge no second line."""
    if not failure.detail:
        return
    where = f"{request.method} {request.path} {request.hyper.action}"  # type: ignore[attr-defined]
    logger.warning("%s: %s", escape(where[:300]), escape(failure.detail[:2_000]))


def escape(text: str) -> str:
    """Return text of a client as one line of the log."""
    return text.encode("unicode_escape").decode()
