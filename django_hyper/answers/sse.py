"""Answer the Alpine client with a stream: what a generator yields, as ``text/event-stream``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from .. import logs
from ..failures import Failure, describe
from ..items import Item, Redirect, Reply
from ..replies import PLAIN, stream_reply_of
from ..toasts import take_messages
from .json import encode, failure_body

if TYPE_CHECKING:
    from ..registry import Action

EVENT_STREAM = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}

# A comment, which readers skip.
# https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes
HEARTBEAT = b":\n\n"


def frame(event: str, data: Any) -> bytes:
    """Encode one event; its data is one line of JSON, so that no text can forge another.

    Args:
        event: One of the names that the protocol has.
    """
    return b"event: %b\ndata: %b\n\n" % (event.encode(), encode(data))


class Frames:
    """Turns what one generator gives into frames, up to the one last event."""

    def __init__(self, request: HttpRequest, action: Action, first_message: int) -> None:
        self.request = request
        self.action = action
        self.first_message = first_message
        self.result: Any = None
        self.is_over = False  # nothing that the generator yields counts any more

    def of_value(self, value: Any) -> bytes:
        """Return the frames of a yielded value; a redirect is the last that counts."""
        if type(value) in PLAIN:
            return self._of_messages() + b"event: message\ndata: %b\n\n" % encode(value)
        reply = self._reply_of(value)
        if isinstance(value, Reply):
            self.result = value.result
        elif not reply.items:
            return self._of_messages() + frame("message", reply.result)
        return self._of_items(reply.items)

    def of_end(self, returned: Any = None) -> bytes:
        """Return the last frames of a generator that has returned, or was told to."""
        reply = self._reply_of(returned)
        result = self.result if returned is None else reply.result
        return self._of_items(reply.items) + frame("end", {"result": result})

    def of_error(self, error: Exception) -> bytes:
        """Return the last frames of a generator that raised, and log it."""
        failure = describe(error, self.action.file)
        self._log(error, failure)
        return self._of_messages() + frame(
            "error", {**failure_body(failure), "status": failure.status}
        )

    def _of_items(self, items: Sequence[Item]) -> bytes:
        self.is_over = any(isinstance(item, Redirect) for item in items)
        frames = [frame(item.event, item.data()) for item in items]
        return b"".join([self._of_messages(), *frames])

    def _of_messages(self) -> bytes:
        toasts = take_messages(self.request, self.first_message)
        return b"".join([frame(toast.event, toast.data()) for toast in toasts]) if toasts else b""

    def _reply_of(self, value: Any) -> Reply:
        return stream_reply_of(value, self.request, self.action.function)

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Log what a generator raises when it is closed; nobody is left to be told."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  the application's own, of any kind
            self._log(error, describe(error, self.action.file))

    def _log(self, error: Exception, failure: Failure) -> None:
        logs.write(self.request, failure, error, HttpResponse(status=failure.status))
