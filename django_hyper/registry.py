"""Find actions by name: those of a view, and every one that was declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .errors import CallRefused

if TYPE_CHECKING:
    from .actions import Action

Actions = Mapping[str, "Action"]  # of a view, by the name that the browser calls

# Every action that was declared, for the system checks and for advice.
declared: list[Action] = []


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
