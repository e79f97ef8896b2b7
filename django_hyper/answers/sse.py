"""Answer the Alpine client with a stream: what a generator yields, as ``text/event-stream``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from .. import logs
from ..failures import Failure, describe
from ..items import Item, Redirect, Reply, Toast
from ..refreshes import arefreshed_in_stream, needs_page, refreshed_in_stream
from ..replies import PLAIN, stream_reply_of
from ..states import State
from ..toasts import NewMessages
from .json import encode, failure_body

if TYPE_CHECKING:
    from ..dispatch import Call
    from ..registry import Action

EVENT_STREAM = "text/event-stream"
HEADERS = {
    "X-Accel-Buffering": "no",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def frame(event: str, data: Any) -> bytes:
    """Encode one event; its data is one line of JSON, so that no text can forge another.

    Args:
        event: One of the names that the protocol has.
    """
    return b"event: %b\ndata: %b\n\n" % (event.encode(), encode(data))


class Frames:
    """Turns what one generator gives into frames, up to the one last event."""

    __slots__ = ("action", "call", "is_over", "result", "state", "take_messages")

    def __init__(self, call: Call, action: Action, state: State, first_message: int) -> None:
        self.call = call
        self.action = action
        self.state = state
        self.take_messages = NewMessages(call.request, first_message).take
        self.result: Any = None
        self.is_over = False  # nothing that the generator yields counts any more

    def of_plain(self, value: Any) -> bytes:
        """Return the frame of a value that is a message as it is; of any other nothing."""
        if type(value) not in PLAIN:
            return b""
        message = b"event: message\ndata: %b\n\n" % encode(value)
        toasts = self.take_messages()
        return self._of_toasts(toasts) + message if toasts else message

    def of_value(self, value: Any) -> bytes:
        """Return the frames of what is no plain value; a redirect is the last that counts."""
        reply = self._reply_of(value)
        if needs_page(reply, self.call):
            reply = refreshed_in_stream(self.call, reply)
        return self._of_reply(value, reply)

    async def aof_value(self, value: Any) -> bytes:
        """Do as `of_value` does, in an event loop."""
        reply = self._reply_of(value)
        if needs_page(reply, self.call):
            reply = await arefreshed_in_stream(self.call, reply)
        return self._of_reply(value, reply)

    def _of_reply(self, value: Any, reply: Reply) -> bytes:
        if isinstance(value, Reply):
            self.result = value.result
        elif not reply.items:
            message = frame("message", reply.result)
            return self._of_toasts(self.take_messages()) + message
        return self._of_items(reply.items)

    def of_end(self, returned: Any = None) -> bytes:
        """Return the last frames of a generator that has returned, or was told to."""
        reply = self._reply_of(returned)
        if needs_page(reply, self.call):
            reply = refreshed_in_stream(self.call, reply)
        result = self.result if returned is None else reply.result
        end = frame("end", {"result": result})
        self.state.succeed(result)
        return self._of_items(reply.items) + end

    def of_error(self, error: Exception) -> bytes:
        """Return the last frames of a generator that raised, and log it."""
        failure = describe(error, self.action.file)
        self.state.fail(failure.error, dict(failure.errors))
        self._log(error, failure)
        return self._of_toasts(self.take_messages()) + frame(
            "error", {**failure_body(failure), "status": failure.status}
        )

    def _of_items(self, items: Sequence[Item]) -> bytes:
        self.is_over = any(isinstance(item, Redirect) for item in items)
        frames = [frame(item.event, item.data()) for item in items]
        return b"".join([self._of_toasts(self.take_messages()), *frames])

    def _of_toasts(self, toasts: Sequence[Toast]) -> bytes:
        return b"".join([frame(toast.event, toast.data()) for toast in toasts])

    def _reply_of(self, value: Any) -> Reply:
        return stream_reply_of(value, self.call.request, self.action.function)

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Log what a generator raises when it is closed; nobody is left to be told."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  the application's own, of any kind
            self._log(error, describe(error, self.action.file))

    def _log(self, error: Exception, failure: Failure) -> None:
        logs.write(self.call.request, failure, error, HttpResponse(status=failure.status))
