"""The items: what an answer tells the page to do, beside its result."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .errors import Text

SWAPS = ("morph", "inner", "outer", "before", "after", "prepend", "append", "delete", "none")


class Item(ABC):
    """One thing an answer tells the page to do."""

    __slots__ = ()

    event: ClassVar[str]  # its name on the wire

    @abstractmethod
    def data(self) -> Mapping[str, Any]:
        """Return what travels beside the event's name; any JSON value may stand in it."""


@dataclass(frozen=True, slots=True)
class Toast(Item):
    """Show a short message.

    Args:
        message: For the visitor.
        level: As Django's message levels: ``debug info success warning error``.
        tags: CSS classes, separated by spaces.
    """

    message: Text
    level: str = "success"
    tags: str = ""

    event: ClassVar[str] = "toast"

    def data(self) -> Mapping[str, Any]:
        return {"message": self.message, "level": self.level, "tags": self.tags}


@dataclass(frozen=True, slots=True)
class Event(Item):
    """Dispatch a DOM event that bubbles.

    Args:
        name: E.g. ``"cart:changed"``.
        detail: The event's ``detail``: any JSON value.
        target: Selector of the element to dispatch it on. Without one it is the
            element that the call was made from.
    """

    name: str
    detail: Any = None
    target: str | None = None

    event: ClassVar[str] = "dispatch_event"

    def data(self) -> Mapping[str, Any]:
        return {"name": self.name, "detail": self.detail, "target": self.target}


@dataclass(frozen=True, slots=True)
class Redirect(Item):
    """Send the browser to another page.

    Args:
        url: A URL of this site, or with `external` any http(s) URL.
        external: Says that leaving the site is meant. Without it, a URL off site is
            refused with 400, so that a ``next`` from a visitor cannot lead away.
    """

    url: Text
    external: bool = False

    event: ClassVar[str] = "redirect"

    def data(self) -> Mapping[str, Any]:
        return {"url": self.url, "external": self.external}


@dataclass(frozen=True, slots=True)
class History(Item):
    """Write the address bar, without loading anything; one of the two.

    Args:
        push: A URL of this site. The one before is reached by the Back button.
        replace: A URL of this site, in place of the one before.
    """

    push: Text | None = None
    replace: Text | None = None

    event: ClassVar[str] = "history"

    def __post_init__(self) -> None:
        if (self.push is None) == (self.replace is None):
            raise TypeError(
                f"History() got push={self.push!r} and replace={self.replace!r}; expected one "
                "of them. To leave a URL behind for the Back button, push."
            )

    @property
    def url(self) -> Text:
        return self.replace if self.push is None else self.push  # type: ignore[return-value]

    def data(self) -> Mapping[str, Any]:
        return {"push": self.push, "replace": self.replace}


@dataclass(frozen=True, slots=True)
class HTML(Item):
    """Put HTML into the page.

    Args:
        content: HTML as it is: nothing in it is escaped, so what a visitor wrote must
            have been. A template does that; see `render`.
        target: Selector of the elements to put it into. Without one, the target of
            the call.
        swap: ``morph`` and ``outer``: the target becomes the content, which is one
            element, and ``morph`` keeps what did not change. ``inner``: its children do.
            ``before after prepend append``: the content is added there. ``delete``
            removes the target, ``none`` leaves it.
    """

    content: Text
    target: str | None = None
    swap: str = "morph"

    event: ClassVar[str] = "patch_html"

    def __post_init__(self) -> None:
        if not isinstance(self.content, Text):
            raise TypeError(
                f"HTML() got {self.content!r} as its content; expected text. "
                "To make it from a template, use HTML.render(request, template, context)."
            )
        if self.swap not in SWAPS:
            raise TypeError(
                f"HTML() got {self.swap!r} for `swap`; expected one of {', '.join(SWAPS)}."
            )

    @classmethod
    def render(
        cls,
        request: HttpRequest,
        template: str | Sequence[str],
        context: Mapping[str, Any] | None = None,
        target: str | None = None,
        swap: str = "morph",
    ) -> HTML:
        """Make the item from a template, or from a partial of it: ``page.html#rows``."""
        content = render_to_string(template, dict(context or {}), request)
        return cls(content, target, swap)

    def data(self) -> Mapping[str, Any]:
        return {"content": self.content, "target": self.target, "swap": self.swap}


class Refresh(Item):
    """Show elements of the page as its own GET renders them now.

    The page is rendered in the same answer, under the guards that the call has passed, so
    what depends on the database follows it without a template of its own.

    Args:
        selectors: Of the elements, e.g. ``"#todos"``. Without any, the body.
    """

    __slots__ = ("content", "selectors")

    event: ClassVar[str] = "refresh"

    def __init__(self, *selectors: str, content: str = "") -> None:
        self.selectors = selectors
        self.content = content  # the rendered page, which the answer puts in

    def data(self) -> Mapping[str, Any]:
        return {"content": self.content, "selectors": self.selectors}


class Signals(Item):
    """Write Alpine data of the component that the call was made from.

    Args:
        values: By name. Objects are merged deeply; arrays and scalars replace.
    """

    __slots__ = ("values",)

    event: ClassVar[str] = "patch_signals"

    def __init__(self, /, **values: Any) -> None:
        self.values = values

    def data(self) -> Mapping[str, Any]:
        return {"signals": self.values, "store": {}}


class Store(Item):
    """Write ``$store.server``, which every component of the page reads.

    Args:
        values: By name. Objects are merged deeply; arrays and scalars replace.
    """

    __slots__ = ("values",)

    event: ClassVar[str] = "patch_signals"

    def __init__(self, /, **values: Any) -> None:
        self.values = values

    def data(self) -> Mapping[str, Any]:
        return {"signals": {}, "store": self.values}


class Reply:
    """A result together with items, applied in the order given.

    Args:
        result: Any JSON value.
        items: What the page does.
    """

    __slots__ = ("cookies", "items", "page", "result")

    def __init__(self, result: Any = None, *items: Item) -> None:
        for item in items:
            if not isinstance(item, Item):
                raise TypeError(
                    f"Reply() got {item!r} as an item; expected Toast, Event, Redirect, "
                    "History, HTML, Refresh, Signals or Store. A result goes first: "
                    "Reply(result, *items)."
                )
        self.result = result
        self.items: Sequence[Item] = items
        self.cookies: SimpleCookie | None = None  # of the response that it was made from
        self.page: HttpResponse | None = None  # the HTML that the action made for htmx
