"""Turn what an action returned into a result and items."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedRedirect
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from .details import HyperDetails
from .errors import CallRefused
from .items import HTML, History, Item, Redirect, Reply
from .logins import asks_for_login
from .protocol import HTMX, PAGE

WHOLE_URL = re.compile(r"https?://[^/\\]", re.IGNORECASE)
PLAIN = frozenset({dict, str, int, float, bool, type(None)})  # a result as it is


def reply_of(
    returned: Any, request: HttpRequest, function: Callable[..., Any]
) -> Reply | HttpResponseBase:
    """Return the result and items of `returned`, or a response that passes untouched.

    Args:
        function: The action; a decorator below it may have answered in its stead.

    Raises:
        CallRefused: ``login_required`` or ``permission_denied``, for the redirect of such
            a decorator.
        DisallowedRedirect: A redirect leads off this site without `external`.
    """
    if type(returned) in PLAIN:
        return Reply(returned)
    reply = _reply_of(returned, request)
    if isinstance(reply, Reply):
        for item in reply.items:
            if isinstance(item, Redirect):
                _check_login(returned, item, request, function)
                _check_redirect(item, request)
            elif isinstance(item, History):
                _check_history(item, request)
    return reply


def stream_reply_of(value: Any, request: HttpRequest, function: Callable[..., Any]) -> Reply:
    """Return the result and items of what a generator yielded.

    Raises:
        TypeError: It is a response, which no stream can carry.
    """
    reply = reply_of(value, request, function)
    if isinstance(reply, HttpResponseBase):
        raise TypeError(
            f"{function.__qualname__}() gave a {type(value).__qualname__} in a stream; expected a "
            "JSON value or items. Return a response from an action that does not yield."
        )
    return reply


def _reply_of(returned: Any, request: HttpRequest) -> Reply | HttpResponseBase:
    if isinstance(returned, Reply):
        return returned
    if isinstance(returned, Item):
        return Reply(None, returned)
    if isinstance(returned, HttpResponseBase):
        return _reply_of_response(returned, request)
    if isinstance(returned, (list, tuple)) and returned and isinstance(returned[0], Item):
        return Reply(None, *returned)  # refuses what is no item among them
    return Reply(returned)


def _reply_of_response(
    response: HttpResponseBase, request: HttpRequest
) -> Reply | HttpResponseBase:
    if 300 <= response.status_code < 400 and response.has_header("Location"):
        return _with_cookies(Reply(None, Redirect(response["Location"])), response)
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()  # inside the view, so that an error rolls back
    if isinstance(response, HttpResponse) and _is_page(response):
        return _reply_of_page(response, request)
    return response


def _reply_of_page(page: HttpResponse, request: HttpRequest) -> Reply:
    """Return HTML for the target of the call; without a target it is the result."""
    details: HyperDetails = request.hyper  # type: ignore[attr-defined]
    if details.caller == HTMX:
        reply = Reply()
        reply.page = page  # htmx decides the target
        return reply
    text = page.content.decode(page.charset)
    reply = Reply(None, HTML(text)) if details.target else Reply(text)
    return _with_cookies(reply, page)


def _with_cookies(reply: Reply, response: HttpResponseBase) -> Reply:
    reply.cookies = response.cookies
    return reply


def _is_page(response: HttpResponse) -> bool:
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    is_html = response.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and not is_file


def _check_login(
    returned: Any, item: Redirect, request: HttpRequest, function: Callable[..., Any]
) -> None:
    is_page = request.hyper.caller == PAGE  # type: ignore[attr-defined]
    is_response = isinstance(returned, HttpResponseBase)
    if not is_page and is_response and asks_for_login(str(item.url), request, function):
        is_known = getattr(getattr(request, "user", None), "is_authenticated", False)
        code = "permission_denied" if is_known else "login_required"
        raise CallRefused(code, f"a decorator below @action redirects to {item.url}")


def _check_redirect(item: Redirect, request: HttpRequest) -> None:
    url = str(item.url)
    is_whole = url.isprintable() and WHOLE_URL.match(url)
    if not (is_whole if item.external else _is_of_site(url, request)):
        raise DisallowedRedirect(
            f"Redirect got {url!r}; expected a URL of this site. "
            "To leave it for an http(s) URL, return Redirect(url, external=True)."
        )


def _check_history(item: History, request: HttpRequest) -> None:
    url = str(item.url)
    if not _is_of_site(url, request):
        raise DisallowedRedirect(
            f"History got {url!r}; expected a URL of this site, since no page can show "
            "another in its address bar. To go there, return Redirect(url, external=True)."
        )


def _is_of_site(url: str, request: HttpRequest) -> bool:
    return url.isprintable() and url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )


def needs_a_thread(returned: Any) -> bool:
    """Whether reading the reply may query the database: for a template, or for the user."""
    return isinstance(returned, HttpResponseBase)
