"""The example of the README is a page of the demo, word for word; `test_demo` shows it working."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()

# Where the blocks of each language come from.
SOURCES = {
    "python": ROOT / "demo/pages/todos.py",
    "html": ROOT / "demo/pages/templates/todos.html",
}


def blocks_of_example() -> list[tuple[str, str]]:
    """Return the language and text of each fenced block below the heading `Example`."""
    _, _, rest = README.partition("\n## Example\n")
    example = rest.partition("\n## ")[0]
    return re.findall(r"^```(python|html|django)[^\n]*\n(.*?)\n```$", example, re.M | re.S)


BLOCKS = blocks_of_example()


def test_the_example_shows_both_sides() -> None:
    languages = {"html" if language == "django" else language for language, _ in BLOCKS}

    assert languages == {"python", "html"}, "README.md: `## Example` lacks a block"


@pytest.mark.parametrize(("language", "block"), BLOCKS, ids=[language for language, _ in BLOCKS])
def test_the_example_is_a_page_of_the_demo(language: str, block: str) -> None:
    source = SOURCES.get(language, SOURCES["html"])
    lines = source.read_text().splitlines()
    first = block.splitlines()[0]

    found = [line for line in lines if line.strip() == first]
    assert found, f"README.md shows {first!r}; {source.relative_to(ROOT)} has no such line"
    margin = found[0].removesuffix(first)
    shown = indent(block, margin).splitlines()
    start = lines.index(found[0])

    assert shown == lines[start : start + len(shown)], (
        f"README.md differs from {source.relative_to(ROOT)}"
    )
