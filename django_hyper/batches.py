"""Hand frames from where a generator runs to the event loop that sends them, in batches."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic

from django.conf import settings

max_bytes = 65_536  # that wait for a reader, once a stream is under way
max_wait_seconds = 0.002  # a batch that takes longer to grow is sent: items are to be on time
heartbeat_seconds = 15  # nginx drops an upstream that is silent for 60 s (proxy_read_timeout)

# A comment, which readers skip.
# https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes
HEARTBEAT = b":\n\n"


class Batches:
    """Frames on their way to one reader in an event loop.

    Args:
        loop: Where the reader is; given when the writer is in a thread.

    The first frames are handed over one by one, so that they leave at once; a stream that
    goes on fast fills larger batches, each of which costs a switch. A writer waits while more
    than `max_bytes` wait for the reader.
    """

    # An idle stream should hold little, and an `asyncio.Event` holds much.
    __slots__ = (
        "_bytes",
        "_emptied",
        "_filled",
        "_frames",
        "_is_ended",
        "_limit",
        "_loop",
        "_room",
        "_since",
        "is_for_thread",
        "is_left",
        "is_reader_idle",
        "taken_at",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.is_for_thread = loop is not None
        self.is_left = False  # nobody reads on
        self.is_reader_idle = False
        self.taken_at = monotonic()  # when `take` last gave something
        self._loop = loop
        self._frames: list[bytes] = []
        self._bytes = 0
        self._limit = 1
        self._since = 0.0  # when the first of the frames came
        self._is_ended = False  # no frame will come
        self._filled: asyncio.Future[None] | None = None  # what the reader awaits
        self._emptied: asyncio.Future[None] | None = None  # what a writer in the loop awaits
        self._room = threading.Event() if loop else None  # what one in a thread waits for

    async def take(self) -> bytes:
        """Wait for frames and return all there are; empty at the end."""
        while not self._frames and not self._is_ended:
            self._filled = asyncio.get_running_loop().create_future()
            self.is_reader_idle = True
            # A thread may have written before it could see that somebody waits.
            if not self._frames:  # pragma: no branch
                await self._filled
        self.is_reader_idle = False
        self.taken_at = monotonic()
        count = len(self._frames)  # a thread may add more meanwhile
        batch = b"".join(self._frames[:count])
        del self._frames[:count]
        self._bytes = 0
        self._limit = min(self._limit * 4, max_bytes)
        self._tell_writer()
        return batch

    def put(self, frame: bytes) -> bool:
        """Add a frame, if it is not empty; true when the writer must ask for `room`."""
        if not frame:  # a `Reply` without items; nothing is what `take` gives at the end
            return self.is_left
        if not self._frames:
            self._since = monotonic()
        self._frames.append(frame)
        self._bytes += len(frame)
        if self.is_reader_idle:
            self.is_reader_idle = False
            if self._loop:
                self._loop.call_soon_threadsafe(self._tell_reader)
            else:
                self._tell_reader()
        return self._bytes >= self._limit or monotonic() - self._since > max_wait_seconds

    async def room(self) -> bool:
        """Wait in the loop until the reader has taken what is there; false when it has left."""
        if self._frames and not self.is_left:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied
        return not self.is_left

    def room_for_thread(self) -> bool:
        """Do as `room` does, in a thread."""
        assert self._room, "Batches got no loop"  # noqa: S101  for the type checker
        self._room.clear()
        if self._frames and not self.is_left:
            self._room.wait()
        return not self.is_left

    def end(self) -> None:
        """Tell the reader that no frame will come; called in its loop."""
        self._is_ended = True
        self._tell_reader()

    def leave(self) -> None:
        """Tell the writer that nobody reads on."""
        self.is_left = True
        self._limit = 0
        self._tell_writer()

    def _tell_reader(self) -> None:
        # The one that waits now, whoever waited when a thread asked for this.
        if self._filled and not self._filled.done():
            self._filled.set_result(None)

    def _tell_writer(self) -> None:
        if self._room:
            self._room.set()
        elif self._emptied and not self._emptied.done():
            self._emptied.set_result(None)


class Heart:
    """Sends a comment when nothing else was sent for a while; costs an item nothing."""

    __slots__ = ("_batches", "_loop", "_seconds", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, batches: Batches) -> None:
        self._loop = loop
        self._batches = batches
        self._seconds = getattr(settings, "HYPER_HEARTBEAT_SECONDS", heartbeat_seconds)
        self._timer = loop.call_later(self._seconds, self._beat)

    def _beat(self) -> None:
        wait = self._batches.taken_at + self._seconds - monotonic()
        if wait <= 0:
            wait = self._seconds
            # Behind a client that reads slowly they would pile up.
            if self._batches.is_reader_idle:
                self._batches.put(HEARTBEAT)
        self._timer = self._loop.call_later(wait, self._beat)

    def stop(self) -> None:
        self._timer.cancel()
