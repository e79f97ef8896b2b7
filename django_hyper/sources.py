"""Run a generator where the server reads it, and close it there.

    WSGI   sync generator     in the worker's thread, value by value
           async generator    in a loop of its own, in the worker's thread
    ASGI   async generator    in a task of the loop that sends
           sync generator     in one call in the request's own thread

Each is opened, read and closed in one thread and one context, that of the view.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, closing
from inspect import isasyncgen
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import connections

from . import shield
from .answers.sse import HEARTBEAT, Frames
from .batches import Batches
from .collect import AnyGenerator

heartbeat_seconds = 15  # nginx drops an upstream that is silent for 60 s (proxy_read_timeout)


def frames_of(generator: Generator[Any, Any, Any], frames: Frames) -> Generator[bytes, None, None]:
    """Yield the frames of a sync generator, and close it."""
    try:
        while not frames.is_over:
            try:
                value = next(generator)
            except StopIteration as stop:
                yield frames.of_end(stop.value)
                return
            yield frames.of_value(value)
        generator.close()
        yield frames.of_end()
    except Exception as error:  # noqa: BLE001  the application's own, of any kind
        yield frames.of_error(error)
    finally:
        with frames.logged():
            generator.close()


async def aframes_of(
    generator: AsyncGenerator[Any, Any], frames: Frames
) -> AsyncGenerator[bytes, None]:
    """Yield the frames of an async generator, and close it."""
    try:
        async for value in generator:
            yield frames.of_value(value)
            if frames.is_over:
                await generator.aclose()
        yield frames.of_end()
    except Exception as error:  # noqa: BLE001  the application's own, of any kind
        yield frames.of_error(error)
    finally:
        with frames.logged():
            await generator.aclose()


class ThreadStream:
    """A sync generator under WSGI, read by the server in its own thread."""

    def __init__(
        self, context: contextvars.Context, generator: Generator[Any, Any, Any], frames: Frames
    ) -> None:
        self._run = context.run
        self._frames = frames_of(generator, frames)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._run(next, self._frames)

    def close(self) -> None:
        self._run(self._frames.close)


class OwnLoopStream:
    """An async generator under WSGI, in a loop that runs while the server waits for more."""

    def __init__(
        self, context: contextvars.Context, generator: AsyncGenerator[Any, Any], frames: Frames
    ) -> None:
        self._batches = Batches()
        self._loop = asyncio.new_event_loop()
        self._task = context.run(self._loop.create_task, self._write(generator, frames))

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        batch = self._loop.run_until_complete(self._batches.take())
        if not batch:
            raise StopIteration
        return batch

    def close(self) -> None:
        if not self._loop.is_closed():
            self._task.cancel()
            self._loop.run_until_complete(shield.settled(self._task))
            self._loop.close()

    async def _write(self, generator: AsyncGenerator[Any, Any], frames: Frames) -> None:
        async with ThreadSensitiveContext():
            try:
                await write(generator, frames, self._batches)
            finally:
                await give_back_thread()


class LoopStream:
    """A generator under ASGI. An async one runs in a task, a sync one in the request's thread."""

    def __init__(
        self,
        context: contextvars.Context,
        generator: AnyGenerator,
        frames: Frames,
        on_close: Callable[[], None],
    ) -> None:
        self._context = context
        self._generator = generator
        self._frames = frames
        self._on_close = on_close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await give_back_thread()
        loop = asyncio.get_running_loop()
        batches = Batches(None if isasyncgen(self._generator) else loop)
        task = self._start(loop, batches)
        heart = Heart(loop, batches)
        try:
            while batch := await batches.take():
                yield batch
        finally:
            heart.stop()
            batches.leave()
            if isasyncgen(self._generator):
                task.cancel()
            await shield.settled(task)
            self.close()

    def _start(self, loop: asyncio.AbstractEventLoop, batches: Batches) -> asyncio.Task[None]:
        if isasyncgen(self._generator):
            writing = write(self._generator, self._frames, batches)
            return self._context.run(loop.create_task, writing)
        run: Any = sync_to_async(self._context.run)
        return loop.create_task(run(write_in_thread, self._generator, self._frames, batches))

    def close(self) -> None:
        """Tell that the stream is closed, also when the server has never read it."""
        on_close, self._on_close = self._on_close, lambda: None
        on_close()


async def write(generator: AsyncGenerator[Any, Any], frames: Frames, batches: Batches) -> None:
    """Read an async generator to its end, or until this task is cancelled."""
    try:
        async with aclosing(aframes_of(generator, frames)) as source:
            async for frame in source:
                if batches.put(frame):
                    await batches.room()
    finally:
        batches.end()


def write_in_thread(generator: Generator[Any, Any, Any], frames: Frames, batches: Batches) -> None:
    """Read a sync generator to its end, or until nobody reads on."""
    try:
        with closing(frames_of(generator, frames)) as source:
            for frame in source:
                if batches.put(frame):
                    batches.room_for_thread()
                if batches.is_left:
                    break
    finally:
        batches.end()


class Heart:
    """Sends a comment when nothing else was sent for a while; costs an item nothing."""

    def __init__(self, loop: asyncio.AbstractEventLoop, batches: Batches) -> None:
        self._loop = loop
        self._batches = batches
        self._taken = -1
        self._seconds = getattr(settings, "HYPER_HEARTBEAT_SECONDS", heartbeat_seconds)
        self._beat()

    def _beat(self) -> None:
        if self._taken == self._batches.taken:
            self._batches.put(HEARTBEAT)
        self._taken = self._batches.taken
        self._timer = self._loop.call_later(self._seconds, self._beat)

    def stop(self) -> None:
        self._timer.cancel()


async def give_back_thread() -> None:
    """Free the thread that asgiref holds for this request, and its database connections.

    A stream would keep them for as long as it is open. Whoever needs a thread later gets one.
    """
    # asgiref has no public way; without this one the stream keeps its thread.
    executors = getattr(SyncToAsync, "context_to_thread_executor", {})
    owner = SyncToAsync.thread_sensitive_context.get(None)
    executor = executors.pop(owner, None) if owner else None
    if executor:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(executor, connections.close_all)
        executor.shutdown(wait=False)
