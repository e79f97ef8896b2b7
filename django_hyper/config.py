"""What the client must be told by the page: ``hyper-config``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _

# The client's own texts for the visitor, by code; it has the same in English.
MESSAGES = {
    "network": _("The connection was lost. Please try again."),
    "disconnected": _("The connection was lost. Please try again."),
    "offline": _("You are offline. Please try again later."),
    "timeout": _("This took too long. Please try again."),
    "exception": _("This page has a fault. Please reload it."),
    "unexpected_answer": _("The answer could not be read. Please try again."),
    "not_same_origin": _("This page cannot do that. Please reload it."),
    "too_large": _("This is too large to send."),
    "dismiss": _("Dismiss"),
}


def hyper_config(request: HttpRequest | None) -> Mapping[str, Any]:
    """Return the client's configuration.

    The token stands in it only where script cannot read the cookie, so that other pages
    stay cacheable.
    """
    is_hidden = settings.CSRF_USE_SESSIONS or settings.CSRF_COOKIE_HTTPONLY
    return {
        "csrf": {
            "cookie": settings.CSRF_COOKIE_NAME,
            "header": header_name(settings.CSRF_HEADER_NAME),
            "token": get_token(request) if is_hidden and request else None,
        },
        "messages": {code: str(text) for code, text in MESSAGES.items()},
        "debug": settings.DEBUG,
    }


def header_name(meta_key: str) -> str:
    """Return the HTTP header of a key of ``request.META``, e.g. ``X-CSRFTOKEN``."""
    return meta_key.removeprefix("HTTP_").replace("_", "-")
