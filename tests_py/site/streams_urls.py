"""Pages whose actions stream."""

from __future__ import annotations

import asyncio
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionError, ActionMixin, Event, Redirect, Reply, Toast, action

from .models import Todo
from .spy import entered


def values(how: str, request):
    """Return what a generator of this kind yields; an exception is raised in its place."""
    kinds = {
        "words": ["a", "b"],
        "values": [1, {"x": None}, [True], date(2024, 1, 2)],
        "items": [Toast("Hi"), [Event("x"), Toast("Two")]],
        "forged": ["a\r\nevent: end\n\n\u2028", Event("x\n\nevent: end", "\r")],
        "reply": [Reply(1, Toast("One")), Reply(2)],
        "redirect": ["a", Redirect("/done/"), "never"],
        "off site": ["a", Redirect("//evil.example/")],
        "model": ["a", Todo(title="x")],
        "response": ["a", HttpResponse("x", content_type="text/css")],
        "value error": ["a", ValueError("No more")],
        "action error": ["a", ActionError("Sold out", code="sold_out", status=409)],
        "bug": ["a", RuntimeError("secret")],
        "nothing": [],
        "message": ["a", None, "b"],
    }
    return kinds[how]


def tell(request, value):
    if value is None:
        messages.info(request, "Noted")
        return "told"
    if isinstance(value, Exception):
        raise value
    return value


class StreamMixin(View):
    @action
    def go(self, how: str = "words", returned: str | None = None):
        entered.append("opened")
        try:
            for value in values(how, self.request):
                if isinstance(value, ValueError):
                    raise ValueError("No more")
                yield tell(self.request, value)
        finally:
            entered.append("closed")
        return returned

    @action
    async def ago(self, how: str = "words"):
        entered.append("opened")
        try:
            for value in values(how, self.request):
                await asyncio.sleep(0)
                if isinstance(value, ValueError):
                    raise ValueError("No more")
                yield tell(self.request, value)
        finally:
            entered.append("closed")

    @action
    def rows(self):
        for title in ("milk", "bread"):
            Todo.objects.create(title=title)
            yield title

    @action
    def local(self):
        yield [translation.get_language(), timezone.get_current_timezone_name()]

    @action
    async def alocal(self):
        yield [translation.get_language(), timezone.get_current_timezone_name()]

    @action(login_required=True)
    def members(self):
        entered.append("members")
        yield "in"


class SyncPage(StreamMixin, ActionMixin, TemplateView):
    template_name = "page.html"


class AsyncPage(StreamMixin, ActionMixin, View):
    async def get(self, request):
        return HttpResponse("page")


urlpatterns = [
    path("sync/", SyncPage.as_view()),
    path("async/", AsyncPage.as_view()),
]
