"""Run a generator to its end, for a caller that reads no stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, closing
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest

from .items import Item, Redirect, Reply
from .replies import stream_reply_of

AnyGenerator = Generator[Any, Any, Any] | AsyncGenerator[Any, Any]


class Collected:
    """What a generator has given; a message is for readers of streams alone."""

    def __init__(self, request: HttpRequest, function: Callable[..., Any]) -> None:
        self._request = request
        self._function = function
        self._items: list[Item] = []
        self._result: Any = None
        self.is_over = False

    def add(self, value: Any, *, is_last: bool = False) -> None:
        """Take the result and the items of a yielded value."""
        reply = stream_reply_of(value, self._request, self._function)
        self._items += reply.items
        self.is_over = any(isinstance(item, Redirect) for item in reply.items)
        if isinstance(value, Reply) or (is_last and value is not None):
            self._result = reply.result

    def reply(self) -> Reply:
        return Reply(self._result, *self._items)


def collect(generator: AnyGenerator, collected: Collected) -> Reply:
    """Run a generator to its end, for a caller that reads no stream."""
    if isinstance(generator, AsyncGenerator):
        return async_to_sync(acollect)(generator, collected)
    with closing(generator):
        while not collected.is_over:
            try:
                collected.add(next(generator))
            except StopIteration as stop:
                collected.add(stop.value, is_last=True)
                break
    return collected.reply()


async def acollect(generator: AnyGenerator, collected: Collected) -> Reply:
    """Do as `collect` does, in an asynchronous view."""
    if not isinstance(generator, AsyncGenerator):
        return await sync_to_async(collect)(generator, collected)
    async with aclosing(generator):
        async for value in generator:
            collected.add(value)
            if collected.is_over:
                break
    return collected.reply()
