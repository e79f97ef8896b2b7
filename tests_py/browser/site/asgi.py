"""The site under uvicorn, which can cut a connection after an action has run."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

LOST = (b"lose", b"lose_once")

django = ASGIStaticFilesHandler(get_asgi_application())


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    headers = dict(scope["headers"])
    name = headers.get(b"x-hyper-action", b"")
    place = headers.get(b"referer", b"") + scope["query_string"]

    async def send_part(message: Any) -> None:
        """Send nothing of an answer that gets lost, and of `cut` the head."""
        if b"fresh=1" in place and message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        if name == b"cut" and message["type"] == "http.response.body":
            message["more_body"] = True
            message["body"] = message["body"][:5]
        if name not in LOST:
            await send(message)

    if b"x-hyper-attempt" in headers or name not in (*LOST, b"cut"):
        name = b""
    await django(scope, receive, send_part)
    if name:
        receive.__self__.transport.abort()  # uvicorn's connection; ASGI itself has no such word
