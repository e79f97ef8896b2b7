"""The state of each action, as templates and the running action read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any


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
        self.result = None
        self.error = error
        self.errors = errors


class States(Mapping[str, State]):
    """States by the name of the action; each can also be read as an attribute."""

    def __init__(self, names: Iterable[str]) -> None:
        # As instance attributes they win over the methods of a mapping, so that an
        # action may be called `items`.
        for name in names:
            self.__dict__[name] = State()

    def __getitem__(self, name: str) -> State:
        state: State = self.__dict__[name]
        return state

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> State: ...
