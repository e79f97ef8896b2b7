"""Pages that an action asks to be rendered again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Refresh, Reply, Toast, action, with_actions

from .models import Todo


class TitleForm(forms.Form):
    title = forms.CharField()


def save_todo(request, title):
    Todo.objects.create(title=title)
    messages.info(request, "Noted")


class SaveMixin(View):
    @action(form=TitleForm)
    def save(self, form):
        save_todo(self.request, form.cleaned_data["title"])
        return Reply(1, Refresh("#todos", "#state"), Toast("Saved"))

    @action
    def add(self, title: str, selector: str = "#todos"):
        save_todo(self.request, title)
        return Refresh(selector)

    @action
    def fill(self):
        return Refresh()

    @action
    def stream(self):
        for title in ("milk", "bread"):
            save_todo(self.request, title)
            yield Reply(title, Refresh("#todos"))
            yield self.request.method
        return Refresh("#state")

    @action
    async def astream(self):
        yield Refresh("#todos")  # under WSGI another thread renders it: no database of the test
        yield self.request.method
        yield [Toast("Saved"), Refresh("#todos")]

    @action
    def go_on(self):
        return [Refresh("#todos"), Toast(f"{self.request.method} {len(self.request.POST)}")]


class ClassPage(SaveMixin, ActionMixin, TemplateView):
    template_name = "list.html"

    def get_context_data(self, **kwargs):
        return {"todos": Todo.objects.all()}


class AsyncPage(SaveMixin, ActionMixin, View):
    async def get(self, request):
        todos = [todo async for todo in Todo.objects.all()]
        return TemplateResponse(request, "list.html", {"todos": todos})


@action
def add(request, title: str, selector: str = "#todos"):
    save_todo(request, title)
    return Refresh(selector)


@with_actions(add)
def function_page(request):
    return render(request, "list.html", {"todos": Todo.objects.all()})


@with_actions(add)
async def async_function_page(request):
    todos = [todo async for todo in Todo.objects.all()]
    return TemplateResponse(request, "list.html", {"todos": todos})


class QuietPage(SaveMixin, ActionMixin, TemplateView):
    """Asks no database for its page."""

    template_name = "list.html"


class AsyncQuietPage(SaveMixin, ActionMixin, View):
    async def get(self, request):
        return TemplateResponse(request, "list.html")


class MovingPage(SaveMixin, ActionMixin, View):
    def get(self, request):
        messages.warning(request, "It is gone")
        return HttpResponseRedirect("/elsewhere/")


class MissingPage(SaveMixin, ActionMixin, View):
    def get(self, request):
        raise Http404("gone")


class TalkingPage(ClassPage):
    def get(self, request):
        messages.info(request, "Hello")
        return super().get(request)


class PagelessPage(SaveMixin, ActionMixin, View):
    """Has no GET to render."""


urlpatterns = [
    path("quiet/", QuietPage.as_view()),
    path("aquiet/", AsyncQuietPage.as_view()),
    path("talking/", TalkingPage.as_view()),
    path("class/", ClassPage.as_view()),
    path("aclass/", AsyncPage.as_view()),
    path("function/", function_page),
    path("afunction/", async_function_page),
    path("moving/", MovingPage.as_view()),
    path("missing/", MissingPage.as_view()),
    path("pageless/", PagelessPage.as_view()),
]
