"""Draw the series of `results/` as SVG, one picture for each plot.

    python benchmarks/plots.py

Light lines on no ground, so that they can be read on white and on black.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLOTS = HERE.parent / "docs" / "plots"
WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
COLOURS = ("#2f6fde", "#c2571a", "#3d8b40", "#8a4fb5", "#b8860b", "#159a9c", "#d1478c")
GREY = "#808080"


def draw(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return one picture of lines that share their axes; the y axis begins at 0."""
    first = lines[0]
    place = math.log10 if first.get("log") else float
    xs = sorted({x for line in lines for x, _ in line["points"]})
    top = nice(max(y for line in lines for _, y in line["points"]))
    low, high = place(xs[0]), place(xs[-1])

    def at(x: float, y: float) -> tuple[float, float]:
        across = (place(x) - low) / (high - low or 1)
        return (
            round(LEFT + across * (WIDTH - LEFT - RIGHT), 1),
            round(HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM), 1),
        )

    parts = [text(WIDTH / 2, 20, first["title"], "middle", 15)]
    for step in range(5):
        y = top * step / 4
        left, height = at(xs[0], y)
        parts.append(
            f'<path d="M{left} {height}H{WIDTH - RIGHT}" stroke="{GREY}" opacity=".3"/>'
            + text(left - 8, height + 4, f"{y:,.{0 if top >= 8 else 2}f}", "end")
        )
    parts += [text(at(x, 0)[0], HEIGHT - BOTTOM + 18, f"{x:,}", "middle") for x in xs]
    parts.append(text(WIDTH / 2, HEIGHT - 10, first["x"], "middle"))
    parts.append(text(LEFT, TOP - 12, first["y"], "end"))
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        points = [at(x, y) for x, y in line["points"]]
        path = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points]
        if len(lines) > 1:
            height = TOP + 14 * number
            parts.append(text(LEFT + 12, height, line["who"], "start", colour=colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">\n'
        f"<title>{escape(first['title'])}: {escape(first['y'])}</title>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def text(x: float, y: float, words: str, anchor: str, size: int = 12, colour: str = GREY) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def nice(highest: float) -> float:
    """Return a round number that is not below the highest."""
    power = 10 ** math.floor(math.log10(highest or 1))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= highest)


def main() -> None:
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted((HERE / "results").glob("*.json")):
        for line in json.loads(path.read_text(encoding="utf-8")).get("series", []):
            lines.setdefault(line["plot"], []).append(line)
    PLOTS.mkdir(parents=True, exist_ok=True)
    for plot, together in lines.items():
        (PLOTS / f"{plot}.svg").write_text(draw(together), encoding="utf-8")


if __name__ == "__main__":
    main()
