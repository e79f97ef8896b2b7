"""Call a Python function of your Django page from Alpine."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .actions import action
    from .details import HyperDetails
    from .errors import ActionError
    from .items import HTML, Event, History, Item, Redirect, Refresh, Reply, Signals, Store, Toast
    from .middleware import HyperMiddleware
    from .parameters import ParameterInfo
    from .registry import ActionInfo, action_info, is_action
    from .views import ActionMixin, with_actions

__all__ = [
    "HTML",
    "ActionError",
    "ActionInfo",
    "ActionMixin",
    "Event",
    "History",
    "HyperDetails",
    "HyperMiddleware",
    "Item",
    "ParameterInfo",
    "Redirect",
    "Refresh",
    "Reply",
    "Signals",
    "Store",
    "Toast",
    "action",
    "action_info",
    "is_action",
    "with_actions",
]

# Where names are found, the first that has one. Django imports this package to set itself up,
# also for commands that run no action; so the rest is imported with the first name asked for.
ROOMS = ("errors", "items", "parameters", "registry", "details", "actions", "views", "middleware")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    rooms = (import_module(f".{room}", __name__) for room in ROOMS)
    value = next(getattr(room, name) for room in rooms if hasattr(room, name))
    globals()[name] = value
    return value
