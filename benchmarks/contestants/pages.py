"""Ordinary pages, of a project that only has the middleware of a package."""

from __future__ import annotations

from . import Request, bare

urlpatterns = bare.page_patterns


def requests() -> dict[str, Request]:
    return bare.pages()
