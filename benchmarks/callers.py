"""Call an application as a server does, without a socket, whose noise would hide a microsecond."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from typing import Any

from contestants import TOKEN, Request


def headers_of(request: Request) -> dict[str, str]:
    return {
        "Host": "localhost",
        "Content-Type": "application/json",
        "Content-Length": str(len(request.body)),
        "Cookie": f"csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Accept": "application/json, text/event-stream",
        **request.headers,
    }


def wsgi_caller(app: Callable[..., Any], request: Request) -> Callable[[], bytes]:
    """Return what sends the request once, and gives the body of the answer."""
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path.partition("?")[0],
        "SCRIPT_NAME": "",
        "QUERY_STRING": request.path.partition("?")[2],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    for name, value in headers_of(request).items():
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value

    def call() -> bytes:
        body = io.BytesIO(request.body)
        response = app({**environ, "wsgi.input": body}, lambda status, headers: None)
        answer = b"".join(response)
        response.close()
        return answer

    return call


class Sent:
    """What an application has sent, and when the first of its body came."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.first_at = 0.0

    async def send(self, message: dict[str, Any]) -> None:
        if body := message.get("body"):
            self.first_at = self.first_at or time.perf_counter()
            self.parts.append(body)


def asgi_caller(app: Any, request: Request) -> Callable[[], Awaitable[Sent]]:
    """Return what sends the request once, and gives what was sent back."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": request.path,
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in headers_of(request).items()
        ],
        "server": ("localhost", 80),
    }

    async def call() -> Sent:
        sent = Sent()
        is_read = False

        async def receive() -> dict[str, Any]:
            nonlocal is_read
            if is_read:
                await asyncio.Event().wait()  # the client stays
            is_read = True
            return {"type": "http.request", "body": request.body, "more_body": False}

        await app({**scope}, receive, sent.send)
        return sent

    return call
