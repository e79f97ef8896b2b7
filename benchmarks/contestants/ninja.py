"""django-ninja: operations with a schema."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema

from . import Request, post

api = NinjaAPI()


class Todo(Schema):
    title: str
    count: int


@api.post("/save/")
def save(request: HttpRequest, todo: Todo) -> dict[str, Any]:
    return {"id": 7, "title": todo.title}


@api.post("/asave/")
async def asave(request: HttpRequest, todo: Todo) -> dict[str, Any]:
    return {"id": 7, "title": todo.title}


urlpatterns = [path("", api.urls)]


def requests() -> dict[str, Request]:
    return {"call": post(path="/save/"), "acall": post(path="/asave/")}
