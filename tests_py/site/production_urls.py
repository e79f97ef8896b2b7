"""A page as it is deployed: what its proxy tells it, and how it ends."""

from __future__ import annotations

import asyncio
import threading
import time

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Refresh, Reply, action

from .spy import INTENDED


class ProductionMixin(View):
    request: HttpRequest

    @action
    def tell(self):
        return {"is_secure": self.request.is_secure(), "address": self.request.META["REMOTE_ADDR"]}

    @action
    def upload(self, file: UploadedFile | None = None, text: str = ""):
        return file.size if file else len(text)

    @action
    def threads(self):
        """Count those that asgiref has made for requests."""
        return sum(each.name.startswith("ThreadPool") for each in threading.enumerate())

    @action
    def with_headers(self, size: int):
        return HttpResponse("x", "text/plain", headers={"X-Long": "x" * size})

    @action
    def read(self):
        return "a long answer " * 1_000

    @action(rate_limit="3/d")
    def limited(self):
        return "passed"

    @action(rate_limit="3/d")
    def limited_too(self):
        return "passed"

    @action(idempotent=True)
    def pay(self, text: str = ""):
        return {"paid": text}

    @action
    def begin(self):
        self.request.session["begun"] = True

    @action
    def fail(self):
        raise RuntimeError(INTENDED)

    @action(methods=("GET", "POST"))
    def wait(self, seconds: float):
        """Stream, and say nothing for a while."""
        yield "first"
        time.sleep(seconds)
        yield "last"

    @action(methods=("GET", "POST"))
    async def await_(self, seconds: float):
        yield "first"
        await asyncio.sleep(seconds)
        yield "last"

    @action
    def refresh_in_stream(self):
        yield Reply("shown", Refresh("#todos"))


class Page(ProductionMixin, ActionMixin, TemplateView):
    template_name = "production.html"


class AsyncPage(ProductionMixin, ActionMixin, View):
    async def get(self, request):
        return HttpResponse("page")


urlpatterns = [
    path("", Page.as_view()),
    path("async/", transaction.non_atomic_requests(AsyncPage.as_view())),
]
