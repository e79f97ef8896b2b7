"""What a view leaves to code that runs after it: its context, its language, its time zone."""

from __future__ import annotations

import contextvars
from typing import Any

from asgiref.sync import AsyncToSync
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone, translation

# What Django keeps for each request: what reads it, and what sets it.
KEPT: Any = (
    (translation.get_language, translation.activate),
    (timezone.get_current_timezone, timezone.activate),
    (get_script_prefix, set_script_prefix),
    (get_urlconf, set_urlconf),
)


class Surroundings:
    """Those of the view that makes this.

    `run` runs a function in the view's context. Language, time zone and URLs stand in that
    context too, but as asgiref's locals, which hold in the thread that set them alone; so
    `restore` sets them again, called in that context by the thread that goes on.
    """

    __slots__ = ("_executor", "_of_view", "_values", "run")

    def __init__(self) -> None:
        self.run = contextvars.copy_context().run
        self._values = [read() for read, _ in KEPT]
        self._of_view = executor()  # in the context too, though other threads cannot see it
        self._executor: Any = None

    def adopt(self) -> None:
        """Take over from who reads where asgiref runs sync code: the view's place is gone."""
        self._executor = executor()

    def restore(self) -> None:
        # Each that is set takes memory for as long as the stream is open.
        if self._of_view is not None or executor() is not self._executor:
            AsyncToSync.executors.current = self._executor
        for (read, write), value in zip(KEPT, self._values, strict=True):
            if read() != value:
                write(value)


def executor() -> Any:
    """Return where asgiref runs sync code, if not in the thread of the request."""
    return getattr(AsyncToSync.executors, "current", None)
