"""Views with and without actions, and what else may read the body of a request."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action, with_actions

from .spy import entered

# Without actions


def plain(request):
    entered.append("plain")
    return HttpResponse("plain")


async def aplain(request):
    entered.append("plain")
    return HttpResponse("plain")


def template(request):
    return TemplateResponse(request, "state.html", {"save": "its own"})


def redirect(request):
    response = HttpResponseRedirect("/elsewhere/")
    response.set_cookie("seen", "1")
    return response


def stream(request):
    return StreamingHttpResponse(iter([b"a", b"b"]), headers={"X-Own": "1"})


async def astream(request):
    async def pieces():
        yield b"a"
        yield b"b"

    return StreamingHttpResponse(pieces(), headers={"X-Own": "1"})


def missing(request):
    raise Http404("no such thing")


def broken(request):
    raise RuntimeError("broken")


class PlainPage(TemplateView):
    template_name = "state.html"


@csrf_exempt
def upload(request):
    """Read the body in pieces, which fails when something has parsed it before."""
    return HttpResponse(b"|".join(iter(lambda: request.read(4), b"")))


# With actions


@action
def save(request, title: str = ""):
    entered.append("save")
    return title


@csrf_exempt
@with_actions(save)
def upload_with_actions(request):
    return HttpResponse(b"|".join(iter(lambda: request.read(4), b"")))


class SaveMixin:
    @action(methods=["GET", "POST"])
    def save(self, title: str = "milk"):
        entered.append("save")
        return title


class StatePage(SaveMixin, ActionMixin, TemplateView):
    template_name = "state.html"


class ForgetfulPage(StatePage):
    def get_context_data(self, **kwargs):
        return {}


class HidingPage(StatePage):
    extra_context = {"save": "hides"}

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "save": "hides"}


class AttributePage(ActionMixin, TemplateView):
    template_name = "state.html"
    save = "an attribute"

    @action("save", methods=["GET"])
    def save_todo(self):
        return "milk"


class OverridingPage(StatePage):
    @action(methods=["GET"])
    def save(self, title: str = "bread"):
        return title


class HiddenAgainPage(StatePage):
    save = None  # type: ignore[assignment]


class ForgetsSetup(SaveMixin, ActionMixin, View):
    def setup(self, request, *args, **kwargs):
        self.request = request
        self.args = args
        self.kwargs = kwargs

    def get(self, request):
        entered.append("handler")
        return HttpResponse("handler")

    post = get


class AsyncForgetsSetup(SaveMixin, ActionMixin, View):
    def setup(self, request, *args, **kwargs):
        self.request = request

    async def get(self, request):
        entered.append("handler")
        return HttpResponse("handler")

    post = get


class ReadOnlyPage(SaveMixin, ActionMixin, TemplateView):
    template_name = "state.html"
    http_method_names = ["get"]


class AsyncReadOnlyPage(SaveMixin, ActionMixin, View):
    http_method_names = ["get"]

    async def get(self, request):
        return HttpResponse("page")


urlpatterns = [
    path("plain/", plain),
    path("aplain/", aplain),
    path("template/", template),
    path("plain-page/", PlainPage.as_view()),
    path("redirect/", redirect),
    path("stream/", stream),
    path("astream/", astream),
    path("missing/", missing),
    path("broken/", broken),
    path("upload/", upload),
    path("upload-with-actions/", upload_with_actions),
    path("state/", StatePage.as_view()),
    path("forgetful/", ForgetfulPage.as_view()),
    path("hiding/", HidingPage.as_view()),
    path("attribute/", AttributePage.as_view()),
    path("overriding/", OverridingPage.as_view()),
    path("hidden-again/", HiddenAgainPage.as_view()),
    path("forgets-setup/", ForgetsSetup.as_view()),
    path("async-forgets-setup/", AsyncForgetsSetup.as_view()),
    path("read-only/", ReadOnlyPage.as_view()),
    path("async-read-only/", AsyncReadOnlyPage.as_view()),
]
