"""Run a generator where the server reads it, and close it there.

    WSGI   sync generator     in the worker's thread, value by value
           async generator    in a loop of its own, in the worker's thread
           with heartbeats    as under ASGI, in that loop; a sync one in a thread beside it
    ASGI   async generator    in a task of the loop that sends
           sync generator     in one call in the request's own thread

Each is opened, read and closed in one thread and one context, that of the view.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.db import connections

from . import shield
from .answers.sse import Frames
from .batches import Batches, Heart
from .collect import AnyGenerator
from .surroundings import Surroundings
from .writers import frames_of, write, write_in_thread


class ThreadStream:
    """A sync generator under WSGI, read by the server in its own thread."""

    def __init__(self, generator: Generator[Any, Any, Any], frames: Frames) -> None:
        view = Surroundings()
        self._run = view.run
        self._frames = frames_of(generator, frames, view)

    def __iter__(self) -> Iterator[bytes]:
        # No function of ours stands between the server and the frames: each item would pay.
        return iter(partial(self._run, next, self._frames, None), None)

    def close(self) -> None:
        self._run(self._frames.close)


class LoopStream:
    """A generator that an event loop reads: an async one in a task, a sync one in a thread.

    Args:
        has_heart: Whether a comment is sent when nothing else was sent for a while.
    """

    def __init__(self, generator: AnyGenerator, frames: Frames, has_heart: bool = True) -> None:
        self.on_end: Callable[[], Any] = lambda: None  # set by who counts; may be called twice
        self._view = Surroundings()
        self._of: tuple[Any, Frames, Surroundings] = (generator, frames, self._view)
        self._has_heart = has_heart
        self._is_async = isinstance(generator, AsyncGenerator)
        self._leave: Callable[[], Any] | None = None  # while a generator runs

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        batches = Batches(None if self._is_async else loop)
        self._view.adopt()
        task = self._start(loop, batches)
        task.add_done_callback(lambda task: self._end(batches))
        self._leave = partial(from_any_thread, loop, leave, batches, task)
        heart = Heart(loop, batches) if self._has_heart else None
        try:
            while batch := await batches.take():
                yield batch
        finally:
            if heart:
                heart.stop()
            leave(batches, task)
            await shield.settled(task)
            shield.raise_ending(task)

    def close(self) -> None:
        """End a stream that was read in part or never, from any thread."""
        (self._leave or self.on_end)()

    def _start(self, loop: asyncio.AbstractEventLoop, batches: Batches) -> asyncio.Task[Any]:
        # Who reads says which thread is the request's, the view which language it has.
        if self._is_async:
            return self._view.run(loop.create_task, hold(self._write, batches))
        return loop.create_task(hold(self._write_in_thread, batches))

    def _end(self, batches: Batches) -> None:
        self._leave = None
        batches.end()
        self.on_end()

    def _write(self, batches: Batches) -> Coroutine[Any, Any, None]:
        give_back_thread()
        return write(*self._of, batches)

    async def _write_in_thread(self, batches: Batches) -> None:
        run: Any = sync_to_async(self._view.run)
        await run(write_in_thread, *self._of, batches)


class ApartStream(LoopStream):
    """A generator that a loop under WSGI reads; its threads are its own."""

    async def _write(self, batches: Batches) -> None:
        async with ThreadSensitiveContext():
            try:
                await write(*self._of, batches)
            finally:
                give_back_thread()

    async def _write_in_thread(self, batches: Batches) -> None:
        def write_and_disconnect() -> None:
            try:
                self._view.run(write_in_thread, *self._of, batches)
            finally:
                connections.close_all()

        await asyncio.to_thread(write_and_disconnect)


class OwnLoop:
    """Reads a stream in a loop that runs while the server waits for more."""

    def __init__(self, stream: LoopStream) -> None:
        self._stream = stream
        self._loop: asyncio.AbstractEventLoop | None = None
        self._batches: Any = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._batches = aiter(self._stream)
        batch: bytes = self._loop.run_until_complete(anext(self._batches, b""))
        if not batch:
            raise StopIteration
        return batch

    def close(self) -> None:
        if self._loop and not self._loop.is_closed():
            try:
                self._loop.run_until_complete(self._finish())
            finally:
                self._loop.close()

    async def _finish(self) -> None:
        """Close the stream, and end what its generator has started beside itself."""
        try:
            await self._batches.aclose()
        finally:
            loop = asyncio.get_running_loop()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await loop.shutdown_asyncgens()
            await loop.shutdown_default_executor()


async def hold(write: Callable[[Batches], Coroutine[Any, Any, None]], batches: Batches) -> Any:
    """Run `write`; no coroutine is made for a task that is cancelled before it begins."""
    return await shield.hold_exit(write(batches))


def leave(batches: Batches, task: asyncio.Task[Any]) -> None:
    """Tell the writer that nobody reads on; one in the loop may wait for something else."""
    batches.leave()
    if not batches.is_for_thread and not shield.is_cancelled(task):
        task.cancel()


def from_any_thread(loop: asyncio.AbstractEventLoop, function: Any, *args: Any) -> None:
    with suppress(RuntimeError):  # a loop that is closed has ended its tasks
        loop.call_soon_threadsafe(function, *args)


def give_back_thread() -> None:
    """Free the thread that asgiref holds for this request, and its database connections.

    A stream would keep them for as long as it is open. Whoever needs a thread later gets one.
    """
    # asgiref has no public way; without these names the stream keeps its thread.
    executors = getattr(SyncToAsync, "context_to_thread_executor", {})
    variable = getattr(SyncToAsync, "thread_sensitive_context", None)
    owner = variable.get(None) if variable else None
    if owner is None or getattr(owner, "_executor", None):  # one that was given to it
        return
    if executor := executors.pop(owner, None):
        executor.submit(connections.close_all)
        executor.shutdown(wait=False)
