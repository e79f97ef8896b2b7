"""What stands before Django: it notes each call, answers as a proxy would, and adds the policy."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.decorators import sync_and_async_middleware

PAGE = "<!doctype html><title>{0}</title><main><h1>{0}</h1></main>"
ANSWERS: dict[str, Callable[[], HttpResponse]] = {
    "proxy_502": lambda: HttpResponse(PAGE.format("Bad Gateway"), status=502),
    "proxy_login": lambda: HttpResponse(PAGE.format("Please log in")),
    "proxy_fragment": lambda: HttpResponse("<h1>Not yours</h1>"),
    "proxy_redirect": lambda: HttpResponseRedirect("/moved/"),
    "proxy_nothing": lambda: HttpResponse(),
}

# The calls that came, in order; `status` is null until they are answered.
seen: list[dict[str, Any]] = []


@sync_and_async_middleware
def edge(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            note = enter(request)
            return leave(request, note, answer(request) or await get_response(request))

    else:

        def middleware(request: HttpRequest) -> HttpResponseBase:  # type: ignore[misc]
            note = enter(request)
            return leave(request, note, answer(request) or get_response(request))

    return middleware


def enter(request: HttpRequest) -> dict[str, Any]:
    request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
    note = {
        "action": request.headers.get("X-Hyper-Action"),
        "id": request.headers.get("X-Hyper-Request-ID"),
        "attempt": request.headers.get("X-Hyper-Attempt"),
        "status": None,
    }
    if note["action"]:
        seen.append(note)
    return note


def answer(request: HttpRequest) -> HttpResponse | None:
    make = ANSWERS.get(request.headers.get("X-Hyper-Action", ""))
    return make() if make else None


def leave(request: HttpRequest, note: dict[str, Any], response: HttpResponseBase) -> Any:
    note["status"] = response.status_code
    evaluation = "" if request.path.startswith("/csp/") else " 'unsafe-eval'"
    nonce = request.csp_nonce  # type: ignore[attr-defined]
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'nonce-{nonce}'{evaluation}; img-src data:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response
