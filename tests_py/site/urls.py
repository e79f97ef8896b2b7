from __future__ import annotations

from django.urls import path
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action


class Page(ActionMixin, TemplateView):
    template_name = "page.html"

    @action
    def save(self, title: str, count: int = 1):
        if not title:
            raise ValueError("Title is required")
        return {"title": title, "count": count}


urlpatterns = [path("page/", Page.as_view())]
