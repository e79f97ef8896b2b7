"""The actions that were declared: what is known of each, and how one is found."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from .arguments import Binder
from .errors import CallRefused
from .forms import FormMaker
from .guards import Guards
from .parameters import ParameterInfo

MARK = "__hyper_action__"


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """What is known of an action, for tools.

    The guards stand under the names of the options of `action`.
    """

    name: str
    description: str
    methods: tuple[str, ...]
    parameters: tuple[ParameterInfo, ...]
    login_required: bool
    permission_required: tuple[str, ...]
    user_passes_test: Callable[[Any], bool] | None
    rate_limit: str | None
    idempotent: bool
    public: bool
    is_async: bool
    is_stream: bool


class Action:
    """A function that the browser may call, with all that a call needs of it."""

    def __init__(
        self,
        function: Callable[..., Any],
        info: ActionInfo,
        guards: Guards,
        make_form: FormMaker | None,
    ) -> None:
        self.function = function
        self.info = info
        self.guards = guards
        self.make_form = make_form
        self.name = info.name
        self.is_async = info.is_async
        self.idempotent = info.idempotent
        self.file = inspect.unwrap(function).__code__.co_filename
        self.label = f"{function.__module__}.{function.__qualname__}"
        with suppress(TypeError):  # a name may be defined further down; a check tells the rest
            self.bind  # noqa: B018  compiled now, not on the first call

    @cached_property
    def bind(self) -> Binder:
        """What turns raw values into arguments.

        Raises:
            TypeError: An annotation cannot be used or found.
        """
        return Binder(self.label, self.function, self.info.parameters)


class Actions(dict[str, Action]):
    """Those of a view, by the name that the browser calls; a call asks nothing of each."""

    def __init__(self, actions: Iterable[tuple[str, Action]] = ()) -> None:
        super().__init__(actions)
        self.has_forms = any(action.make_form for action in self.values())


NO_ACTIONS = Actions()


def unbound_form_maker(actions: Actions, owner: Any, name: str) -> Callable[[], Any] | None:
    """Return what makes the form of an action that has one, not bound yet."""
    make_form = actions[name].make_form
    return partial(make_form, owner, None, None) if make_form else None


# Every action that was declared, for the system checks and for advice.
declared: list[Action] = []


def is_action(function: Any) -> bool:
    """Whether `function` was declared with `action`."""
    return isinstance(getattr(function, MARK, None), Action)


def action_info(function: Any) -> ActionInfo:
    """Return what is known of an action.

    Raises:
        TypeError: `function` is no action.
    """
    if not is_action(function):
        raise TypeError(f"{function!r} is no action; expected a function marked with @action.")
    info: ActionInfo = getattr(function, MARK).info
    return info


def action_of(function: Any) -> Action:
    """Return the action that was declared on exactly this function.

    Raises:
        TypeError: `function` is no action, or something wraps an action: a decorator
            that stands above ``@action`` would be skipped by a call.
    """
    found = getattr(function, MARK, None)
    if not isinstance(found, Action):
        raise TypeError(
            f"{function!r} is no action; expected a function marked with @action. "
            "A view gets its actions by name: @with_actions(save, remove)."
        )
    if found.function is not function:
        raise TypeError(
            f"a decorator stands above @action on {found.label}, so a call would skip it. "
            "Put @action on top."
        )
    return found


def members_of(cls: type) -> dict[str, Any]:
    """Return what a class has by name, without binding it; the nearest base wins."""
    members: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        members.update(vars(base))
    return members


def find_action(actions: Actions, name: str | None) -> Action:
    """Return the action called `name`, exactly.

    Raises:
        CallRefused: ``unknown_action``.
    """
    name = name or ""
    found = actions.get(name)
    if found is None:
        raise CallRefused(
            "unknown_action",
            f"no action is called {name[:100]!r}; this view has: {', '.join(actions) or 'none'}. "
            f"{_advice(name)}",
        )
    return found


def _advice(name: str) -> str:
    elsewhere = [each.label for each in declared if each.name == name]
    if not elsewhere:
        return "Mark the function with @action, or fix the name in $action()."
    return (
        f"{' and '.join(elsewhere)} has the name: is it on another view, or does a decorator "
        "above @action hide it?"
    )
