"""The state of each action, as templates and the running action read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class State:
    """What is known of one action in this request."""

    __slots__ = ("error", "errors", "pending", "result")

    def __init__(self) -> None:
        self.pending = False
        self.error: str | None = None
        self.errors: dict[str, list[str]] = {}
        self.result: Any = None

    def __repr__(self) -> str:
        return f"State(pending={self.pending}, error={self.error!r}, result={self.result!r})"

    def start(self) -> None:
        """Begin a run; nothing of an earlier one is left."""
        self.pending = True
        self.error = self.result = None
        self.errors = {}

    def succeed(self, result: Any) -> None:
        self.pending = False
        self.result = result

    def fail(self, error: str, errors: dict[str, list[str]]) -> None:
        self.pending = False
        self.error = error
        self.errors = errors


class States(dict[str, State]):
    """States by the name of the action; each can also be read as an attribute."""

    __slots__ = ()

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, State()) for name in names)

    def __getattr__(self, name: str) -> State:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"this view has no action called {name!r}") from None
