"""The check before a package is built: the built plugin is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = "django_hyper/static/django_hyper"
BUILT_FILES = ("hyper.js", "alpine.js", "alpine-csp.js", "LICENSE.alpine.txt")


class RequireBuiltPlugin(BuildHookInterface[Any]):
    """Refuse a wheel or an sdist without the files that `{% hyper_scripts %}` names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stop unless every built file exists; an editable install may come before them."""
        if version == "editable":
            return
        folder = Path(self.root, STATIC)
        missing = [name for name in BUILT_FILES if not (folder / name).is_file()]
        if missing:
            raise RuntimeError(
                f"{STATIC}/ lacks {', '.join(missing)}; a package must carry the built plugin. "
                "Run `make build` first (it needs Node 20)."
            )
