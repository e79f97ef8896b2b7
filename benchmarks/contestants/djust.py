"""djust: a server function of a live view, called over HTTP."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from djust import LiveView
from djust.decorators import server_function

from . import DATA, Request, bare, post


class Page(LiveView):
    api_name = "page"
    template = "<div dj-root></div>"

    @server_function
    def save(self, title: str, count: int) -> dict[str, Any]:
        return {"id": 7, "title": title}


urlpatterns = [path("djust/api/", include("djust.api.urls")), *bare.page_patterns]


def requests() -> dict[str, Request]:
    call = post(data={"params": DATA}, path="/djust/api/call/page/save/")
    return {"call": call, "acall": call, **bare.pages()}
