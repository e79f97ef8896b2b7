"""Read a generator from its first value to its end, and close it; write its frames."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from typing import Any

from . import shield
from .answers.sse import Frames
from .batches import Batches
from .surroundings import Surroundings


def frames_of(
    generator: Generator[Any, Any, Any], frames: Frames, view: Surroundings
) -> Generator[bytes, None, None]:
    """Yield the frames of a sync generator, and close it."""
    view.restore()
    advance, of_plain = generator.__next__, frames.of_plain
    try:
        while not frames.is_over:
            try:
                value = advance()
            except StopIteration as stop:
                yield frames.of_end(stop.value)
                return
            yield of_plain(value) or frames.of_value(value)
        generator.close()
        yield frames.of_end()
    except Exception as error:  # noqa: BLE001  the application's own, of any kind
        yield frames.of_error(error)
    finally:
        with frames.logged():
            generator.close()


async def write(
    generator: AsyncGenerator[Any, Any], frames: Frames, view: Surroundings, batches: Batches
) -> None:
    """Write an async generator to its end, or until this task is cancelled; close it."""
    view.restore()
    is_closed = False  # Python does not close one twice that yields while it is closed
    try:
        async for value in generator:
            frame = frames.of_plain(value) or await frames.aof_value(value)
            if batches.put(frame) and not await batches.room():
                raise asyncio.CancelledError  # the generator has swallowed the first
            if frames.is_over:
                is_closed = True
                await generator.aclose()
        batches.put(frames.of_end())
    except asyncio.CancelledError as error:
        if batches.is_left or shield.is_cancelled():
            raise
        # What the generator awaited was cancelled: that is no sign of the client.
        batches.put(frames.of_error(cancelled(error)))
    except Exception as error:  # noqa: BLE001  the application's own, of any kind
        batches.put(frames.of_error(error))
    finally:
        if not is_closed:
            with frames.logged():
                await generator.aclose()


def write_in_thread(
    generator: Generator[Any, Any, Any], frames: Frames, view: Surroundings, batches: Batches
) -> None:
    """Write a sync generator to its end, or until nobody reads on."""
    with closing(frames_of(generator, frames, view)) as source:
        for frame in source:
            if batches.put(frame) and not batches.room_for_thread():
                break


def cancelled(error: asyncio.CancelledError) -> Exception:
    failure = RuntimeError("The generator awaited something that was cancelled.")
    failure.__cause__ = error
    return failure
