"""Hand frames from where a generator runs to the event loop that sends them, in batches."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from time import monotonic

max_frames = 1_024  # that wait to be sent, once a stream is under way
max_wait_seconds = 0.002  # a batch that grows longer is sent: items are to arrive on time


class Batches:
    """Frames on their way to one reader in an event loop.

    Args:
        loop: Where the reader is; given when the writer is in a thread.

    The first frames are handed over one by one, so that they leave at once; a stream that
    goes on fast fills larger batches, each of which costs a switch.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop = loop
        self.frames: deque[bytes] = deque()
        self.is_ended = False  # no frame will come
        self.is_left = False  # nobody reads on
        self.taken = 0  # how often `take` has given something
        self._limit = 1
        self._since = 0.0
        self._is_reader_idle = False
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied_for_thread = threading.Event()

    async def take(self) -> bytes:
        """Wait for frames and return all there are; empty at the end."""
        while not self.frames and not self.is_ended:
            self._filled.clear()
            self._is_reader_idle = True
            if not self.frames and not self.is_ended:
                await self._filled.wait()
        self._is_reader_idle = False
        batch = b"".join(self._drain())
        self.taken += 1
        self._limit = min(self._limit * 2, max_frames)
        self._emptied.set()
        self._emptied_for_thread.set()
        return batch

    def _drain(self) -> list[bytes]:
        return [self.frames.popleft() for _ in range(len(self.frames))]

    def put(self, frame: bytes) -> bool:
        """Add a frame; true when the writer must wait for the reader."""
        if not self.frames:
            self._since = monotonic()
        self.frames.append(frame)
        if self._is_reader_idle:
            self._is_reader_idle = False
            self._wake()
        return len(self.frames) >= self._limit or monotonic() - self._since > max_wait_seconds

    async def room(self) -> None:
        """Wait in the loop until the reader has taken what is there."""
        self._emptied.clear()
        if self.frames:
            await self._emptied.wait()

    def room_for_thread(self) -> None:
        """Wait in a thread until the reader has taken what is there, or has left."""
        self._emptied_for_thread.clear()
        if self.frames and not self.is_left:
            self._emptied_for_thread.wait()

    def end(self) -> None:
        """Tell the reader that no frame will come."""
        self.is_ended = True
        self._wake()

    def leave(self) -> None:
        """Tell a writer in a thread that nobody reads on."""
        self.is_left = True
        self._emptied_for_thread.set()

    def _wake(self) -> None:
        if self.loop:
            self.loop.call_soon_threadsafe(self._filled.set)
        else:
            self._filled.set()
