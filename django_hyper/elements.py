"""Find one element in HTML, as text."""

from __future__ import annotations

from html.parser import HTMLParser

# https://html.spec.whatwg.org/multipage/syntax.html#void-elements
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def element_with_id(html: str, wanted: str) -> str | None:
    """Return the element as it is written; ``None`` where it is missing or never closed."""
    finder = Finder(html, wanted)
    return None if finder.end is None else html[finder.start : finder.end]


class Finder(HTMLParser):
    """Reads HTML up to the end of the first element that has an id."""

    def __init__(self, html: str, wanted: str) -> None:
        super().__init__(convert_charrefs=False)
        self._wanted = wanted
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._tag = ""
        self._depth = 0
        self.start: int | None = None
        self.end: int | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.start is None and dict(attrs).get("id") == self._wanted:
            self.start = self._offset()
            self._tag = tag
            if tag in VOID:
                self.end = self.start + len(self.get_starttag_text() or "")
        if tag == self._tag:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML closes nothing by a slash

    def handle_endtag(self, tag: str) -> None:
        if tag == self._tag and self.end is None:
            self._depth -= 1
            if self._depth == 0:
                self.end = self.rawdata.index(">", self._offset()) + 1

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
