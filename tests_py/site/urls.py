from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action


class Page(ActionMixin, TemplateView):
    template_name = "page.html"

    @action
    def save(self, title: str, count: int = 1):
        if not title:
            raise ValueError("Title is required")
        return {"title": title, "count": count}


# One module of pages for each module of tests.
SUBJECTS = (
    "arguments",
    "dispatch",
    "failures",
    "forms",
    "fuzz",
    "guards",
    "middleware",
    "once",
    "pages",
    "production",
    "refreshes",
    "server_streams",
    "servers",
    "soak",
    "streams",
    "views",
)

urlpatterns = [path("page/", Page.as_view())]
for subject in SUBJECTS:
    module = f"tests_py.site.{subject}_urls"
    if find_spec(module):
        urlpatterns.append(path(f"{subject}/", include(module)))
