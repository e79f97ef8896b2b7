"""System checks: mistakes that would else show on the first click.

https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.middleware.cache import CacheMiddleware

from .registry import MARK, Action, declared, members_of
from .routes import read_routes
from .views import ACTIONS, ActionMixin

HYPER = "django_hyper.middleware.HyperMiddleware"
BEFORE_HYPER = (
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)
NOT_SHARED = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)

View = Callable[..., Any]


def run() -> list[CheckMessage]:
    """Return what all checks find."""
    return [*check_middleware(), *check_annotations(), *check_views(), *check_caches()]


def check_middleware() -> list[CheckMessage]:
    """Find a middleware that is missing, or that sees requests before CSRF and auth."""
    order = list(settings.MIDDLEWARE)
    if HYPER not in order:
        return [
            Error(
                "HyperMiddleware is not in MIDDLEWARE, so no action can be called.",
                hint=f"Add {HYPER!r} as the last of Django's and django-htmx's.",
                id="django_hyper.E001",
            )
        ]
    return [
        Error(
            f"HyperMiddleware stands before {name}.",
            hint=f"Move {HYPER!r} below it: actions rely on what it decides.",
            id="django_hyper.E002",
        )
        for name in BEFORE_HYPER
        if name in order and order.index(name) > order.index(HYPER)
    ]


def check_annotations() -> list[CheckMessage]:
    """Find annotations that no value from a request can have."""
    _import_views()
    return [
        Error(fault, hint="docs/reference.md, Arguments, has the types.", id="django_hyper.E003")
        for action in declared
        if (fault := _fault_of(action))
    ]


def check_views() -> list[CheckMessage]:
    """Find views whose actions could not be called, or not safely."""
    messages: list[CheckMessage] = []
    for view in _import_views():
        messages.extend(_check_class(view, view.view_class) if hasattr(view, "view_class") else [])
        messages.extend(_check_cached(view))
    return messages


def check_caches() -> list[CheckMessage]:
    """Find what each process would count or keep by itself."""
    _import_views()
    backend = settings.CACHES["default"]["BACKEND"]
    needing = [each.label for each in declared if each.guards.rate or each.idempotent]
    if backend not in NOT_SHARED or not needing or settings.DEBUG:
        return []
    return [
        Warning(
            f"{', '.join(needing)}: what `rate_limit` counts and `idempotent` keeps is in "
            f"{backend}, which processes do not share.",
            hint="Use a shared cache in production, e.g. django.core.cache.backends.redis.",
            id="django_hyper.W001",
        )
    ]


def _import_views() -> list[View]:
    """Return the views of the project, each once."""
    return list(dict.fromkeys(route.view for route in read_routes()))


def _fault_of(action: Action) -> str | None:
    try:
        action.bind  # noqa: B018  compiles the annotations
    except TypeError as error:
        return str(error)
    return None


def _check_class(view: View, view_class: type) -> Iterator[CheckMessage]:
    name = f"{view_class.__module__}.{view_class.__qualname__}"
    if not issubclass(view_class, ActionMixin):
        for action in _marked(view_class):
            yield Error(
                f"{name} has the action {action!r}, but is no ActionMixin.",
                hint="Add django_hyper.ActionMixin to its bases.",
                id="django_hyper.E004",
            )
        return
    if issubclass(view_class, _loaded("rest_framework.views", "APIView")):
        yield Error(
            f"{name} is an ActionMixin and an APIView, which exempts its handlers from CSRF.",
            hint="Put the actions on a view of Django's.",
            id="django_hyper.E005",
        )
    if view_class.view_is_async and _is_guarded_by_mixin(view_class):
        yield Error(
            f"{name} has async handlers and a mixin of django.contrib.auth, which is sync.",
            hint="Put login_required on as_view(), use LoginRequiredMiddleware, or make the "
            "handlers sync; async actions work on sync views.",
            id="django_hyper.E006",
        )


def _check_cached(view: View) -> Iterator[CheckMessage]:
    reading = [
        action.label
        for action in getattr(view, ACTIONS, {}).values()
        if "GET" in action.info.methods
    ]
    if reading and _is_cached(view, set()):
        yield Warning(
            f"cache_page stands around {', '.join(reading)}, so an answer may be served again.",
            hint="Cache inside the action, or leave GET out of its methods.",
            id="django_hyper.W002",
        )


def _marked(view_class: type) -> list[str]:
    return [name for name, member in members_of(view_class).items() if hasattr(member, MARK)]


def _is_guarded_by_mixin(view_class: type) -> bool:
    return issubclass(view_class, _loaded("django.contrib.auth.mixins", "AccessMixin"))


def _loaded(module: str, name: str) -> tuple[type, ...]:
    """Return a class of a module that the project uses; importing it might need its models."""
    return (getattr(sys.modules[module], name),) if module in sys.modules else ()


def _is_cached(value: Any, seen: set[int]) -> bool:
    """Whether a function closes over Django's cache middleware, as ``cache_page`` does."""
    if isinstance(value, CacheMiddleware) or value is CacheMiddleware:
        return True
    if id(value) in seen:
        return False
    seen.add(id(value))
    inner = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    if isinstance(value, (list, tuple)):
        inner.extend(value)
    if view_class := getattr(value, "view_class", None):
        inner.append(view_class.dispatch)
    return any(_is_cached(part, seen) for part in inner)
