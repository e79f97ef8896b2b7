"""Carry the state of an action over a redirect, in one signed cookie, without a session."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from .answers import json
from .paths import path_of

PREFIX = "hyper_state_"
SALT = "django_hyper.state"

max_age_seconds = 60  # the redirect is followed at once
max_bytes = 2_048


def write_state(response: HttpResponseBase, request: HttpRequest, result: Any) -> None:
    """Let the page that `response` redirects to show the result, to this visitor alone.

    A result that is too large is left out. May load the user.
    """
    encoded = json.encode(result)
    path = path_of(request)
    target = urlsplit(urljoin(path, response["Location"]))
    is_here = target.path == path and target.netloc in ("", request.get_host())
    if result is None or not is_here:
        return
    action = request.hyper.action  # type: ignore[attr-defined]
    told = [_visitor(request), path, action, msgspec.json.decode(encoded)]
    value = signing.TimestampSigner(salt=SALT).sign_object(told, compress=True)
    if len(value) <= max_bytes:
        response.set_cookie(
            _name(path),
            value,
            max_age=max_age_seconds,
            path=path,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )


def has_state(request: HttpRequest) -> bool:
    """Whether there may be a state for this page; costs nothing to most requests."""
    return PREFIX in request.META.get("HTTP_COOKIE", "") and request.method == "GET"


def read_state(request: HttpRequest) -> tuple[str, Any] | None:
    """Return the action and its result that the page shall show. May load the user."""
    path = path_of(request)
    value = request.COOKIES.get(_name(path), "")
    try:
        told = signing.TimestampSigner(salt=SALT).unsign_object(value, max_age=max_age_seconds)
    except signing.BadSignature:
        return None
    visitor, path_told, action, result = told
    is_meant = (visitor, path_told) == (_visitor(request), path)
    return (action, result) if is_meant else None


def delete_state(response: HttpResponseBase, request: HttpRequest) -> None:
    """Let the state be shown once."""
    path = path_of(request)
    response.delete_cookie(_name(path), path=path, samesite="Lax")


def _name(path: str) -> str:
    """Return the cookie's name: the browser also sends those of the paths above."""
    return PREFIX + hashlib.blake2s(path.encode(), digest_size=6).hexdigest()


def _visitor(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return str(user.pk) if user is not None and user.is_authenticated else ""
