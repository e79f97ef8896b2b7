"""What the README and `docs/performance.md` show is what was measured, and nothing else."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(ROOT / "benchmarks")
    report = importlib.import_module("report")

RESULTS = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "benchmarks" / "results").glob("*.json"))
]


@pytest.mark.parametrize("path", report.PAGES, ids=lambda path: path.name)
def test_a_page_shows_the_figures_of_the_last_run(path):
    page = path.read_text(encoding="utf-8")

    assert report.fill(page, RESULTS) == page


def table(us, elsewhere):
    return {
        "id": "calls",
        "columns": [{"metric": "us", "title": "µs", "digits": 0}],
        "rows": [
            {"who": "peer", "is": "peer", "values": {"us": {"median": 200.0}}},
            {"who": "other", "is": "peer", "values": {"us": {"median": 300.0}}},
            {
                "who": "us",
                "is": "ours",
                "values": {"us": {"median": us}},
                "bounds": [{"metric": "us", "at_most": 30}],
            },
        ],
        "elsewhere": elsewhere,
    }


@pytest.mark.parametrize(
    ("us", "elsewhere", "mark"),
    [
        (31, {}, "µs ≤ 30 ✗"),
        (30, {}, "µs ≤ 30 ✓"),
        # The peers take 2 and 4 times as long here: 3 times, by their median.
        (90, {"us": {"peer": 100, "other": 75}}, "µs ≤ 90 (there 30) ✓"),
        (91, {"us": {"peer": 100, "other": 75}}, "µs ≤ 90 (there 30) ✗"),
        (60, {"us": {"peer": 100, "gone": 1}}, "µs ≤ 60 (there 30) ✓"),
        (31, {"us": {"gone": 1}}, "µs ≤ 30 ✗"),
        # 2 and 5 times as long is not the machine alone.
        (31, {"us": {"peer": 100, "other": 60}}, "µs ≤ 30 ✗"),
    ],
)
def test_a_bound_is_at_the_pace_of_the_machine(us, elsewhere, mark):
    shown = report.markdown(report.at_the_pace(table(us, elsewhere)))

    assert f"| **us** | {us} | {mark} |" in shown
