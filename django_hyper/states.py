"""The state of each action, as templates and the running action read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.template.response import SimpleTemplateResponse

from .protocol import RESERVED_NAMES

if TYPE_CHECKING:
    from .details import HyperDetails

METHODS = ("get", "items", "keys", "values")  # of every mapping


class Sent(str):
    """The text that was sent under a name, the last where there were several.

    `all` has each of them, for boxes and lists: ``{% if "red" in save.values.color.all %}``.
    """

    __slots__ = ("all",)

    all: list[str]

    @classmethod
    def of(cls, texts: list[str]) -> Sent:
        sent = cls(texts[-1] if texts else "")
        sent.all = texts
        return sent


class Values(dict[str, Sent]):
    """What was sent, by name. A name that was not is empty text, even one like ``items``."""

    def __missing__(self, name: str) -> Sent:
        return Sent.of([])

    @classmethod
    def of(cls, fields: QueryDict) -> Values:
        return cls(
            {name: Sent.of(fields.getlist(name)) for name in fields if name not in RESERVED_NAMES}
        )


class State:
    """What is known of one action in this request.

    `values` is what was sent, and `form` that of the action's ``form=``: not bound before a
    run, bound after one that failed. Both are filled for callers without JavaScript alone.
    """

    __slots__ = ("_form", "_make_form", "error", "errors", "pending", "result", "values")

    def __init__(self, make_form: Callable[[], Any] | None = None) -> None:
        self._make_form = make_form
        self._form: Any = None
        self.pending = False
        self.error: str | None = None
        self.errors: dict[str, list[str]] = {}
        self.result: Any = None
        self.values = Values()

    def __repr__(self) -> str:
        return f"State(pending={self.pending}, error={self.error!r}, result={self.result!r})"

    def __getitem__(self, name: str) -> Any:
        """Return what a template writes, which asks here first: for None, nothing."""
        value = getattr(self, name)
        return "" if value is None else value

    @property
    def form(self) -> Any:
        if self._form is None and self._make_form:
            self._form = self._make_form()
        return self._form

    @form.setter
    def form(self, bound: Any) -> None:
        self._form = bound

    @property
    def is_form_bound(self) -> bool:
        """Whether a run has bound the form; asking makes none."""
        return self._form is not None and bool(self._form.is_bound)

    def start(self) -> None:
        """Begin a run; nothing of an earlier one is left."""
        self.pending = True
        self.error = self.result = None
        self.errors = {}
        self.values = Values()

    def succeed(self, result: Any) -> None:
        self.pending = False
        self.result = result

    def fail(self, error: str, errors: dict[str, list[str]]) -> None:
        self.pending = False
        self.result = None
        self.error = error
        self.errors = errors


class States(Mapping[str, State]):
    """States by the name of the action; each can also be read as an attribute.

    Each is made when it is first asked for: a call asks for one, however many there are.

    Args:
        form_maker: Gives what makes the form of an action, if it has one.
    """

    def __init__(
        self,
        names: Collection[str],
        form_maker: Callable[[str], Callable[[], Any] | None] | None = None,
    ) -> None:
        self._names = names  # no action's name begins with an underscore
        self._form_maker = form_maker
        self._made: dict[str, State] = {}
        # As instance attributes they win over the methods of a mapping, so that an
        # action may be called `items`.
        for name in METHODS:
            if name in names:
                setattr(self, name, self[name])

    def __getitem__(self, name: str) -> State:
        state = self._made.get(name)
        if state is None:
            if name not in self._names:
                raise KeyError(name)
            state = State(self._form_maker(name) if self._form_maker else None)
            self._made[name] = state
        return state

    def __getattr__(self, name: str) -> State:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(name, name=name, obj=self)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def add_states(request: HttpRequest, response: SimpleTemplateResponse) -> SimpleTemplateResponse:
    """Put the state of each action into the context, over whatever stands there by its name."""
    states = request.hyper.states  # type: ignore[attr-defined]
    if states and not response.is_rendered:  # one out of a cache has no context any more
        by_name = {name: states[name] for name in states}  # one may be called `keys`
        response.context_data = {**(response.context_data or {}), **by_name}
        # A decorator of get() fills the cache when this is rendered.
        keep_from_cache(request, request.hyper)  # type: ignore[attr-defined]
    return response


def keep_from_cache(request: HttpRequest, details: HyperDetails) -> None:
    """Keep an answer that is for one call or visitor from Django's cache middlewares.

    They know it by its URL alone, and some keep what is no-store.
    """
    if details.action is not None or details.brought:
        request._cache_update_cache = False  # type: ignore[attr-defined]
