"""What a view leaves to code that runs after it: its context, its language, its time zone."""

from __future__ import annotations

import contextvars
from typing import Any

from asgiref.sync import AsyncToSync
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone, translation


class Surroundings:
    """Those of the view that makes this.

    `run` runs a function in the view's context. Language, time zone and URLs stand in that
    context too, but as asgiref's locals, which hold in the thread that set them alone; so
    `restore` sets them again, called in that context by the thread that goes on.
    """

    __slots__ = ("_executor", "_language", "_script_prefix", "_time_zone", "_urlconf", "run")

    def __init__(self) -> None:
        self.run = contextvars.copy_context().run
        self._language = translation.get_language()
        self._time_zone = timezone.get_current_timezone()
        self._script_prefix = get_script_prefix()
        self._urlconf = get_urlconf()
        self._executor: Any = None

    def adopt(self) -> None:
        """Take over from who reads where asgiref runs sync code: the view's place is gone."""
        self._executor = getattr(AsyncToSync.executors, "current", None)

    def restore(self) -> None:
        AsyncToSync.executors.current = self._executor
        translation.activate(self._language)
        timezone.activate(self._time_zone)
        set_script_prefix(self._script_prefix)
        set_urlconf(self._urlconf)
