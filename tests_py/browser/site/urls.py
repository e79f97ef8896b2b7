"""Pages for each of Alpine's builds, and what a test needs to hold and read the server."""

from __future__ import annotations

import time
from collections import defaultdict
from threading import Event

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, LogoutView
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Redirect, action
from django_hyper.config import MESSAGES
from tests_py.site.models import Todo

from . import HOSTILE, edge
from .htmx_page import HtmxPage

MESSAGES["hostile"] = HOSTILE  # type: ignore[assignment]

# A call of `wait` is answered when the test opens the door of its title.
doors: defaultdict[str, Event] = defaultdict(Event)


class Page(ActionMixin, TemplateView):
    def is_csp(self) -> bool:
        return self.kwargs["build"] == "csp"

    @action
    def save(self, title: str) -> str:
        if not title:
            raise ValueError("Title is required")
        return Todo.objects.create(title=title).title

    @action
    def wait(self, title: str) -> str:
        if title:
            doors[title].wait(10)
        return self.save(title)

    @action
    def remember(self, title: str) -> str:
        self.request.session["title"] = title
        return self.wait(title)

    @action(idempotent=True)
    def lose_once(self, title: str) -> str:
        return self.save(title)

    @action
    def save_slowly(self, title: str) -> str:
        time.sleep((20 - int(title)) / 1_000)  # the later it is sent, the sooner it would end
        return self.save(title)

    @action
    def lose(self, title: str) -> str:
        return self.save(title)

    @action
    def cut(self, title: str) -> str:
        return self.save(title)

    @action
    def leave(self, title: str) -> Redirect:
        return Redirect(title)

    @action
    def leave_site(self, title: str) -> Redirect:
        return Redirect(title, external=True)

    @action
    def forge(self, title: str) -> JsonResponse:
        return redirect_as_it_is(title, external=False)

    @action
    def forge_external(self, title: str) -> JsonResponse:
        return redirect_as_it_is(title, external=True)


class Members(LoginRequiredMixin, Page):
    template_name = "form.html"


def redirect_as_it_is(url: str, external: bool) -> JsonResponse:
    item = {"event": "redirect", "data": {"url": url, "external": external}}
    return JsonResponse({"result": url, "items": [item]})


def reset(request: HttpRequest) -> HttpResponse:
    for door in doors.values():
        door.set()  # lets go what a test before has left waiting
    doors.clear()
    edge.seen.clear()
    Todo.objects.all().delete()
    Session.objects.all().delete()
    return HttpResponse()


def open_door(request: HttpRequest, title: str) -> HttpResponse:
    doors[title].set()
    return HttpResponse()


def end_sessions(request: HttpRequest) -> HttpResponse:
    Session.objects.all().delete()
    return HttpResponse()


def read_state(request: HttpRequest) -> JsonResponse:
    titles = Todo.objects.order_by("pk").values_list("title", flat=True)
    return JsonResponse({"seen": edge.seen, "titles": list(titles)})


urlpatterns = [
    path("<build>/form/", Page.as_view(template_name="form.html")),
    path("<build>/directives/", Page.as_view(template_name="directives.html")),
    path("<build>/fresh/", Page.as_view(template_name="fresh.html")),
    path("<build>/rows/", Page.as_view(template_name="rows.html")),
    path("<build>/members/", Members.as_view()),
    path("htmx/<int:version>/", HtmxPage.as_view()),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("test/reset/", reset),
    path("test/open/<title>/", open_door),
    path("test/end-sessions/", end_sessions),
    path("test/state/", read_state),
]
