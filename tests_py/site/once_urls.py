"""Actions that run at most once for each request id."""

from __future__ import annotations

import os
import time

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Toast, action

from .models import Todo
from .spy import entered


class OnceMixin(View):
    @action(idempotent=True)
    def pay(
        self,
        title: str = "",
        how: str = "",
        pause: float = 0,
        file: UploadedFile | None = None,
    ):
        entered.append(title)
        Todo.objects.create(title=title)
        if how == "fail":
            raise ValueError("No money")
        time.sleep(pause)
        if how == "exit":
            os._exit(1)
        return RETURNED.get(how, lambda: {"paid": title, "run": Todo.objects.count()})()

    @action(idempotent=True)
    async def apay(self, title: str = ""):
        entered.append(title)
        return {"paid": title}

    @action(idempotent=True)
    def go(self):
        return (word for word in "ab")

    @action
    def save(self, title: str = ""):
        entered.append(title)
        return title

    @action(methods=["GET"])
    def look(self):
        entered.append("looked")

    @action
    def begin(self):
        self.request.session["begun"] = True

    @action(idempotent=True)
    def note(self):
        messages.info(self.request, "Noted")
        return Toast("Paid")


RETURNED = {
    "refused": lambda: HttpResponse("no", status=403),
    "file": lambda: HttpResponse("x", headers={"Content-Disposition": "attachment"}),
    "away": lambda: HttpResponseRedirect("/done/"),
    "stream": lambda: StreamingHttpResponse([b"x"]),
}


class SyncPage(OnceMixin, ActionMixin, TemplateView):
    template_name = "page.html"


class AsyncPage(OnceMixin, ActionMixin, View):
    async def get(self, request):
        return HttpResponse("page")


class BreakingPage(SyncPage):
    def dispatch(self, request, *args, **kwargs):
        super().dispatch(request, *args, **kwargs)
        raise RuntimeError("after the action")


urlpatterns = [
    path("sync/", SyncPage.as_view()),
    path("async/", AsyncPage.as_view()),
    path("breaking/", BreakingPage.as_view()),
]
