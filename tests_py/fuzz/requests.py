"""Whole requests, near those that the clients send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

from ..site.arguments_urls import TYPES
from ..site.fuzz_urls import ACTIONS, ROUTES
from ..site.kinds import KINDS
from .values import as_text, broken, json_values, names, near, scalars, texts

PAGES = [*(f"/fuzz/{kind}/" for kind in KINDS), *ROUTES]
NAMES = [function.__name__ for function in ACTIONS]
BOUNDARY = b"BoUnDaRy"
CHARSETS = (
    *("utf-8", "UTF8", "latin-1", "utf-16", "utf-7", "shift_jis", "unicode_escape", "rot13"),
    *("idna", "punycode", "undefined", "hex", "zip", "base64", "nothing", "", '"', "\xe4"),
)
TYPES_OF_BODY = (
    *("text/plain", "application/octet-stream", "multipart/form-data", "application/JSON", "", ";"),
    *("application/json; charset=utf-16", "multipart/form-data; boundary=", "application/json;;"),
    *("multipart/form-data; boundary=" + "x" * 300, 'multipart/form-data; boundary="\xe4"'),
    *("multipart/mixed; boundary=BoUnDaRy", "application/x-www-form-urlencoded;charset"),
)

PARTS = (
    *[""] * 8,
    *('; filename="a.txt"\r\nContent-Type: text/plain', '; filename=""', '; filename="../a/"'),
    *('; filename="\0"', '; filename="\ud800"', '; filename="a\\"', "; filename", ";", "; =;"),
    *("; filename*=utf-8''%e4%f6", "; filename*=rot13''%41", "; filename*=utf-7''%2B2AA-"),
    *("; a*=b", "; name*=nothing''%41", "\r\nContent-Transfer-Encoding: base64"),
    *("\r\nContent-Type: a; b*=c", '; filename="a"\r\nContent-Type: x; charset=rot13'),
)

# What HTTP can carry; servers give it to Django as Latin-1.
header_texts = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12),
    st.sampled_from(
        ["", "0", "true", "#a", "\xe4", "1" * 300, "a=b; c", "٣".encode().decode("l1")]
    ),
)
HEADERS = {
    "X-Hyper-Target": header_texts,
    "X-Hyper-Request-ID": st.sampled_from(["a", "b", "", "\xe4", "x" * 500]) | header_texts,
    "X-Hyper-Attempt": st.sampled_from(["1", "2", "0", "-1", "x", "9" * 99, "²", "+2"]),
    "HX-Request": st.sampled_from(["true", "false", "", "TRUE"]),
    "HX-Boosted": st.sampled_from(["true", ""]),
    "HX-Current-URL": header_texts,
    "Accept": header_texts,
    "Accept-Language": st.sampled_from(["de", "ja", "xx", "*", "\xe4", "de;q=x"]),
    "Referer": st.sampled_from(
        ["http://testserver/a?b", "//evil", "http://testserver//evil", "http://[", "\xe4"]
    ),
    "Origin": st.sampled_from(["http://testserver", "null", "http://[", "\xe4"]),
    "X-CSRFToken": header_texts,
    "Cookie": st.sampled_from(
        [
            *("csrftoken=x", "csrftoken=" + "a" * 32, "sessionid=x", "messages=x", "=", "\xe4=;"),
            *("hyper_state_=x", "hyper_state_56c07f9a8a3a=a:b:c", "django_language=xx; a"),
        ]
    ),
    "Transfer-Encoding": st.just("chunked"),
    "Content-Encoding": st.just("gzip"),
    "X-Requested-With": st.just("XMLHttpRequest"),
    "X-HTTP-Method-Override": st.just("DELETE"),
}


@dataclass
class Sent:
    """One request; `length` is what its Content-Length says."""

    kind: str  # of the caller
    method: str = "POST"
    path: str = PAGES[0]
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    type: str = ""
    length: str = ""

    @property
    def url(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def own_headers(self) -> dict[str, str]:
        """Headers of the body, whatever they say of it."""
        length = self.length or str(len(self.body))
        return {"Content-Type": self.type, "Content-Length": length} if self.body else {}


def query_of(pairs: list[tuple[str, Any]]) -> str:
    return "&".join(
        f"{quote_plus(name, errors='surrogatepass')}="
        f"{quote_plus(as_text(value), errors='surrogatepass')}"
        for name, value in pairs
    )


def part(name: str, value: Any, more: str) -> bytes:
    """Return one part of a multipart body."""
    head = f'--{BOUNDARY.decode()}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return (head + as_text(value) + "\r\n").encode("utf-8", "surrogatepass")


@st.composite
def arguments(draw: Callable[..., Any], name: str) -> dict[str, Any]:
    """Return arguments near those that the action `name` asks for."""
    kind = name.partition("_")[2].replace("_", "-")
    own = near(kind) if kind in TYPES else scalars
    known = {"value": own} if kind in TYPES else {"title": texts, "count": st.integers(0, 9)}
    if name == "edit":  # whose URL has the same names
        known = {"title": texts, "pk": st.integers(0, 9), "slug": texts}
    sent: dict[str, Any] = draw(st.fixed_dictionaries(known) | st.fixed_dictionaries({}))
    if draw(st.integers(0, 2)) == 0:
        sent |= draw(st.dictionaries(names, json_values, max_size=3))
    return sent


@st.composite
def bodies(draw: Callable[..., Any], sent: Sent, values: Any) -> None:
    """Give a request its body, of any of the types that carry arguments."""
    kind = draw(st.sampled_from(["json", "form", "multipart", "json", "odd"]))
    pairs = [*values.items()]
    if kind == "json" or kind == "odd":
        sent.type = "application/json" if kind == "json" else draw(st.sampled_from(TYPES_OF_BODY))
        text = json.dumps(values, ensure_ascii=draw(st.booleans()))
        whole = text.encode("utf-8", "surrogatepass")
    elif kind == "form":
        sent.type = "application/x-www-form-urlencoded"
        whole = query_of(pairs).encode()
    else:
        sent.type = f"multipart/form-data; boundary={BOUNDARY.decode()}"
        parts = [part(name, value, draw(st.sampled_from(PARTS))) for name, value in pairs]
        whole = b"".join([*parts, b"--" + BOUNDARY + b"--\r\n"])
    sent.body = draw(broken(whole))
    if draw(st.integers(0, 2)) == 0:
        sent.type += f"; charset={draw(st.sampled_from(CHARSETS))}"
    if draw(st.integers(0, 9)) == 0:
        # Servers refuse one that is no number.
        lengths = ["", "0", "1", str(len(sent.body) + 1), "9" * 18]
        sent.length = draw(st.sampled_from(lengths))


@st.composite
def requests(draw: Callable[..., Any]) -> Sent:
    """Return a request that mostly names an action, and mostly has what that asks for."""
    often = st.sampled_from(["POST"] * 6 + ["GET"] * 3)
    sent = Sent(draw(st.sampled_from(["alpine", "alpine", "htmx", "page"])), draw(often))
    if draw(st.integers(0, 6)) == 0:
        sent.method = draw(st.sampled_from("PUT PATCH DELETE HEAD OPTIONS TRACE PROPFIND".split()))
    sent.path = draw(st.sampled_from(PAGES))
    known = ["edit", "keep"] if sent.path in ROUTES else NAMES
    name = draw(texts if draw(st.integers(0, 12)) == 12 else st.sampled_from(known))
    values = draw(arguments(name))
    if sent.kind == "htmx":
        sent.headers["HX-Request"] = "true"
    if sent.kind == "alpine":
        sent.headers["X-Hyper-Action"] = name.encode("utf-8", "replace").decode("l1")
    elif draw(st.booleans()):
        sent.query = query_of([("_action", name)])
    else:
        values = {**values, "_action": name}
    place(draw, sent, values)
    chosen = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=3, unique=True))
    sent.headers |= {each: draw(HEADERS[each]) for each in chosen}
    return sent


def place(draw: Callable[..., Any], sent: Sent, values: dict[str, Any]) -> None:
    """Put the arguments where the client may put them, and what is none beside them."""
    where = draw(st.sampled_from(["body", "body", "body", "header", "query"]))
    if where == "header" or (where == "body" and sent.method == "GET" and sent.kind == "alpine"):
        text = draw(broken(json.dumps(values).encode()))
        sent.headers["X-Hyper-Data"] = text.decode("l1").translate({10: " ", 13: " "})
    elif where == "query" or (sent.method == "GET" and draw(st.booleans())):
        own = broken(query_of([*values.items()]).encode())
        sent.query = "&".join(filter(None, [sent.query, draw(own).decode("l1")]))
    else:
        draw(bodies(sent, values))
    if draw(st.integers(0, 4)) == 0:
        sent.query = "&".join([sent.query, query_of([(draw(names), draw(scalars))])])
