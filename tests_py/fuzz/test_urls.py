"""Any URL: where a browser would go with one that was accepted is this site."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

from hypothesis import event, example, given
from hypothesis import strategies as st

from ..conftest import Caller

HERE = ("http", "testserver")
SPECIAL = ("http", "https", "ws", "wss", "ftp")

pieces = st.sampled_from(
    [
        *("/", "//", "///", "\\", "/\\", "http:", "https:", "HTTP:", "http://", "javascript:"),
        *("data:", "blob:", "vbscript:", "file:", "testserver", "testserver:80", "evil"),
        *("evil.example", "a@", "testserver@", ":", ":80", "?", "#", "next", "..", ".", " "),
        *("\t", "\n", "\r", "\0", "\x1f", "\xa0", "\u2028", "%2f", "%5c", "%09", "@", "[", "]"),
        *("[::1]", "\uff0f", "。", "\u3000", "ü", "xn--", "\u200b", "\ufeff", ";", "&#47;"),
        *("testserver.evil", "eviltestserver", "alert(1)"),
    ]
)
urls = st.lists(pieces, min_size=1, max_size=6).map("".join) | st.text(max_size=6)


def place_of(url: str) -> tuple[str, str]:
    """Return scheme and host that a browser goes to from a page of this site.

    https://url.spec.whatwg.org/#url-parsing, in short: where that may fail, nobody goes.
    """
    text = re.sub("[\t\n\r]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", text)
    scheme = match[1].lower() if match else HERE[0]
    rest = text[match.end() :] if match else text
    if scheme not in SPECIAL:
        return scheme, ""
    if not rest.startswith("//") and scheme == HERE[0]:
        return HERE
    authority = re.split("[/?#]", rest.lstrip("/"))[0]
    host = unquote(authority.rpartition("@")[2]).lower()
    return scheme, re.sub(r":(80)?$", "", host)


def ask(world: str, kind: str, **values: object) -> object:
    """Ask an action to send the browser to a URL, and return where its answer sends it."""
    caller, path = Caller(world), "/fuzz/function-sync/"
    if kind == "alpine":
        answer = caller(path, "go", values)
        items = answer.json().get("items")
        return items and (items[0]["data"].get("push") or items[0]["data"].get("url"))
    headers = {"HX-Request": "true"} if kind == "htmx" else {}
    answer = caller.request("POST", path, data={"_action": "go", **values}, headers=headers)
    assert answer.status_code < 500
    names = ("HX-Redirect", "HX-Push-Url", "Location")
    return next((answer.headers[name] for name in names if name in answer.headers), None)


@given(urls, st.sampled_from(["alpine", "htmx", "page"]), st.booleans())
@example("/next/", "page", False)
@example("/next/", "htmx", True)
def test_an_accepted_url_stays_on_this_site(world, url, kind, history):  # F12
    found = ask(world, kind, url=url, history=json.dumps(history))

    event(f"{kind} {'accepted' if found else 'refused'}")
    if found is not None:
        assert place_of(str(found)) == HERE


@given(urls)
@example("https://evil.example/")
def test_one_that_leaves_the_site_goes_to_a_page(world, url):  # F12
    found = ask(world, "alpine", url=url, external="true")

    event("accepted" if found else "refused")
    if found is not None:
        scheme, host = place_of(str(found))
        assert (scheme in ("http", "https"), bool(host)) == (True, True)
