"""Read the URL patterns of the project; importing them declares its actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """One URL pattern: its path as it is written, e.g. ``"/shop/<int:pk>/"``, and its view."""

    path: str
    view: Callable[..., Any]
    view_name: str  # "shop.views.ShopPage"


def read_routes() -> list[Route]:
    """Return the routes of the project, in their order."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    return list(_routes("/", get_resolver().url_patterns))


def _routes(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[Route]:
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _routes(path, pattern.url_patterns)
        else:
            yield Route(path, pattern.callback, pattern.lookup_str)
