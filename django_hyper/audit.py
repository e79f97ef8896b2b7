"""Say of every action where it can be called, what guards it, and whether it is open.

What is open is asked, not read: each test that guards a call is given an anonymous user.
A guard of the project's own making, such as a `dispatch` that raises, cannot be asked and
counts as none; so do a test that looks at more than the user, and a mixin that no
`dispatch` before it hands on to. So the audit errs on the side of "open".
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import decorators, mixins
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import decorators as method_decorators
from django.utils.module_loading import import_string
from django.views import View

from .guards import passes
from .registry import Action, declared
from .routes import read_routes
from .views import ACTIONS, ActionMixin

OF_OTHERS = (ActionMixin, View)  # their dispatch() guards nothing


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that stands before an action, by the name that its author wrote."""

    name: str
    refuses_anonymous: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A view at a URL that has the action, and the guards of that view."""

    path: str
    view_name: str
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the audit says of one action."""

    action: Action
    guards: tuple[Guard, ...]  # of the action itself
    places: tuple[Place, ...]

    @property
    def open_places(self) -> list[Place]:
        """Where nothing is known to refuse an anonymous caller."""
        return [
            place
            for place in self.places
            if not any(guard.refuses_anonymous for guard in (*self.guards, *place.guards))
        ]

    @property
    def is_open_by_mistake(self) -> bool:
        """Whether anonymous callers get in, and nobody wrote that they are meant."""
        return bool(self.open_places) and not self.action.info.public


def audit() -> list[Entry]:
    """Return an entry for each action, ordered by its label; those without a URL too."""
    places: dict[int, list[Place]] = {}
    for route in read_routes():
        place = Place(route.path, route.view_name, tuple(_guards_of_view(route.view)))
        for action in getattr(route.view, ACTIONS, {}).values():
            places.setdefault(id(action), []).append(place)
    return [
        Entry(action, tuple(_guards_of_action(action)), tuple(places.get(id(action), ())))
        for action in sorted(declared, key=lambda each: each.label)
    ]


def _guards_of_action(action: Action) -> Iterator[Guard]:
    info = action.info
    if info.login_required:
        yield Guard("login_required", refuses_anonymous=True)
    if needed := info.permission_required:
        name = f"permission_required {', '.join(needed)}"
        yield Guard(name, _refuses(lambda user: user.has_perms(needed)))
    if info.user_passes_test:
        name = f"user_passes_test {info.user_passes_test.__qualname__}"
        yield Guard(name, _refuses(info.user_passes_test))
    if info.rate_limit:
        yield Guard(f"rate_limit {info.rate_limit}", refuses_anonymous=False)
    yield from _decorators_of(action.function)


def _guards_of_view(view: Callable[..., Any]) -> Iterator[Guard]:
    if getattr(view, "login_required", True) and _has_login_middleware():
        yield Guard("LoginRequiredMiddleware", refuses_anonymous=True)
    yield from _decorators_of(view)
    reached = True
    for base in getattr(view, "view_class", View).__mro__:
        if "dispatch" not in vars(base):
            continue
        for guard in _guards_of_class(base, view):
            yield guard if reached else Guard(f"{guard.name} (not reached)", False)
        reached = reached and _hands_on(vars(base)["dispatch"])


def _has_login_middleware() -> bool:
    middlewares = map(import_string, settings.MIDDLEWARE)
    process_view = LoginRequiredMiddleware.process_view  # of its own, one may let some pass
    return any(getattr(each, "process_view", None) is process_view for each in middlewares)


def _hands_on(dispatch: Any) -> bool:
    """Whether a `dispatch` calls that of the class after it: the word `super` leaves a cell."""
    code = getattr(inspect.unwrap(dispatch), "__code__", None)
    return "__class__" in getattr(code, "co_freevars", ())


def _guards_of_class(base: type, view: Any) -> Iterator[Guard]:
    """Say what the `dispatch` of one class of a view guards."""
    if base is mixins.LoginRequiredMixin:
        yield Guard(base.__name__, refuses_anonymous=True)
    elif base is mixins.PermissionRequiredMixin:
        yield Guard(base.__name__, _refuses(lambda user: _made(view, user).has_permission()))
    elif base is mixins.UserPassesTestMixin:
        yield Guard(base.__name__, _refuses(lambda user: _made(view, user).get_test_func()()))
    elif base not in OF_OTHERS:
        asked = list(_decorators_of(vars(base)["dispatch"]))
        yield from asked or [Guard(f"{base.__qualname__}.dispatch (unknown)", False)]


def _made(view: Any, user: Any) -> Any:
    """Make a view whose request has a user and nothing else.

    What a test finds in a URL or in a request of ours says nothing of those that come.
    """
    made = view.view_class(**view.view_initkwargs)
    made.request = SimpleNamespace(user=user)
    return made


def _decorators_of(function: Callable[..., Any] | None) -> Iterator[Guard]:
    """Find what Django's auth decorators have put around a function, outermost first."""
    while function is not None:
        closure = _closure(function)
        if _is_of(decorators, function) and "test_func" in closure:
            test = closure["test_func"]
            yield Guard(test.__qualname__.partition(".<locals>")[0], _refuses(test))
        if _is_of(method_decorators, function) and "decorators" in closure:
            for decorator in reversed(closure["decorators"]):
                yield from _decorators_of(decorator(_view))
        function = getattr(function, "__wrapped__", None)


def _view(request: Any) -> None:
    """Stand for a view, to see what a decorator makes of it."""


def _is_of(module: Any, function: Callable[..., Any]) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename == module.__file__


def _closure(function: Callable[..., Any]) -> dict[str, Any]:
    if not inspect.isfunction(function):
        return {}
    return dict(inspect.getclosurevars(function).nonlocals)


def _refuses(test: Callable[[Any], Any]) -> bool:
    """Whether a test of the user refuses one who is anonymous; one that fails is unknown."""
    try:
        return not passes(test, AnonymousUser())
    except PermissionDenied:
        return True
    except Exception:  # noqa: BLE001  the project's code, with what it needs of a request missing
        return False
