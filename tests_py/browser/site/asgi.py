"""The site under uvicorn, which can lose an answer after the action has run."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

django = ASGIStaticFilesHandler(get_asgi_application())


async def application(scope: Any, receive: Any, send: Any) -> None:
    headers = dict(scope.get("headers", ()))
    if headers.get(b"x-hyper-action") != b"lose" or b"x-hyper-attempt" in headers:
        await django(scope, receive, send)
        return
    await django(scope, receive, swallow)
    receive.__self__.transport.abort()  # uvicorn's connection; ASGI itself has no such word


async def swallow(message: Any) -> None:
    """Take what Django sends, and send nothing."""
