"""What a failure tells the visitor, and what only the log gets."""

from __future__ import annotations

import json
import logging
import signal

import pytest
from django.core.exceptions import ValidationError
from django.core.signals import got_request_exception

from django_hyper import ActionError

from .site.failures_urls import LEAVING, MASKED, SHOWN, TOLD, fail, tell

INVALID = "Please check what you entered."
GENERIC = "Something went wrong on our side. Please try again later."


# test_dispatch.py and test_guards.py run the kinds in full.
@pytest.fixture(params=["class-sync", "function-async"])
def page(request):
    return f"/failures/{request.param}/"


@pytest.fixture
def one_page():
    return "/failures/class-sync/"


@pytest.fixture
def sent():
    """What `got_request_exception` was sent for."""
    received = []

    def receive(request, **kwargs):
        received.append(request.path)

    got_request_exception.connect(receive)
    yield received
    got_request_exception.disconnect(receive)


def tracebacks(caplog):
    return [record for record in caplog.records if record.exc_info]


# ValueErrors and bugs


@pytest.mark.parametrize("action", ["fail", "afail"])
@pytest.mark.parametrize("how", SHOWN)
def test_a_value_error_of_the_actions_own_module_is_shown(call, page, sent, caplog, how, action):
    # S10
    answer = call(page, action, {"how": how})

    body = {"error": "Title is required", "code": "invalid"}
    assert (answer.status_code, answer.json(), sent, caplog.records) == (422, body, [], [])


@pytest.mark.parametrize("action", ["fail", "afail"])
@pytest.mark.parametrize("how", MASKED)
def test_a_bug_is_masked_logged_once_and_signalled_once(call, page, sent, caplog, how, action):
    # S10 S11
    answer = call(page, action, {"how": how})

    body = answer.json()
    assert (answer.status_code, body) == (
        500,
        {"error": GENERIC, "code": "server_error", "id": body["id"]},
    )
    assert sent == [page]
    assert [(record.name, record.levelno) for record in caplog.records] == [
        ("django.request", logging.ERROR)
    ]
    assert f"id {body['id']}" in caplog.records[0].getMessage()
    assert caplog.records[0].exc_info
    assert caplog.records[0].status_code == 500


@pytest.fixture
def _limit_of_time():
    """Raise in a test that would wait for ever."""

    def give_up(*_):
        raise TimeoutError

    earlier = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, earlier)


@pytest.mark.usefixtures("_limit_of_time")
def test_a_stop_iteration_is_a_bug_like_any_other(call, page, sent):
    # asyncio cannot carry a StopIteration out of a thread.
    answer = call(page, "run_dry")

    assert (answer.status_code, answer.json()["code"], sent) == (500, "server_error", [page])


def test_each_failure_has_an_id_of_its_own(call, page):
    bodies = [call(page, "fail", {"how": "int"}).json() for _ in range(2)]

    assert bodies[0]["id"] != bodies[1]["id"]


@pytest.mark.parametrize("action", ["fail", "afail"])
def test_with_debug_the_body_carries_the_traceback(call, page, settings, action):
    settings.DEBUG = True

    body = call(page, action, {"how": "int"}).json()

    assert body["error"] == GENERIC
    assert body["detail"].startswith("Traceback (most recent call last)")
    assert (
        body["detail"]
        .rstrip()
        .endswith("ValueError: invalid literal for int() with base 10: 'secret'")
    )


def test_with_debug_a_refusal_carries_the_developers_sentence(call, page, settings):
    settings.DEBUG = True

    body = call(page, "ad").json()

    assert body["detail"].startswith("no action is called 'ad'; this view has: fail, afail, tell")


def test_without_debug_the_developers_sentence_goes_to_the_log(call, page, caplog):
    body = call(page, "ad").json()

    assert sorted(body) == ["code", "error"]
    assert [
        (record.name, record.levelno, record.getMessage().partition(";")[0])
        for record in caplog.records
    ] == [("django_hyper", logging.WARNING, f"POST {page} ad: no action is called 'ad'")]


@pytest.mark.parametrize("how", LEAVING)
@pytest.mark.parametrize("action", ["leave", "aleave"])
def test_what_ends_the_process_propagates(call, page, sent, how, action):  # S13
    with pytest.raises(LEAVING[how], match="out"):
        call(page, action, {"how": how})

    assert sent == []


@pytest.mark.parametrize(
    ("run", "error"),
    [
        pytest.param(lambda: fail(None, how="int"), ValueError, id="bug"),
        pytest.param(lambda: fail(None, how="own"), ValueError, id="ValueError"),
        pytest.param(lambda: tell(None, how="ActionError"), ActionError, id="ActionError"),
        pytest.param(lambda: tell(None, how="ValidationError"), ValidationError, id="Validation"),
    ],
)
def test_a_direct_call_raises_as_written(run, error):  # S10
    with pytest.raises(error):
        run()


# What is told

ANSWERS = {
    "ValidationError": (422, "invalid", "Taken.", {"__all__": ["Taken."]}),
    "ValidationError list": (
        422,
        "invalid",
        "Taken. Too long.",
        {"__all__": ["Taken.", "Too long."]},
    ),
    "ValidationError dict": (
        422,
        "invalid",
        INVALID,
        {"title": ["Taken."], "count": ["Too many."]},
    ),
    "ValidationError params": (422, "invalid", "2 taken.", {"__all__": ["2 taken."]}),
    "ValidationError both": (
        422,
        "invalid",
        "Not now.",
        {"title": ["Taken."], "__all__": ["Not now."]},
    ),
    "ActionError": (422, "invalid", "Sold out", None),
    "ActionError whole": (409, "sold_out", "Sold out", {"n": ["Only 2 left."]}),
    "ActionError of fields": (422, "invalid", INVALID, {"n": ["Only 2 left."]}),
    "ActionError of no field": (
        422,
        "invalid",
        "Not now. Later.",
        {"__all__": ["Not now.", "Later."]},
    ),
    "ActionError empty": (422, "invalid", INVALID, None),
    "ValueError empty": (422, "invalid", "ValueError", None),
    "TitleError empty": (422, "invalid", "TitleError", None),
    "PermissionDenied": (403, "permission_denied", "You may not do this.", None),
    "Http404": (404, "not_found", "This was not found. It may have been deleted.", None),
    "SuspiciousOperation": (400, "bad_request", "The request could not be read.", None),
    "DisallowedHost": (400, "bad_request", "The request could not be read.", None),
    "BadRequest": (400, "bad_request", "The request could not be read.", None),
    "RequestDataTooBig": (413, "too_large", "This is too large to send.", None),
}


@pytest.mark.parametrize("action", ["tell", "atell"])
@pytest.mark.parametrize("how", TOLD)
def test_a_failure_is_told_as_what_it_is(call, page, sent, caplog, how, action):  # S10 S11
    answer = call(page, action, {"how": how})

    body = answer.json()
    assert (answer.status_code, body["code"], body["error"], body.get("errors")) == ANSWERS[how]
    assert "secret" not in str(body)
    assert (sent, tracebacks(caplog)) == ([], [])


def test_texts_for_visitors_are_translated(call, page):
    answer = call(page, "tell", {"how": "ValidationError dict"}, headers={"Accept-Language": "de"})

    assert answer.headers["Content-Language"] == "de"
    assert answer.json()["error"]


@pytest.mark.parametrize("status", [200, 302, 399, 600])
def test_an_action_error_is_a_failure(status):
    with pytest.raises(ValueError, match=f"got {status} for `status`; expected 400 to 599"):
        ActionError("no", status=status)


# Limits

BOUNDARY = "multipart/form-data; boundary=b"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        pytest.param(
            '{"title": "' + 999 * "x" + '"}',
            "application/json",
            413,
            "too_large",
            id="JSON over DATA_UPLOAD_MAX_MEMORY_SIZE",
        ),
        pytest.param(
            "title=" + 999 * "x",
            URLENCODED,
            413,
            "too_large",
            id="form over DATA_UPLOAD_MAX_MEMORY_SIZE",
        ),
        pytest.param(
            "a=1&" * 9, URLENCODED, 413, "too_large", id="over DATA_UPLOAD_MAX_NUMBER_FIELDS"
        ),
        pytest.param(
            b"".join(
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n'
                for _ in range(9)
            )
            + b"--b--\r\n",
            BOUNDARY,
            413,
            "too_large",
            id="over DATA_UPLOAD_MAX_NUMBER_FILES",
        ),
        pytest.param(b"x", "multipart/form-data", 400, "bad_request", id="no boundary"),
        pytest.param(b"<x/>", "text/xml", 400, "bad_request", id="another type"),
        pytest.param(b"{}", "text/plain", 400, "bad_request", id="text"),
        pytest.param(b"\xff", "application/json", 400, "bad_request", id="no UTF-8"),
        pytest.param(b'{"title": NaN}', "application/json", 400, "bad_request", id="NaN"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(
    call, page, settings, entered, data, content_type, status, code
):  # D11
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 5

    answer = call(page, "take", data, content_type=content_type)

    assert (answer.status_code, answer.json()["code"], entered) == (status, code, [])


# Redirects

ON_SITE = ["/done/", "done/", "?page=2", "http://testserver/done/", "/done/?next=//evil.example"]
OFF_SITE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:\\\\evil.example",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x00javascript:alert(1)",
    "\x08//evil.example",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://testserver/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://[",
    "/done/\r\nSet-Cookie: a=b",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "",
]


@pytest.mark.parametrize("url", ON_SITE)
@pytest.mark.parametrize("action", ["go", "ago", "go_in_a_reply", "go_in_a_list", "go_by_response"])
def test_a_redirect_on_this_site_is_an_item(call, one_page, action, url):  # F12
    answer = call(one_page, action, {"url": url})

    assert answer.json()["items"][-1] == {
        "event": "redirect",
        "data": {"url": url, "external": False},
    }


@pytest.mark.parametrize("url", [url for url in OFF_SITE if "\0" not in url])
@pytest.mark.parametrize("action", ["go", "ago", "go_in_a_reply", "go_in_a_list"])
def test_a_redirect_off_this_site_is_refused(call, one_page, sent, action, url):  # F12
    answer = call(one_page, action, {"url": url})

    assert (answer.status_code, answer.json(), sent) == (
        400,
        {"error": "The request could not be read.", "code": "bad_request"},
        [],
    )


@pytest.mark.parametrize("url", [url for url in OFF_SITE if url and not set("\0\r\n") & set(url)])
def test_a_redirect_response_off_this_site_is_refused(call, one_page, url):  # F12
    answer = call(one_page, "go_by_response", {"url": url})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("url", ["https://shop.example/pay", "http://shop.example/", "HTTPS://x.y"])
def test_external_says_that_leaving_is_meant(call, one_page, url):  # F12
    answer = call(one_page, "go", {"url": url, "external": True})

    assert answer.json() == {
        "result": None,
        "items": [{"event": "redirect", "data": {"url": url, "external": True}}],
    }


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/done/",
        "ftp://shop.example/",
        "http:evil.example",
        "https:///evil.example",
        "https://",
        "https://shop.example/\r\nSet-Cookie: a=b",
        " https://shop.example/",
    ],
)
def test_an_external_redirect_is_a_whole_http_url(call, one_page, url):  # F12
    answer = call(one_page, "go", {"url": url, "external": True})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("url", ["//evil.example", "javascript:alert(1)", "https://evil.example"])
def test_a_plain_post_is_not_led_away_either(call, one_page, url):  # F12
    answer = call.request("POST", one_page, data={"_action": "go", "url": url})

    assert (answer.status_code, answer.headers.get("Location")) == (400, None)


def test_a_failure_is_json_for_alpine_whatever_it_accepts(call, one_page):
    answer = call(one_page, "fail", {"how": "int"}, headers={"Accept": "text/html"})

    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["code"] == "server_error"
