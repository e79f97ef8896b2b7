"""What the soak calls: an action for each way in which a call can end."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

from django.db import transaction
from msgspec import Meta

from django_hyper import Refresh, Reply, Toast, action

from .kinds import KINDS, pages_with, request_of
from .models import Todo
from .servers_urls import aupload, upload
from .spy import INTENDED

Priority = Annotated[int, Meta(ge=1, le=5)]


@action
def begin(owner):
    """Give the visitor a session, so that answers can be kept for it."""
    request_of(owner).session["begun"] = True


@action
def keep(owner, title: str, priority: Priority = 3):
    if not title:
        raise ValueError("Title is required")
    Todo.objects.create(title=title)
    return Reply(title, Toast("Kept"))


@action
async def akeep(owner, title: str, priority: Priority = 3):
    if not title:
        raise ValueError("Title is required")
    await Todo.objects.acreate(title=title)
    return Reply(title, Toast("Kept"))


@action(methods=("GET",))
def look(owner, most: int):
    return list(Todo.objects.values("id", "title")[:most])


@action
def refresh(owner):
    return Refresh()


@action(idempotent=True)
def pay(owner, title: str):
    Todo.objects.create(title=title)
    return {"paid": title}


@action(rate_limit="3/s")
def limited(owner):
    return "passed"


@action(login_required=True)
def for_members(owner):
    return "never"


@action
def fail(owner):
    Todo.objects.create(title="is rolled back")
    raise RuntimeError(INTENDED)


@action(methods=("GET", "POST"))
def count(owner, most: int, seconds: float):
    """Stream rows, slowly, from the thread that reads them."""
    for _ in range(most):
        yield Todo.objects.values("title").first()
        time.sleep(seconds)
    return most


@action(methods=("GET", "POST"))
async def acount(owner, most: int, seconds: float):
    for number in range(most):
        yield number
        await asyncio.sleep(seconds)
    yield Reply(most)


@action(methods=("GET", "POST"))
async def arows(owner, most: int, seconds: float):
    """Stream rows from the loop, which lends a thread to each query."""
    for _ in range(most):
        yield {"title": [todo.title async for todo in Todo.objects.all()[:1]]}
        await asyncio.sleep(seconds)
    yield Reply(most)


urlpatterns = pages_with(
    *(begin, keep, akeep, look, refresh, pay, limited, for_members, fail),
    *(upload, aupload, count, acount, arows),
)
# Django refuses ATOMIC_REQUESTS for async views.
for pattern, kind in zip(urlpatterns, KINDS, strict=True):
    if "async" in kind:
        transaction.non_atomic_requests(pattern.callback)
