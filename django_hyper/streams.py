"""Answer with a stream, and count how many are open."""

from __future__ import annotations

import threading
import weakref
from collections.abc import AsyncGenerator, Generator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from .answers.headers import Headers
from .answers.sse import EVENT_STREAM, HEADERS, Frames
from .collect import AnyGenerator
from .errors import busy
from .replies import PLAIN
from .sources import ApartStream, LoopStream, OwnLoop, ThreadStream

max_streams = 1_000

# Each of a thousand open streams would hold the texts of its headers.
READY = StreamingHttpResponse(content_type=EVENT_STREAM, headers=HEADERS)


class Count:
    """How many streams are open in this process."""

    def __init__(self) -> None:
        self.open = 0
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Count one more.

        Raises:
            CallRefused: ``busy``; as many are open as may be.
        """
        most = getattr(settings, "HYPER_MAX_STREAMS", max_streams)
        with self._lock:
            if self.open >= most:
                raise busy(
                    f"{self.open} streams are open in this process; HYPER_MAX_STREAMS allows "
                    f"{most}. End streams sooner, or allow more."
                )
            self.open += 1

    def leave(self) -> None:
        with self._lock:
            self.open -= 1


count = Count()


def is_stream(returned: Any) -> bool:
    """Whether an action returned a generator."""
    return type(returned) not in PLAIN and isinstance(returned, (Generator, AsyncGenerator))


def stream(request: HttpRequest, generator: AnyGenerator, frames: Frames) -> StreamingHttpResponse:
    """Return the response that sends what the generator yields.

    Raises:
        CallRefused: ``busy``; as many streams are open as this process may have.
    """
    is_asgi = hasattr(request, "scope")
    source: Any = counted(generator, frames) if is_asgi else wsgi_source(generator, frames)
    # No middleware may compress it: that would hold items back.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    response = StreamingHttpResponse(source, content_type=EVENT_STREAM)
    response.headers = Headers(READY)
    return response


def counted(generator: AnyGenerator, frames: Frames) -> LoopStream:
    """Return the stream of an ASGI server; it counts until its generator has ended."""
    count.enter()
    source = LoopStream(generator, frames)
    # A response may be dropped before anybody reads or closes it.
    source.on_end = weakref.finalize(source, count.leave)
    return source


def wsgi_source(generator: AnyGenerator, frames: Frames) -> ThreadStream | OwnLoop:
    has_heart = getattr(settings, "HYPER_WSGI_HEARTBEAT", False)
    if has_heart or isinstance(generator, AsyncGenerator):
        return OwnLoop(ApartStream(generator, frames, has_heart))
    return ThreadStream(generator, frames)
