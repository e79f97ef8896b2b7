"""Actions for real servers: they wait for a file, so that tests decide when they go on."""

from __future__ import annotations

import asyncio
import os
import time
import zlib
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from django_hyper import action

from .kinds import KINDS, pages_with
from .models import Todo
from .spy import entered

POLL_SECONDS = 0.01


def mark(title: str, what: str) -> Path:
    """Return the file beside the database that says how far the action `title` has come."""
    return Path(f"{os.environ['TEST_DATABASE']}.{title}.{what}")


@action
def slow(owner, title: str):
    """Write one row, half of it before and half after `go` is there."""
    todo = Todo.objects.create(title="begun")
    mark(title, "begun").touch()
    while not mark(title, "go").exists():
        time.sleep(POLL_SECONDS)
    todo.title = title
    todo.save()
    mark(title, "ended").touch()


@action
async def aslow(owner, title: str):
    """Do as `slow` does."""
    todo = await Todo.objects.acreate(title="begun")
    mark(title, "begun").touch()
    while not mark(title, "go").exists():  # noqa: ASYNC110  another process makes the file
        await asyncio.sleep(POLL_SECONDS)
    todo.title = title
    await todo.asave()
    mark(title, "ended").touch()


@action
def save(owner, title: str = "", file: UploadedFile | None = None):
    Todo.objects.create(title=title)
    return title


@action
async def asave(owner, title: str = "", file: UploadedFile | None = None):
    await Todo.objects.acreate(title=title)
    return title


def describe(files: list[UploadedFile]):
    """Read the files to their ends, and say what was in them, and who did."""
    sums = [0] * len(files)
    for index, file in enumerate(files):
        for chunk in file.chunks():
            sums[index] = zlib.crc32(chunk, sums[index])
    return {"sizes": [file.size for file in files], "sums": sums, "process": os.getpid()}


@action
def upload(owner, file: UploadedFile | None = None, files: list[UploadedFile] = []):  # noqa: B006
    entered.append("upload")
    return describe([file] if file else files)


@action
async def aupload(owner, file: UploadedFile | None = None, files: list[UploadedFile] = []):  # noqa: B006
    entered.append("upload")
    return await sync_to_async(describe)([file] if file else files)


@action(methods=("POST", "PUT"))
def look(owner, file: UploadedFile):
    """Note how many files there are where uploads go, and return the length of this one."""
    entered.append(len([*Path(str(settings.FILE_UPLOAD_TEMP_DIR)).iterdir()]))
    return len(file.read())


@action
def entries(owner):
    """Return how often an upload was entered in this process."""
    return len(entered)


@action(rate_limit="3/d")
def limited(owner):
    return os.getpid()


urlpatterns = pages_with(slow, aslow, save, asave, upload, aupload, look, entries, limited)
# Django refuses ATOMIC_REQUESTS for async views.
for pattern, kind in zip(urlpatterns, KINDS, strict=True):
    if "async" in kind:
        transaction.non_atomic_requests(pattern.callback)
