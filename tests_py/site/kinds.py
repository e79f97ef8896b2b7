"""One set of actions on pages of all four kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views import View

from django_hyper import ActionMixin, with_actions

from .spy import entered

KINDS = ("class-sync", "class-async", "function-sync", "function-async")


def request_of(owner: Any) -> HttpRequest:
    """Return the request of what an action gets first: the view, or the request itself."""
    return getattr(owner, "request", owner)


def pages_with(*actions: Callable[..., Any]) -> list[URLPattern]:
    """Return a page of each kind, at its name, with all of the `actions`."""
    members: dict[str, Any] = {action.__name__: action for action in actions}

    class SyncPage(ActionMixin, View):
        vars().update(members)

        def get(self, request):
            entered.append("page")
            return HttpResponse("page")

    class AsyncPage(ActionMixin, View):
        vars().update(members)

        async def get(self, request):
            entered.append("page")
            return HttpResponse("page")

    @with_actions(*actions)
    def sync_page(request):
        entered.append("page")
        return HttpResponse("page")

    @with_actions(*actions)
    async def async_page(request):
        entered.append("page")
        return HttpResponse("page")

    pages = (SyncPage.as_view(), AsyncPage.as_view(), sync_page, async_page)
    return [path(f"{kind}/", page) for kind, page in zip(KINDS, pages, strict=True)]
