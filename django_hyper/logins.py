"""Where a visitor logs in, and whether a redirect leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, QueryDict
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.http import url_has_allowed_host_and_scheme

from .paths import path_of
from .protocol import ACTION_FIELD

View = Callable[..., Any]


def login_url(request: HttpRequest, view: View | None) -> str | None:
    """Return the login page of `view`, with a `next` that leads back to the visitor's page.

    ``None`` where the project has no such page.
    """
    try:
        url = _login_page(view)
    except NoReverseMatch:
        return None
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    page = _page_of_visitor(request)
    is_here = parts.netloc in ("", request.get_host())
    query[_redirect_field(view)] = page if is_here else request.build_absolute_uri(page)
    return urlunsplit(parts._replace(query=query.urlencode(safe="/")))


def leads_to_login(location: str, view: View | None) -> bool:
    """Whether a redirect to `location` asks for login, as guards of views do."""
    try:
        page = urlsplit(_login_page(view))
    except NoReverseMatch:
        return False
    target = urlsplit(location)
    return (target.netloc, target.path) == (page.netloc, page.path)


def asks_for_login(location: str, request: HttpRequest, function: View) -> bool:
    """Whether a redirect is that of a guard: to the login page, and then back to here."""
    try:
        query = QueryDict(urlsplit(location).query)
    except ValueError:  # no URL at all; what checks redirects says so
        return False
    back = query.get(_redirect_field(function), "")
    here = {request.get_full_path(), request.build_absolute_uri()}
    return leads_to_login(location, function) and back in here


def _login_page(view: View | None) -> str:
    """Return what ``login_required(login_url=…)``, a mixin's `login_url` or settings say."""
    view_class = getattr(view, "view_class", None)
    url = (
        getattr(view, "login_url", None)
        or getattr(view, "view_initkwargs", {}).get("login_url")
        or getattr(view_class, "login_url", None)
        or settings.LOGIN_URL
    )
    page: str = resolve_url(str(url))
    return page


def _redirect_field(view: View | None) -> str:
    view_class = getattr(view, "view_class", None)
    return str(
        getattr(view, "redirect_field_name", None)
        or getattr(view_class, "redirect_field_name", None)
        or REDIRECT_FIELD_NAME
    )


def _page_of_visitor(request: HttpRequest) -> str:
    """Return the path of the page that made the call, or else of the one it called."""
    referer: str = request.META.get("HTTP_REFERER", "")
    query = request.GET.copy()
    query.pop(ACTION_FIELD, None)
    pages = [path_of(request, query)]
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        path = parts.path or "/"
        pages.insert(0, f"{path}?{parts.query}" if parts.query else path)
    # The path of a Referer may begin with two slashes, and then names a host.
    return next(page for page in pages if url_has_allowed_host_and_scheme(page, None))
