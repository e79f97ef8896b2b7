"""The version matrix: the Python tests on each pair of Python and Django that we support.

`make matrix` runs all of it; `nox -s python3.13-django6.1` one session of it. The pair that
the variable `TESTED` names, as "3.11 5.2", is left out: `make test` has run it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import nox

PAIRS = [
    ("3.10", "5.2", "lowest"),
    ("3.11", "5.2", "newest"),
    ("3.12", "6.0", "newest"),
    ("3.13", "6.1", "newest"),
]

nox.needs_version = ">=2025.10.14"
nox.options.envdir = ".venvs"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False  # skipped, and said so at the end

PROJECT = nox.project.load_toml("pyproject.toml")


def add_pyenv_to_path() -> None:
    """Put the folders of pyenv's Pythons first: its shims refuse versions that are not "global"."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = sorted(
        (path for path in root.glob("versions/3.*/bin") if (path / "python").exists()),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)],
        reverse=True,  # the newest patch of each version is found first
    )
    os.environ["PATH"] = os.pathsep.join([*map(str, folders), os.environ["PATH"]])


def choose_requirements(django: str, versions: str) -> list[str]:
    """Give what to install beside the package: `django`, and for "lowest" each lower bound."""
    if versions == "newest":
        return [f"Django~={django}.0"]
    bounds = [re.split("[,;]", text)[0] for text in PROJECT["project"]["dependencies"]]
    return [bound.replace(">=", "==") for bound in bounds]


def install(session: nox.Session, requirements: list[str]) -> None:
    """Install into the session's environment, once for each list of what it needs."""
    stamp = Path(session.virtualenv.location, ".installed")
    needs = [PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["test"], requirements]
    wanted = json.dumps(needs, indent=2)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    # Python compiles what the tests import; pip would compile all of it.
    session.install("--no-compile", "--editable", ".", "--group", "test", *requirements)
    stamp.write_text(wanted)


def make_session(python: str, django: str, versions: str) -> None:
    """Register the session that tests one pair."""

    def run_tests(session: nox.Session) -> None:
        """Run the Python tests that need neither a browser nor the built plugin."""
        install(session, choose_requirements(django, versions))
        chosen = ("-m", "not browser and not wheel and not slow", "--ignore", "tests_py/browser")
        session.run("pytest", "-n", os.environ.get("JOBS", "2"), *chosen, *session.posargs)

    suffix = "-lowest" if versions == "lowest" else ""
    register: Callable[[Callable[[nox.Session], None]], object] = nox.session(
        python=python, name=f"python{python}-django{django}{suffix}"
    )
    register(run_tests)


add_pyenv_to_path()
for python, django, versions in PAIRS:
    if f"{python} {django}" != os.environ.get("TESTED") or versions == "lowest":
        make_session(python, django, versions)
