"""Answer a plain browser request."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from ..failures import Failure
from ..items import Item, Redirect
from ..paths import path_of
from ..protocol import RESERVED_NAMES


def answer(
    items: Sequence[Item], request: HttpRequest, names: Collection[str]
) -> HttpResponse | None:
    """Return the redirect that follows a post, so that a reload does not post twice.

    Args:
        names: Of the action's arguments, which the URL then no longer has.

    Returns:
        ``None`` for a GET: the page itself is the answer, with the state in it.
    """
    for item in items:
        if isinstance(item, Redirect):
            return see_other(str(item.url))
    if request.method == "GET":
        return None
    query = request.GET.copy()
    for name in [*RESERVED_NAMES, *names]:
        query.pop(name, None)
    return see_other(path_of(request, query))


def answer_failure(failure: Failure) -> HttpResponse:
    """Return a failure that Django has no page for."""
    return HttpResponse(
        format_html('<p role="alert">{}</p>', failure.error),
        status=failure.status,
        headers=failure.headers,
    )


def see_other(url: str) -> HttpResponse:
    """Return a redirect that is followed with GET (RFC 9110, section 15.4.4)."""
    return HttpResponse(status=303, headers={"Location": url})
