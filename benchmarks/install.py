"""Install the server's peers into ``peers/venv/``, each for itself, beside this package.

The newest Python is taken that is found: some peers run on no other. What cannot be
installed is written to ``peers/skipped.json``, and the others are measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"
PYTHON = PEERS / "venv" / "bin" / "python"
FRAME = ["--editable", str(HERE.parent), "Django~=5.2.0", "uvicorn~=0.54.0"]


def newest_python() -> str:
    """Return the newest Python up to 3.14: of pyenv, else of the path, else this one."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for minor in (14, 13, 12):
        of_pyenv = sorted(root.glob(f"versions/3.{minor}.*/bin/python3.{minor}"))
        for found in [*map(str, of_pyenv), shutil.which(f"python3.{minor}")]:
            if found and not subprocess.run([found, "--version"], capture_output=True).returncode:
                return found
    return sys.executable


def install(*what: str) -> str:
    """Install with pip, and return why that failed; empty when it did not."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    done = subprocess.run(command, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ") if done.returncode else ""


def main() -> None:
    PEERS.mkdir(exist_ok=True)
    python = newest_python()
    print(f"Installing the server's peers for {python}", file=sys.stderr)
    subprocess.run([python, "-m", "venv", "--clear", PEERS / "venv"], check=True)
    if why := install(*FRAME):
        raise SystemExit(f"the benchmarks cannot be set up: {why}")
    skipped = []
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        wanted = line.partition("#")[0].strip()
        if not wanted:
            continue
        print(f"  {wanted}", file=sys.stderr)
        # A peer must not move the Django that all are measured on.
        if why := install(wanted, "Django~=5.2.0"):
            skipped.append({"who": wanted.partition("==")[0], "why": f"not installed: {why}"})
    (PEERS / "skipped.json").write_text(json.dumps(skipped, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
