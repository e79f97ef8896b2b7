"""Write what was measured to ``results/<name>.json``, in the format of ``README.md``."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"

started_at = datetime.now(timezone.utc)
started = time.perf_counter()


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return the median of some figures and their quartiles."""
    if len(values) < 2:
        return {"median": values[0]}
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        cpu = names[0] if names else cpu
    system = f"{platform.system()} {platform.release().partition('-')[0]} {platform.machine()}"
    return f"{cpu}, {os.cpu_count()} cores, {system}"


def versions(packages: Iterable[str | None]) -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {"Python": platform.python_version(), "Django": metadata.version("Django")}
    for package in packages:
        try:
            found[package or "Django"] = metadata.version(package or "Django")
        except metadata.PackageNotFoundError:
            continue
    return found


def write(
    name: str,
    packages: Iterable[str | None],
    tables: Sequence[dict[str, Any]] = (),
    series: Sequence[dict[str, Any]] = (),
    skipped: Sequence[dict[str, str]] = (),
) -> None:
    """Write a result; the date, machine, versions and command are those of this process."""
    result = {
        "name": name,
        "date": started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(time.perf_counter() - started, 1),
        "machine": machine(),
        "versions": versions(packages),
        "command": " ".join(["benchmarks/peers/venv/bin/python", *sys.argv]),
        "tables": list(tables),
        "series": list(series),
        "skipped": list(skipped),
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def progress(text: str) -> None:
    """Show where the measuring is; on a terminal in one line."""
    end = "\r\033[K" if sys.stderr.isatty() else "\n"
    print(f"{Path(sys.argv[0]).stem}: {text}", end=end, file=sys.stderr, flush=True)
