"""django-unicorn: a method of a component, which is rendered again with each call."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from django_unicorn.components import UnicornView
from django_unicorn.utils import generate_checksum

from . import Request, post


class PageView(UnicornView):
    template_name = "unicorn/page.html"

    def save(self, title: str, count: int) -> dict[str, Any]:
        return {"id": 7, "title": title}


urlpatterns = [path("unicorn/", include("django_unicorn.urls"))]


def requests() -> dict[str, Request]:
    data: dict[str, Any] = {}
    call = post(
        data={
            "id": "page1",
            "data": data,
            "meta": generate_checksum(data),
            "epoch": "1",
            "actionQueue": [
                {"type": "callMethod", "payload": {"name": "save('Milk', '3')"}},
            ],
        },
        path="/unicorn/message/contestants.unicorn.PageView",
    )
    return {"call": call, "acall": call}
