"""Actions whose answers are responses, and pages for the middleware's other tests."""

from __future__ import annotations

import threading

from django.http import FileResponse, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import include, path
from django.views import View

from django_hyper import ActionMixin, action

from .kinds import pages_with, request_of


def teapot() -> HttpResponse:
    response = HttpResponse(b"short and stout", status=418, content_type="text/plain")
    response.set_cookie("tea", "green")
    return response


def csv() -> HttpResponse:
    return HttpResponse(
        b"a,b\n",
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="a.csv"'},
    )


def html_file() -> HttpResponse:
    return HttpResponse(
        b"<p>file</p>", headers={"Content-Disposition": 'attachment; filename="a.html"'}
    )


# By name: responses that reach the caller as they are.
UNTOUCHED = {
    "teapot": teapot,
    "csv": csv,
    "html file": html_file,
    "empty": lambda: HttpResponse(status=204),
    "html error": lambda: HttpResponse(b"<h1>Gone</h1>", status=410),
    "json": lambda: HttpResponse(b'{"own": 1}', content_type="application/json"),
    "not modified": lambda: HttpResponse(status=304),
}


@action
def answer(owner, name: str):
    return UNTOUCHED[name]()


@action
async def aanswer(owner, name: str):
    return UNTOUCHED[name]()


@action
def html(owner):
    return HttpResponse("<p>日本</p>".encode("shift_jis"), charset="shift_jis")


@action
async def ahtml(owner):
    return HttpResponse("<p>日本</p>".encode("shift_jis"), charset="shift_jis")


@action
def template(owner):
    return TemplateResponse(request_of(owner), "milk.html", {"what": "milk & honey"})


@action
async def atemplate(owner):
    return TemplateResponse(request_of(owner), "milk.html", {"what": "milk & honey"})


@action
def rendered(owner):
    return render(request_of(owner), "milk.html", {"what": "milk & honey"})


@action
def stream_html(owner):
    return StreamingHttpResponse(iter(["<p>", "</p>"]))


@action
def file(owner):
    return FileResponse(iter([b"a"]), filename="a.bin", as_attachment=True)


@action
def redirect(owner):
    response = HttpResponseRedirect("/done/")
    response.set_cookie("seen", "1")
    return response


@action
def html_with_cookie(owner):
    response = HttpResponse("<p>")
    response.set_cookie("seen", "1")
    return response


@action
def cached(owner):
    return HttpResponse(
        b"x",
        content_type="text/plain",
        headers={"Cache-Control": "max-age=60"},
    )


@action
def details(owner):
    hyper = request_of(owner).hyper
    return [bool(hyper), hyper.action, hyper.target, hyper.request_id, hyper.attempt, hyper.caller]


@action
def thread(owner):
    return threading.get_ident()


class AsyncPage(ActionMixin, View):
    async def get(self, request):
        return HttpResponse("page")

    @action
    async def save(self):
        return "saved"


class MinimalPage(ActionMixin, View):
    def get(self, request):
        return HttpResponse("page", headers={"Vary": "Cookie"})


urlpatterns = [
    path(
        "",
        include(
            pages_with(
                *(answer, aanswer, html, ahtml, template, atemplate, rendered, stream_html),
                *(file, redirect, html_with_cookie, cached, details, thread),
            )
        ),
    ),
    path("async-page/", AsyncPage.as_view()),
    path("vary/", MinimalPage.as_view()),
]
