"""A component whose method is called; it renders nothing anew."""

from __future__ import annotations

from typing import Any

from tetra import Component, public


class Saver(Component):
    @public(update=False)
    def save(self, title: str, count: int) -> dict[str, Any]:
        int(count)
        return {"id": 7, "title": title}

    template = "<div></div>"
