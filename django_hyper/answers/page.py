"""Answer a plain browser request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_callable
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html

from .. import cookies
from ..failures import Failure
from ..items import Item, Redirect
from ..paths import path_of
from ..protocol import RESERVED_NAMES

# Failures that Django has a page for, which a project may have made its own.
DJANGOS: Mapping[str, type[Exception]] = {
    "bad_request": BadRequest,
    "permission_denied": PermissionDenied,
    "unknown_action": Http404,
    "not_found": Http404,
}


class Itself(HttpResponse):
    """Stands for the page of the view, with the state in it; the page gets its cookies."""


class SeeOther(HttpResponse):
    """A redirect that is followed with GET (RFC 9110, section 15.4.4), however long its URL."""

    status_code = 303

    def __init__(self, url: str) -> None:
        self.url = iri_to_uri(url)  # where Django's test client looks
        super().__init__(headers={"Location": self.url})


def answer(
    result: Any, items: Sequence[Item], request: HttpRequest, names: Collection[str]
) -> HttpResponse:
    """Return the redirect that follows a post, so that a reload does not post twice.

    Args:
        names: Of the action's arguments, which the URL then no longer has.

    Returns:
        `Itself` for a GET.
    """
    for item in items:
        if isinstance(item, Redirect):
            return _with_state(SeeOther(str(item.url)), request, result)
    if request.method == "GET":
        return Itself()
    query = request.GET.copy()
    for name in [*RESERVED_NAMES, *names, *request.POST]:
        query.pop(name, None)
    return _with_state(SeeOther(path_of(request, query)), request, result)


def answer_failure(failure: Failure, request: HttpRequest) -> HttpResponse:
    """Return a failure that the page itself cannot show.

    Raises:
        Exception: Django's own, for a failure that it has a page for.
    """
    if url := failure.extra.get("login_url"):
        return HttpResponseRedirect(url)
    if failure.code == "csrf_failed":
        refuse = get_callable(settings.CSRF_FAILURE_VIEW)
        refusal: HttpResponse = refuse(request, reason=failure.detail)
        return refusal
    if failure.code in DJANGOS:
        raise DJANGOS[failure.code](failure.detail)
    return HttpResponse(
        format_html('<p role="alert">{}</p>', failure.error),
        status=failure.status,
        headers=failure.headers,
    )


def _with_state(response: HttpResponse, request: HttpRequest, result: Any) -> HttpResponse:
    cookies.write_state(response, request, result)
    return response
