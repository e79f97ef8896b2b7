"""The strict Content-Security-Policy of every page: no inline script, no eval, no other site."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@sync_and_async_middleware
def csp_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Give each request a nonce, and each answer the policy that names it."""
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            add_nonce(request)
            return add_policy(request, await get_response(request))

    else:

        def middleware(request: HttpRequest) -> HttpResponseBase:  # type: ignore[misc]
            add_nonce(request)
            return add_policy(request, get_response(request))

    return middleware


def add_nonce(request: HttpRequest) -> None:
    request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]


def add_policy(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    policy = POLICY.format(nonce=request.csp_nonce)  # type: ignore[attr-defined]
    response.headers["Content-Security-Policy"] = policy
    return response
