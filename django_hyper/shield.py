"""Let what has begun run to its end, though the client that asked is gone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeVar

from asgiref.sync import sync_to_async

T = TypeVar("T")


async def run_to_end(
    coroutine: Coroutine[Any, Any, T], needs_client: Callable[[T], bool] = lambda result: False
) -> T:
    """Await `coroutine` to its end; cancelling the awaiting task does not reach it.

    A server cancels the request's task when the client leaves. The cancellation is
    swallowed, so that the view goes on and its transaction commits.

    Args:
        needs_client: Whether a result is of no use once the client has left; then the
            cancellation goes on after all.
    """
    task = start(hold_exit(coroutine))
    has_left = not task.done() and await settled(task)
    result, ending = task.result()
    if ending:
        raise ending
    if has_left and needs_client(result):  # type: ignore[arg-type]
        raise asyncio.CancelledError
    return result  # type: ignore[return-value]


async def settled(task: asyncio.Task[Any]) -> bool:
    """Wait until `task` has ended, in whatever way and whoever is cancelled meanwhile.

    Returns:
        Whether the waiting task was cancelled.
    """
    has_left = False
    while not task.done():
        # What `asyncio.wait` does for one task, in a third of its time.
        ended = task.get_loop().create_future()
        task.add_done_callback(partial(settle, ended))
        try:
            await ended
        except asyncio.CancelledError:
            has_left = True
            uncancel()
    return has_left


def settle(ended: asyncio.Future[None], task: asyncio.Task[Any]) -> None:
    """Tell who waits for `task`, unless it was cancelled meanwhile."""
    if not ended.done():
        ended.set_result(None)


def raise_ending(task: asyncio.Task[tuple[Any, BaseException | None]]) -> None:
    """Raise what has ended a task of `hold_exit`, unless it was cancelled."""
    if not task.cancelled():
        _, ending = task.result()
        if ending:
            raise ending


def is_cancelled(task: asyncio.Task[Any] | None = None) -> bool:
    """Whether somebody has cancelled a task, by default this one, where Python counts that."""
    return bool(getattr(task or asyncio.current_task(), "cancelling", int)())


def call(function: Callable[..., T], owner: Any, arguments: Mapping[str, Any]) -> T:
    """Call `function`; a stop of an iterator, which no future can hold, becomes a bug (PEP 479)."""
    try:
        return function(owner, **arguments)
    except StopIteration as error:
        raise RuntimeError(f"{function.__qualname__} raised StopIteration") from error


call_in_thread = sync_to_async(call)


async def hold_exit(coroutine: Coroutine[Any, Any, T]) -> tuple[T | None, BaseException | None]:
    """Return what ends the process instead of raising it: a task would stop the event loop."""
    try:
        return await coroutine, None
    except (KeyboardInterrupt, SystemExit) as ending:
        return None, ending


def start(coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Return a task that has run up to its first wait, where Python can do that."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):  # pragma: no cover
        return asyncio.Task(coroutine, loop=loop, eager_start=True)
    return loop.create_task(coroutine)


def uncancel() -> None:
    """Tell the current task that its cancellation was dealt with, where Python counts them."""
    task = asyncio.current_task()
    if sys.version_info >= (3, 11) and task:  # pragma: no branch
        task.uncancel()
