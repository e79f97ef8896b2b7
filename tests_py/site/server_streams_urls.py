"""Streams for real servers: they note in a file of their own what happens to them."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from contextvars import ContextVar
from pathlib import Path

from django.db import connection, transaction
from django.http import JsonResponse
from django.urls import path

from django_hyper import action
from django_hyper.streams import count

from .kinds import KINDS, pages_with
from .models import Todo
from .servers_urls import POLL_SECONDS, mark

whose: ContextVar[str] = ContextVar("whose", default="nobody's")


def note(name: str, text: str) -> None:
    """Append a line; one write of a line is not torn by another."""
    with Path(f"{os.environ['TEST_DATABASE']}.{name}.notes").open("a") as file:
        file.write(f"{text}\n")


def here() -> str:
    return f"{threading.get_ident()} {whose.get()}"


@action
def ticks(owner, name: str, seconds: float = 0.01, most: int = 100_000):
    """Yield until it is closed."""
    whose.set(name)
    note(name, f"opened {here()}")
    try:
        for number in range(most):
            yield number
            time.sleep(seconds)
    finally:
        note(name, f"closed {here()}")


@action
async def aticks(owner, name: str, seconds: float = 0.01, most: int = 100_000):
    whose.set(name)
    note(name, f"opened {here()}")
    try:
        for number in range(most):
            yield number
            await asyncio.sleep(seconds)
    finally:
        await asyncio.sleep(0)
        note(name, f"closed {here()}")


@action
def steps(owner, name: str, row: bool = False):
    """Yield, wait until the test says so, and yield again."""
    note(name, f"opened {here()}")
    try:
        yield list(Todo.objects.values_list("title")) if row else "first"
        while not mark(name, "go").exists():
            time.sleep(POLL_SECONDS)
        yield "last"
    finally:
        note(name, f"closed {here()}")


@action
async def asteps(owner, name: str):
    note(name, f"opened {here()}")
    try:
        yield "first"
        while not mark(name, "go").exists():  # noqa: ASYNC110  another process makes the file
            await asyncio.sleep(POLL_SECONDS)
        yield "last"
    finally:
        note(name, f"closed {here()}")


@action
def asleep(owner, name: str):
    """Look into the database, then stream and wait."""
    Todo.objects.count()
    return sleep(name)


async def sleep(name):
    note(name, f"opened {here()}")
    try:
        yield "first"
        await asyncio.sleep(3_600)
    finally:
        note(name, f"closed {here()}")


@action
def flood(owner, name: str, kib: int):
    """Yield much more than any buffer holds; each KiB is noted when it is taken."""
    piece = 1_024 * "x"
    for number in range(kib):
        if number % 256 == 0:
            note(name, str(number))
        yield piece


@action
async def aflood(owner, name: str, kib: int):
    piece = 1_024 * "x"
    for number in range(kib):
        if number % 256 == 0:
            note(name, str(number))
        yield piece


@action
def half(owner, name: str):
    """Write rows inside a transaction of its own that is never finished."""
    with transaction.atomic():
        Todo.objects.create(title=name)
        note(name, "written")
        yield "written"
        time.sleep(3_600)


def process(request):
    """Tell what this process holds."""
    gc.collect()
    database = Path(connection.settings_dict["NAME"])
    files = list(Path("/proc/self/fd").iterdir())
    pooled = [each for each in threading.enumerate() if each.name.startswith("asyncio_")]
    return JsonResponse(
        {
            "id": os.getpid(),
            "open": count.open,
            "blocks": sys.getallocatedblocks(),
            "threads": len(list(Path("/proc/self/task").iterdir())),
            "pooled": len(pooled),  # by the loop, which keeps a few
            "files": len(files),
            "databases": sum(file.resolve() == database for file in files),
        }
    )


async def aprocess(request):
    return process(request)


urlpatterns = pages_with(ticks, aticks, steps, asteps, asleep, flood, aflood, half)
# Django refuses ATOMIC_REQUESTS for async views.
for pattern, kind in zip(urlpatterns, KINDS, strict=True):
    if "async" in kind:
        transaction.non_atomic_requests(pattern.callback)
urlpatterns.append(path("process/", transaction.non_atomic_requests(aprocess)))
