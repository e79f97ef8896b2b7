"""Django's messages and our toasts: which travel with the answer, which wait for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.messages.constants import DEFAULT_LEVELS, INFO
from django.http import HttpRequest

from .items import Item, Redirect, Toast


def count_messages(request: HttpRequest) -> int:
    """Return how many messages are queued; those of the action come after them."""
    return len(getattr(getattr(request, "_messages", None), "_queued_messages", ()))


def sort_toasts(
    items: Sequence[Item], request: HttpRequest, first: int, is_page: bool
) -> tuple[Sequence[Item], Sequence[Toast] | None]:
    """Return the items that travel, and the toasts that wait as messages.

    Messages of the action travel as toasts, and then ``None`` waits. Beside a redirect, and
    for a browser without script, it is the other way round.

    Args:
        first: What `count_messages` gave before the action ran.
    """
    leaves = is_page or any(isinstance(item, Redirect) for item in items)
    if leaves and hasattr(request, "_messages"):
        toasts = [item for item in items if isinstance(item, Toast)]
        return [item for item in items if not isinstance(item, Toast)], toasts
    if leaves:
        return items, []
    shown = [_as_toast(message) for message in _queue(request)[first:]]
    return [*items, *shown] if shown else items, None


def queue_messages(waiting: Sequence[Toast] | None, request: HttpRequest, first: int) -> None:
    """Do to the queue what `sort_toasts` said, once the answer is certain."""
    if waiting is None:
        del _queue(request)[first:]
        return
    for toast in waiting:
        level = DEFAULT_LEVELS.get(toast.level.upper(), INFO)
        messages.add_message(request, level, str(toast.message), toast.tags)


class NewMessages:
    """What a stream puts into the queue, taken out again: no page will show it.

    Args:
        first: What `count_messages` gave before the action ran.
    """

    __slots__ = ("_first", "_storage")

    def __init__(self, request: HttpRequest, first: int) -> None:
        self._storage: Any = getattr(request, "_messages", None)
        self._first = first

    def take(self) -> Sequence[Toast]:
        """Return what was queued since, as toasts."""
        if self._storage is None:
            return ()
        # Looked up each time: who shows messages gives the storage another list.
        queue = self._storage._queued_messages
        if len(queue) == self._first:
            return ()
        self._first = min(self._first, len(queue))
        taken = [_as_toast(message) for message in queue[self._first :]]
        del queue[self._first :]
        return taken


def _as_toast(message: Any) -> Toast:
    return Toast(str(message.message), message.level_tag, message.extra_tags or "")


def _queue(request: HttpRequest) -> list[Any]:
    """Return the messages that wait to be stored; reading them otherwise would use them up."""
    queue: list[Any] = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return queue
