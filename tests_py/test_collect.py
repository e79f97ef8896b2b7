"""Generators for callers that read no stream: they get all of it at the end."""

from __future__ import annotations

import json

import pytest

from .site.kinds import KINDS

PAGE = "/streams/page/"


@pytest.fixture(params=KINDS)
def page(request):
    return f"/streams/{request.param}/"


def from_htmx(call, path, **data):
    return call.request("POST", path, data=data, headers={"HX-Request": "true"})


@pytest.mark.parametrize("action", ["go", "ago", "plain", "aplain"])
def test_htmx_gets_the_first_html_of_a_generator(call, page, entered, action):
    answer = from_htmx(call, page, _action=action, how="html")

    assert (answer.status_code, answer.content) == (200, b"<b>hi</b>")
    assert entered == ["opened", "closed"]


@pytest.mark.parametrize("action", ["go", "ago"])
def test_htmx_gets_the_items_of_a_generator_in_its_headers(call, page, action):
    answer = from_htmx(call, page, _action=action, how="message")

    assert answer.status_code == 204
    toasts = json.loads(answer.headers["HX-Trigger"])
    assert toasts["hyper:toast"]["value"]["message"] == "Noted"


@pytest.mark.parametrize("action", ["go", "ago"])
def test_a_redirect_is_the_last_that_counts_from_a_generator(call, page, entered, action):
    answer = from_htmx(call, page, _action=action, how="redirect")

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/done/")
    assert entered == ["opened", "closed"]


@pytest.mark.parametrize("action", ["go", "ago"])
@pytest.mark.parametrize(("how", "status"), [("value error", 422), ("bug", 500), ("response", 500)])
def test_htmx_gets_the_failure_of_a_generator(call, page, entered, action, how, status):
    answer = from_htmx(call, page, _action=action, how=how)

    assert (answer.status_code, b"secret" in answer.content) == (status, False)
    assert entered == ["opened", "closed"]


@pytest.mark.parametrize(
    ("action", "how", "result"),
    [("go", "reply", 2), ("ago", "reply", 2), ("go", "words", None), ("ago", "words", None)],
)
def test_a_browser_without_script_gets_the_result_on_the_next_page(call, action, how, result):
    answer = call.request("POST", PAGE, data={"_action": action, "how": how})
    shown = call.request("GET", PAGE).content.decode()

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert f" {result} " in shown.replace("\n", " ") or result is None


def test_what_a_generator_returns_is_the_result_without_script_too(call):
    call.request("POST", PAGE, data={"_action": "go", "returned": "bye"})

    assert call.request("GET", PAGE).content.decode().startswith("False bye  ")


@pytest.mark.parametrize("action", ["go", "ago"])
def test_toasts_of_a_generator_wait_for_the_next_page(call, action):
    call.request("POST", PAGE, data={"_action": action, "how": "items"})

    assert "Hi;Two;Three;" in call.request("GET", PAGE).content.decode()


@pytest.mark.parametrize("action", ["go", "ago"])
def test_a_redirect_of_a_generator_leads_a_browser_without_script(call, entered, action):
    answer = call.request("POST", PAGE, data={"_action": action, "how": "redirect"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/done/")
    assert entered == ["opened", "closed"]


def test_a_failure_of_a_generator_is_shown_on_the_page(call):
    answer = call.request("POST", PAGE, data={"_action": "go", "how": "value error"})

    assert (answer.status_code, "No more" in answer.content.decode()) == (422, True)


def test_a_refused_generator_is_not_run_for_htmx_either(call, page, entered):
    answer = from_htmx(call, page, _action="members")

    assert answer.status_code == 401
    assert entered == []
