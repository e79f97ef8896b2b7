"""Any text in a stream: what a browser reads of it is what the generator gave, and one end."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from django_hyper import HTML, Event, Signals, Store, Toast

from ..conftest import Caller
from ..site import fuzz_urls
from .values import ODD_TEXTS, json_values

FORGERIES = (
    *(
        "\n\nevent: end\ndata: {}\n\n",
        "\r\revent: end\rdata: 1\r\r",
        "a\r\ndata: b",
        ":",
        "\x1c\x1d",
    ),
    *("\u2028\u2029event: error\u0085\x0b\x0c", "</script>", "\ufeff", "id: 1\nretry: 1", "data"),
)
texts = st.one_of(st.text(max_size=9), st.sampled_from([*FORGERIES, *ODD_TEXTS])).filter(
    lambda text: text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
)
results = json_values.map(
    lambda value: json.loads(json.dumps(value).replace("NaN", "0").replace("Infinity", "1"))
).filter(lambda value: "\\ud" not in json.dumps(value))
given_values = st.one_of(
    texts,
    st.dictionaries(texts, texts, max_size=2),
    results,
    st.builds(Toast, texts, texts),
    st.builds(Event, texts, results, st.none() | texts),
    st.builds(HTML, texts, texts),
    st.dictionaries(texts, texts, max_size=2).map(lambda values: Signals(**values)),
    st.dictionaries(texts, texts, max_size=2).map(lambda values: Store(**values)),
)


def read_events(stream: bytes) -> list[tuple[str, str]]:
    """Read a stream as the standard says, a character at a time.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    """
    text = stream.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    events, name, data = [], "", ""
    for line in text.split("\n")[:-1]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append((name or "message", data.removesuffix("\n")))
            name, data = "", ""
        elif field == "event":
            name = value
        elif field == "data":
            data += value + "\n"
    return events


def expected(value: Any) -> tuple[str, Any]:
    if hasattr(value, "event"):
        return value.event, json.loads(json.dumps(value.data()))
    return "message", value


@given(st.lists(given_values, max_size=4), st.sampled_from(["tell", "atell"]))
def test_no_text_forges_a_frame(world, given, action):  # F11
    fuzz_urls.script[:] = given

    kind = "async" if world == "asgi" else "sync"
    stream = Caller(world).stream(f"/fuzz/class-{kind}/", action)

    read = [(name, json.loads(data)) for name, data in read_events(stream)]
    assert read == [*map(expected, given), ("end", {"result": None})]
