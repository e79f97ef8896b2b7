"""Measure what a package adds to `django.setup()`.

    benchmarks/peers/venv/bin/python benchmarks/server_startup.py [--rounds 14]

Each time is that of a process of its own, which starts the project of one contestant.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import record
from rounds import Row, compare, not_installed, packages_of

ROWS = [
    Row("no package", "bare", ""),
    Row("django-hyper", "hyper", "", [{"metric": "setup", "at_most": 10}]),
    Row("django-htmx", "htmx", ""),
    Row("hyperdjango", "hyperdjango", ""),
    Row("djust", "djust", ""),
    Row("django-ninja", "ninja", ""),
    Row("tetra", "tetra", ""),
]
START = """
import importlib, sys, time, contestants, project
project.configure(sys.argv[1])
import django
from django.core.wsgi import get_wsgi_application
start = time.perf_counter()
django.setup()
print(time.perf_counter() - start)
get_wsgi_application()
importlib.import_module("contestants." + contestants.CONTESTANTS[sys.argv[1]].module)
print(time.perf_counter() - start)
"""


def start(name: str) -> dict[str, float]:
    """Return the ms of `django.setup()`, and those until the first request can be answered."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START, name],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    set_up, ready = (float(line) * 1e3 for line in done.stdout.split())
    return {"seconds": set_up, "ready": ready}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=14)
    options = parser.parse_args()
    names = [row.contestant for row in ROWS]
    skipped = [each for each in not_installed() if each["who"] in packages_of(names)]
    gone = {each["who"] for each in skipped}
    rows = [row for row in ROWS if not gone & set(packages_of([row.contestant]))]
    measured: dict[Row, list[dict[str, float]]] = {row: [] for row in rows}
    for number in range(-1, options.rounds):  # the first is to fill the disk's cache
        record.progress(f"round {max(number + 1, 0)} of {options.rounds}")
        for row in rows:
            took = start(row.contestant)
            if number >= 0:
                measured[row].append(took)
    table = {
        "id": "startup",
        "title": "Start-up",
        "work": "A process each, beside five of Django's own applications. Until a request can "
        "come, the middleware and the views of a call are imported too.",
        "rounds": options.rounds,
        "columns": [
            {"metric": "setup", "title": "ms added to `django.setup()`", "digits": 1},
            {"metric": "ready", "title": "ms added until a request can come", "digits": 1},
        ],
        "rows": [row for row in compare(measured, ["setup", "ready"]) if row["is"] != "bare"],
    }
    record.write("server-startup", packages_of(names), [table], skipped=skipped)


if __name__ == "__main__":
    main()
