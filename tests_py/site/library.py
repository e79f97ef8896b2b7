"""Another module, as a library is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class LibraryError(ValueError):
    pass


def refuse() -> Any:
    raise ValueError("secret")


def refuse_in_a_subclass() -> Any:
    raise LibraryError("secret")


def fail(error: Exception) -> Any:
    raise error


def call(function: Callable[[], Any]) -> Any:
    return function()
