"""Let contestants, each in a process of its own, take turns; compare them round by round."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from contestants import CONTESTANTS, ITEMS
from record import progress, summary

HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Row:
    """A line of a table: what is asked of whom; the first row is bare."""

    who: str
    contestant: str
    request: str
    bounds: Sequence[Mapping[str, Any]] = ()
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        kinds = {"bare": "bare", "hyper": "ours"}
        object.__setattr__(self, "kind", kinds.get(self.contestant, "peer"))


# What a table shows of a round, from the row's own figures and those of bare.
METRICS: Mapping[str, Callable[[dict[str, float], dict[str, float]], float]] = {
    "us": lambda own, bare: own["seconds"] * 1e6,
    "added": lambda own, bare: (own["seconds"] - bare["seconds"]) * 1e6,
    "ratio": lambda own, bare: bare["seconds"] / own["seconds"],
    "setup": lambda own, bare: own["seconds"] - bare["seconds"],  # these two are ms
    "ready": lambda own, bare: own["ready"] - bare["ready"],
    "ns": lambda own, bare: own["seconds"] * 1e9,
    "items": lambda own, bare: ITEMS / own["seconds"],
    "first": lambda own, bare: own["first"] * 1e3,
}


class Contest:
    """Starts the processes, and ends them; who does not start is skipped."""

    def __init__(self, names: Sequence[str], *, alone: bool = False) -> None:
        self._more = ["alone"] if alone else []
        self.skipped = [each for each in not_installed() if each["who"] in packages_of(names)]
        self._processes: dict[str, subprocess.Popen[str]] = {}
        gone = {each["who"] for each in self.skipped}
        for name in dict.fromkeys(names):
            if CONTESTANTS[name].package not in gone:
                progress(f"starts {name}")
                self._start(name)

    def _start(self, name: str) -> None:
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  the process writes to it
        command = [sys.executable, "-W", "ignore", str(HERE / "worker.py"), name, *self._more]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout
        if process.stdout.readline():
            self._processes[name] = process
            return
        process.wait()
        errors.seek(0)
        why = (errors.read().strip().splitlines() or ["no reason given"])[-1]
        self.skip(name, f"does not start: {why}")

    def skip(self, name: str, why: str) -> None:
        if name in ("bare", "hyper"):
            raise SystemExit(f"{name}: {why}")
        self.skipped.append({"who": str(CONTESTANTS[name].package), "why": why})

    def ask(self, name: str, **order: Any) -> dict[str, Any]:
        process = self._processes[name]
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{name} ended when it was asked for {order}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def race(
        self, rows: Sequence[Row], server: str, rounds: int, times: int
    ) -> dict[Row, list[dict[str, float]]]:
        """Return for each row what it took in each round."""
        taking_part = [row for row in rows if row.contestant in self._processes]
        for row in taking_part:
            answer = self.ask(row.contestant, server=server, request=row.request, times=0)
            if not answer["is_right"]:
                raise SystemExit(f"{row.who} gave a wrong answer: {answer['answer']}")
        measured: dict[Row, list[dict[str, float]]] = {row: [] for row in taking_part}
        for number in range(-1, rounds):  # the first is to warm up
            progress(f"{server}, round {max(number + 1, 0)} of {rounds}")
            for row in taking_part:
                took = self.ask(row.contestant, server=server, request=row.request, times=times)
                if number >= 0:
                    measured[row].append(took)
        return measured

    def __enter__(self) -> Contest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()


def packages_of(names: Sequence[str]) -> list[str | None]:
    return [CONTESTANTS[name].package for name in dict.fromkeys(names)]


def not_installed() -> list[dict[str, str]]:
    path = HERE / "peers" / "skipped.json"
    found: list[dict[str, str]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def compare(
    measured: Mapping[Row, list[dict[str, float]]], metrics: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the rows of a table; a ratio compares what ran in the same round."""
    bare = next(iter(measured.values()))
    rows = []
    for row, own in measured.items():
        values = {
            metric: summary(
                [METRICS[metric](one, other) for one, other in zip(own, bare, strict=True)]
            )
            for metric in metrics
            if own is not bare or metric not in ("ratio", "added", "setup", "ready")
        }
        told = {"bounds": list(row.bounds)} if row.bounds else {}
        rows.append({"who": row.who, "is": row.kind, "values": values, **told})
    return rows
