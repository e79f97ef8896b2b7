"""What the tests share: a caller for both worlds, a spy, a visitor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.test import AsyncClient, Client
from django.utils import translation

from .site import spy


@pytest.fixture(autouse=True)
def english():
    """Begin in English: a request leaves its language behind in its thread."""
    with translation.override("en"):
        yield


class Caller:
    """Calls actions as the Alpine client does, with one face for WSGI and ASGI."""

    def __init__(self, world: str, **options: Any) -> None:
        options = {"raise_request_exception": False, **options}
        self.world = world
        self.client: Any = Client(**options) if world == "wsgi" else AsyncClient(**options)

    def __call__(
        self,
        path: str,
        action: str,
        data: Any = None,
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """Call `action` of the page at `path`, as ``$action(action, data)`` does."""
        if method != "GET":
            options = {"data": data or {}, "content_type": "application/json", **options}
        sent = {"X-Hyper-Action": action, **(headers or {})}
        return self.request(method, path, headers=sent, **options)

    def stream(
        self, path: str, action: str, data: Any = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Call `action` as the client does, and return all that the answer sends."""
        sent = {"X-Hyper-Action": action, **(headers or {})}
        options = {"data": data or {}, "content_type": "application/json", "headers": sent}
        if self.world == "wsgi":
            body: bytes = self.client.post(path, **options).getvalue()
            return body
        return async_to_sync(self._astream)(path, options)

    async def _astream(self, path: str, options: Mapping[str, Any]) -> bytes:
        answer = await self.client.post(path, **options)
        return b"".join([part async for part in answer.streaming_content])

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Send any request; the options are those of Django's test client."""
        send = getattr(self.client, method.lower())
        return (send if self.world == "wsgi" else async_to_sync(send))(path, **options)


@pytest.fixture(params=["wsgi", "asgi"])
def world(request):
    return request.param


@pytest.fixture
def call(world):
    return Caller(world)


@pytest.fixture
def strict_call(world):
    """A caller whose CSRF tokens are checked, as a browser's are."""
    return Caller(world, enforce_csrf_checks=True)


@pytest.fixture
def ann(db, django_user_model):
    return django_user_model.objects.create_user("ann")


@pytest.fixture
def bob(db, django_user_model):
    return django_user_model.objects.create_user("bob")


@pytest.fixture(autouse=True)
def entered():
    """What the bodies of actions and handlers noted; empty when none was entered."""
    spy.entered.clear()
    return spy.entered


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
