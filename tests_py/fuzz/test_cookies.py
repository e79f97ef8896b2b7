"""Any cookie: a page shows a state only as the server has signed it."""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st

from ..conftest import Caller

PATH = "/fuzz/state/"


def cookie_of_a_post(world: str) -> tuple[str, str]:
    """Return the cookie that carries a state."""
    answer = Caller(world).request("POST", PATH, data={"_action": "save", "title": "milk"})
    assert answer.status_code == 303
    return next((name, each.value) for name, each in answer.cookies.items() if "hyper" in name)


def shown(world: str, name: str, value: str) -> str:
    """Return the state that the page shows to a browser with this cookie."""
    caller = Caller(world)
    caller.client.cookies[name] = value
    answer = caller.request("GET", PATH)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_untouched_cookie_shows_its_state(world):  # S30
    assert shown(world, *cookie_of_a_post(world)) == "{'title': 'milk'}"


@given(
    st.integers(0, 200),
    st.integers(0, 3),
    st.characters(min_codepoint=32, max_codepoint=255) | st.just(""),
)
def test_a_cookie_that_was_changed_shows_none(world, start, length, instead):  # S30
    name, value = cookie_of_a_post(world)
    start %= len(value) + 1
    changed = value[:start] + instead + value[start + length :]

    page = shown(world, name, changed)

    event("the same" if changed == value else "changed")
    assert page == "None" or changed == value
