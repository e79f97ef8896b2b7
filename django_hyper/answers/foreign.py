"""Put into JSON what Django or a guard of the view answered instead of the action."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase

from ..failures import Failure, describe
from ..guards import csrf_fault, csrf_refusal
from ..logins import leads_to_login, login_url
from ..logs import escape

logger = logging.getLogger("django_hyper")

CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "login_required",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "rate_limited",
    503: "busy",
}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def failure_of(request: HttpRequest, response: HttpResponseBase) -> Failure | None:
    """Return the failure that a response means for an action; ``None`` for a success."""
    if _may_be_of_csrf(request, response) and (fault := csrf_fault(request)):
        return describe(csrf_refusal(request, fault))
    if response.status_code < 300:
        return None
    if response.status_code < 400:
        return _redirect(request, response)
    return _by_status(request, response)


def _may_be_of_csrf(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether Django's CSRF check may have answered; ``CSRF_FAILURE_VIEW`` chooses any status.

    A guard of an exempt view answers without that check.
    """
    view = _view(request)
    is_checked = view is not None and not getattr(view, "csrf_exempt", False)
    return response.status_code == 403 or is_checked


def login_failure(request: HttpRequest, detail: str) -> Failure:
    """Return the failure that sends the visitor to the login page and back."""
    url = login_url(request, _view(request))
    return Failure.of("login_required", detail=detail, extra={"login_url": url} if url else {})


def _redirect(request: HttpRequest, response: HttpResponseBase) -> Failure:
    location = response.get("Location", "")
    user = getattr(request, "user", None)
    if leads_to_login(location, _view(request)) and not getattr(user, "is_authenticated", False):
        return login_failure(request, f"a guard of the view redirects to {location}")
    return Failure.of(
        "redirected",
        detail=f"a guard of the view redirects to {location}, so the action did not run",
        extra={"location": location},
    )


def _by_status(request: HttpRequest, response: HttpResponseBase) -> Failure:
    status = response.status_code
    fallback = "server_error" if status >= 500 else "bad_request"
    extra = {}
    if CODES.get(status, fallback) == "server_error":
        extra["id"] = uuid.uuid4().hex[:12]
        where = escape(request.path[:300])
        logger.error("%s was answered with status %d (id %s)", where, status, extra["id"])
    known = Failure.of(
        CODES.get(status, fallback),
        detail=f"the view answered {status} before the action ran",
        extra=extra,
        headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
    )
    return replace(known, status=status)


def _view(request: HttpRequest) -> Callable[..., object] | None:
    return request.resolver_match.func if request.resolver_match else None
