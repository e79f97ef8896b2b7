"""Call a Python function of your Django page from Alpine."""

from __future__ import annotations

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
