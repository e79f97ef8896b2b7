"""Answer htmx 2 and 4: HTML in the body, everything else in headers.

https://htmx.org/reference/#response_headers
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape, format_html
from django_htmx.http import (
    HttpResponseClientRedirect,
    push_url,
    replace_url,
    reswap,
    retarget,
    trigger_client_event,
)

from ..failures import Failure
from ..items import HTML, Event, History, Item, Redirect, Refresh, Toast
from .json import encode

# By names that htmx 2 knows without an extension.
SWAPS: dict[str, Any] = {
    "morph": "outerHTML",
    "inner": "innerHTML",
    "outer": "outerHTML",
    "before": "beforebegin",
    "after": "afterend",
    "prepend": "afterbegin",
    "append": "beforeend",
    "delete": "delete",
    "none": "none",
}

FIRST_TAG = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*-->\s*)*<([a-z][^\s/>]*)", re.IGNORECASE | re.DOTALL
)

# Where the parts of a table may stand, from the inside; elsewhere the parser drops their tags.
PLACES = {
    **dict.fromkeys(("td", "th"), ("tr", "tbody", "table")),
    "tr": ("tbody", "table"),
    "col": ("colgroup", "table"),
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption", "colgroup"), ("table",)),
}

# Carries what one header cannot: each name stands there once. `hyper.js` does the items.
ITEMS_EVENT = "hyper:items"
TRIGGER = "HX-Trigger"

ELSEWHERE = (Redirect, History, HTML, Refresh)  # travel otherwise than as an event


def answer(items: Sequence[Item], page: HttpResponse | None) -> HttpResponse:
    """Return the first HTML as the body, further ones to be swapped out of band.

    Args:
        page: The body, if the action returned one itself; it keeps its headers.

    Raises:
        TypeError: htmx cannot put an HTML item where it says, or a detail has no JSON form.
    """
    redirects = [item for item in items if isinstance(item, Redirect)]
    urls = [item for item in items if isinstance(item, History)]
    fragments = [item for item in items if isinstance(item, HTML)]
    if redirects:
        response: HttpResponse = HttpResponseClientRedirect(str(redirects[0].url))
    else:
        response = page or _body(fragments, is_swap=bool(urls))
        _set_url(response, urls)
    if any(isinstance(item, Refresh) for item in items):
        response["HX-Refresh"] = "true"  # htmx loads the page itself
    others = (item for item in items if not isinstance(item, ELSEWHERE))
    _trigger(response, others)
    return response


def answer_failure(failure: Failure) -> HttpResponse:
    """Return a failure; one that sends the visitor elsewhere does so."""
    body = format_html('<p role="alert">{}</p>', failure.error)
    url = failure.extra.get("login_url") or failure.extra.get("location")
    if url:
        return HttpResponseClientRedirect(url, content=body, status=failure.status)
    return HttpResponse(body, status=failure.status, headers=failure.headers)


def _body(fragments: Sequence[HTML], is_swap: bool) -> HttpResponse:
    """Return the HTML; without any, what htmx takes for nothing to swap.

    Args:
        is_swap: A URL comes along, which htmx 2 writes only with an answer that it swaps.
    """
    if not fragments:
        return reswap(HttpResponse(), "none") if is_swap else HttpResponse(status=204)
    first, *others = fragments
    content = str(first.content)
    tag = _tag_of(content)
    response = HttpResponse(content + "".join(_out_of_band(each, tag) for each in others))
    if first.target:
        retarget(response, _selector(first.target))
    if first.target or first.swap != "morph":
        reswap(response, SWAPS[first.swap])
    return response


def _out_of_band(html: HTML, first_tag: str) -> str:
    """Return the HTML so that htmx swaps it on its own.

    Args:
        first_tag: The body begins with it. One of a table leaves the parser in the table.
    """
    if not html.target:
        raise TypeError(
            f"the action returned {html} after another HTML; expected one with a target. "
            "From htmx only the first goes to the target of the call."
        )
    content, swap = str(html.content), SWAPS[html.swap]
    is_element = swap == "outerHTML" and bool(content.strip())
    tag = _tag_of(content)
    places = list(PLACES.get(tag, ()))
    if places and first_tag in PLACES and not (is_element and tag == first_tag):
        raise TypeError(
            f"the action returned {html} after an HTML that begins with <{first_tag}>; expected "
            f"another <{first_tag}> that is swapped by 'outer', or what is no part of a table."
        )
    if is_element:
        swapped = _with_attribute(html, content, swap)
    else:
        holder = places.pop(0) if places else "div"
        swap = "delete" if swap == "outerHTML" else swap
        swapped = f"<{holder} {_attribute(html, swap)}>{content}</{holder}>"
    if not places:
        return swapped
    opened = "".join(f"<{place}>" for place in reversed(places[:-1]))
    return f'<table hx-swap-oob="none: body">{opened}{swapped}</table>'  # htmx drops the table


def _with_attribute(html: HTML, content: str, swap: str) -> str:
    match = FIRST_TAG.match(content)
    if not match:
        raise TypeError(f"the action returned {html}, which begins with text; expected an element.")
    return f"{content[: match.end()]} {_attribute(html, swap)}{content[match.end() :]}"


def _attribute(html: HTML, swap: str) -> str:
    # Before the selector a space, or htmx 4 looks for the last colon, as in `li:first-child`.
    return f'hx-swap-oob="{swap}: {escape(_selector(html.target or ""))}"'


def _tag_of(content: str) -> str:
    match = FIRST_TAG.match(content)
    return match[1].lower() if match else ""


def _selector(text: str) -> str:
    """Return a selector in ASCII; other characters by CSS escapes, as a header needs them."""
    return re.sub(r"[^ -~]", lambda match: f"\\{ord(match[0]):x} ", text)


def _set_url(response: HttpResponse, urls: Sequence[History]) -> None:
    for item in urls:
        write = replace_url if item.push is None else push_url
        write(response, iri_to_uri(str(item.url)))


def _trigger(response: HttpResponse, items: Iterable[Item]) -> None:
    """Add each item as an event of the page."""
    triggers = _triggers_of(response)
    present, rest = len(triggers), []
    for item in items:
        data = json.loads(encode(item.data()))
        name, detail = _event_of(item, data)
        if name and name not in triggers:
            triggers[name] = detail
        else:
            rest.append({"event": item.event, "data": data})
    if rest:
        triggers[ITEMS_EVENT] = {"value": rest}
    # htmx 2 dispatches on the target of one event those after it too.
    added = sorted(list(triggers.items())[present:], key=lambda pair: "target" in pair[1])
    for name, detail in added:
        trigger_client_event(response, name, detail)


def _triggers_of(response: HttpResponse) -> dict[str, Any]:
    """Return the events that the response has, and leave them as JSON in its header."""
    text = response.headers.get(TRIGGER, "{}")
    if not text.startswith("{"):
        text = json.dumps({name.strip(): {} for name in text.split(",")})
        response.headers[TRIGGER] = text
    found: dict[str, Any] = json.loads(text)
    return found


def _event_of(item: Item, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return name and detail of an item as an event; no name where it can be none."""
    if isinstance(item, Toast):
        return "hyper:toast", {"value": data}
    if not isinstance(item, Event):
        return "", {}
    detail = data["detail"]
    if not isinstance(detail, dict):
        detail = {} if detail is None else {"value": detail}
    if "target" in detail:
        return "", {}  # htmx would take it for the selector of an element
    return data["name"], detail | ({"target": data["target"]} if data["target"] else {})
