"""The headers of an answer, quick to make, to ask and to list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.http.response import ResponseHeaders


class Headers(ResponseHeaders):
    """Begins with those of a response that is ready, and shares their texts.

    Django's own are asked and listed through the generic methods of a mapping. Middlewares
    ask for each header that they would add, and the server lists them all: with those
    methods that is a twentieth of a call.
    """

    def __init__(self, ready: HttpResponseBase) -> None:
        self._store = ready.headers._store.copy()

    def __contains__(self, name: Any) -> bool:
        return name.lower() in self._store

    def get(self, name: str, default: Any = None) -> Any:
        return self._store.get(name.lower(), (name, default))[1]

    def items(self) -> Any:
        return self._store.values()
