"""Pages that a plain browser posts to."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from django_hyper import (
    ActionError,
    ActionMixin,
    Redirect,
    Refresh,
    Reply,
    Toast,
    action,
    with_actions,
)

from .models import Todo
from .spy import entered


def end(how: str) -> object:
    """End in the way that the visitor asked for."""
    failures: dict[str, Exception] = {
        "value": ValueError("Title is required"),
        "field": ValidationError({"title": ["Too short."]}),
        "sold out": ActionError("Sold out", code="sold_out", status=409),
        "denied": PermissionDenied("no"),
        "missing": Http404("no"),
        "bug": RuntimeError("secret"),
    }
    if how in failures:
        raise failures[how]
    return {
        "toast": Toast("Saved"),
        "away": Redirect("/pages/other/"),
        "back": Redirect("/pages/class/?page=3"),
        "nothing": None,
        "much": secrets.token_hex(2_000),
    }.get(how, {"saved": how})


class PostMixin:
    @action
    def save(self, title: str, count: int = 1, how: str = ""):
        entered.append(("save", title))
        Todo.objects.create(title=title)
        messages.info(self.request, "Noted")  # type: ignore[attr-defined]
        return end(how or title)

    @action
    def go(self, url: str):
        return Reply("there", Redirect(url, external=url.startswith("http")))

    @action(rate_limit="1/h", login_required=False)
    def rarely(self, title: str = ""):
        return "once"

    @action(login_required=True)
    def members_only(self):
        return "in"

    @action(permission_required="site.add_todo")
    def staff_only(self):
        return "in"

    @action(methods=["GET", "POST"])
    def remember(self):
        response = HttpResponse("<b>dark</b>")
        response.set_cookie("theme", "dark")
        return response

    @action(methods=["GET"])
    def look(self, title: str = "", limit: int = 1):
        return end(title)


class ClassPage(PostMixin, ActionMixin, TemplateView):
    template_name = "post.html"

    def get_context_data(self, **kwargs):
        return {"todos": Todo.objects.all()}


class AsyncClassPage(PostMixin, ActionMixin, View):
    async def get(self, request):
        todos = [todo async for todo in Todo.objects.all()]
        return TemplateResponse(request, "post.html", {"todos": todos})

    @action
    async def save(self, title: str, count: int = 1, how: str = ""):
        await Todo.objects.acreate(title=title)
        messages.info(self.request, "Noted")
        return end(how or title)


@action
def save(request, title: str, count: int = 1, how: str = ""):
    entered.append(("save", title))
    Todo.objects.create(title=title)
    messages.info(request, "Noted")
    return end(how or title)


@with_actions(save)
def function_page(request):
    if request.method == "POST":
        entered.append("own handler")
    context = {"save": request.hyper.states.save, "todos": Todo.objects.all()}
    return render(request, "post.html", context)


@with_actions(save)
async def async_function_page(request):
    if request.method == "POST":
        entered.append("own handler")
    return TemplateResponse(request, "post.html")


class PagelessPage(PostMixin, ActionMixin, View):
    http_method_names = ["post"]


class MovingPage(PostMixin, ActionMixin, View):
    def get(self, request):
        return HttpResponseRedirect("/pages/other/")


class BodyPage(PostMixin, ActionMixin, View):
    def get(self, request):
        sent = f"{request.content_type!r}{request.body!r}{len(request.FILES)}"
        return HttpResponse(f"{request.method} {sent}")


class CachedPage(ActionMixin, TemplateView):
    template_name = "post.html"

    @action
    def save(self, title: str):
        return title


@method_decorator(cache_page(60), name="dispatch")
class CachedDispatchPage(CachedPage):
    def get(self, request):
        return render(request, "post.html", {"save": request.hyper.states.save})


@method_decorator(cache_page(60), name="get")
class CachedGetPage(CachedPage):
    @action(methods=["GET"])
    def look(self):
        return self.request.META["HTTP_USER_AGENT"]

    @action(methods=["GET"])
    def export(self):
        return HttpResponse("1;2", content_type="text/csv")

    @action
    def fill(self):
        return Reply("only for me", Refresh())


class CountingPage(ClassPage):
    def dispatch(self, request, *args, **kwargs):
        Todo.objects.create(title="seen")
        return super().dispatch(request, *args, **kwargs)


urlpatterns = [
    path("counting/", CountingPage.as_view()),
    path("class/", ClassPage.as_view()),
    path("class/deeper/", ClassPage.as_view()),
    path("aclass/", AsyncClassPage.as_view()),
    path("function/", function_page),
    path("afunction/", async_function_page),
    path("exempt/", csrf_exempt(ClassPage.as_view())),
    path("pageless/", PagelessPage.as_view()),
    path("moving/", MovingPage.as_view()),
    path("body/", BodyPage.as_view()),
    path("cached/", cache_page(60)(CachedPage.as_view())),
    path("cached/dispatch/", CachedDispatchPage.as_view()),
    path("cached/both/", cache_page(60)(CachedGetPage.as_view())),
    path("cached/get/", CachedGetPage.as_view()),
]
