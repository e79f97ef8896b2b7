"""Django's messages and our toasts: which travel with the answer, which wait for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.messages.constants import DEFAULT_LEVELS, INFO
from django.http import HttpRequest

from .items import Item, Redirect, Toast
from .protocol import ALPINE


def count_messages(request: HttpRequest) -> int:
    """Return how many messages are queued; those of the action come after them."""
    return len(_queue(request))


def settle_toasts(
    items: Sequence[Item], request: HttpRequest, caller: str, first: int
) -> Sequence[Item]:
    """Return the items with the messages of the action as toasts.

    Beside a redirect, and for a browser without script, it is the other way round: toasts
    wait as messages for the page that follows.

    Args:
        caller: Who asks, as `request.hyper.caller`.
        first: What `count_messages` gave before the action ran.
    """
    if caller != ALPINE or any(isinstance(item, Redirect) for item in items):
        return _keep_for_page(items, request)
    queue = _queue(request)
    toasts = [
        Toast(str(message.message), message.level_tag, message.extra_tags or "")
        for message in queue[first:]
    ]
    del queue[first:]
    return [*items, *toasts] if toasts else items


def _keep_for_page(items: Sequence[Item], request: HttpRequest) -> Sequence[Item]:
    if not hasattr(request, "_messages"):
        return items
    for toast in items:
        if isinstance(toast, Toast):
            level = DEFAULT_LEVELS.get(toast.level.upper(), INFO)
            messages.add_message(request, level, str(toast.message), toast.tags)
    return [item for item in items if not isinstance(item, Toast)]


def _queue(request: HttpRequest) -> list[Any]:
    """Return the messages that wait to be stored; reading them otherwise would use them up."""
    queue: list[Any] = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return queue
