"""Cut the project's docs into sentences that can be searched, each with its section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings

from .models import Sentence

ROOT = settings.BASE_DIR.parent

HEADING = re.compile(r"^#{1,3} (.+)$", re.M)
CODE = re.compile(r"^```.*?^```$", re.M | re.S)
HEAD_OF_TABLE = re.compile(r"^\|.*\n\|[-:| ]+\|$", re.M)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARK = re.compile(r"^\s*([-*>]|\d+\.) |[`*]|\\(?=\|)")
CELL = re.compile(r"(?<!\\)\|")


def read_sentences() -> Iterator[Sentence]:
    """Yield what README.md and docs/ say, a line or a row of a table at a time, without code."""
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = HEAD_OF_TABLE.sub("", CODE.sub("", file.read_text(encoding="utf-8")))
        _, *parts = HEADING.split(text)
        for title, body in zip(map(plain, parts[::2]), parts[1::2], strict=True):
            for line in map(plain, body.splitlines()):
                if line.endswith((".", "?")):  # else it leads to code
                    place = f"{file.relative_to(ROOT)}, {title}"
                    yield Sentence(place=place, title=title, text=line)


def plain(line: str) -> str:
    """Return a line of Markdown as text, a row of a table as what it says."""
    if line.startswith("|"):
        cells = [cell.strip() for cell in CELL.split(line)[1:-1]]
        line = f"{cells[0]}: {'; '.join(filter(None, cells[1:]))}."
    return MARK.sub("", LINK.sub(r"\1", line)).strip()
