"""What a generator gives, as frames: the same on every kind of view, under WSGI and ASGI."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.signals import got_request_exception

from .site.kinds import KINDS

# Closing an answer ends its request, and with it connections to the database.
pytestmark = pytest.mark.django_db

END = b'event: end\ndata: {"result":null}\n\n'
A = b'event: message\ndata: "a"\n\n'
B = b'event: message\ndata: "b"\n\n'
CLOSE = b'event: redirect\ndata: {"url":"/done/","external":false}\n\n'


def toast(message, level="success"):
    data = f'{{"message":"{message}","level":"{level}","tags":""}}'
    return f"event: toast\ndata: {data}\n\n".encode()


def dispatched(name, detail):
    data = f'{{"name":{name},"detail":{detail},"target":null}}'
    return f"event: dispatch_event\ndata: {data}\n\n".encode()


@pytest.fixture(params=KINDS)
def page(request):
    return f"/streams/{request.param}/"


@pytest.fixture
def logged(caplog):
    """Read what was logged: message and whether with a traceback."""
    caplog.set_level(logging.WARNING)
    return lambda: [
        (record.getMessage(), bool(record.exc_info))
        for record in caplog.records
        if record.name.startswith("django")  # asyncio tells of generators that do not end
    ]


@pytest.fixture
def bugs():
    """Collect what was sent to `got_request_exception`."""
    found: list[object] = []

    def note(request, **rest):
        found.append(request.path)

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


FRAMES = {
    "words": A + B + END,
    "values": b"event: message\ndata: 1\n\n"
    b'event: message\ndata: {"x":null}\n\n'
    b"event: message\ndata: [true]\n\n"
    b'event: message\ndata: "2024-01-02"\n\n'
    b'event: message\ndata: "Yes"\n\n'
    b"event: message\ndata: []\n\n" + END,
    "nan": b"event: message\ndata: null\n\n" + END,
    "items": toast("Hi") + dispatched('"x"', "null") + toast("Two") + toast("Three") + END,
    "reply": toast("One") + b'event: end\ndata: {"result":2}\n\n',
    "reply and more": A + b'event: end\ndata: {"result":1}\n\n',
    "redirect": A + CLOSE + END,
    "redirect among items": toast("Bye") + CLOSE + toast("Later") + END,
    "message": A
    + toast("Noted", "info")
    + b"event: message\ndata: null\n\n"
    + B
    + toast("Noted", "info")
    + b"event: message\ndata: null\n\n"
    + END,
    "nothing": END,
    "html": b'event: patch_html\ndata: {"content":"<b>hi</b>","target":null,"swap":"morph"}\n\n'
    + A
    + END,
    # F11
    "forged": 'event: message\ndata: "a\\r\\nevent: end\\n\\ndata: 1\u2028\u0085"\n\n'.encode()
    + dispatched(r'"x\n\nevent: end"', r'"\r"')
    + END,
}


@pytest.mark.parametrize("action", ["go", "ago", "plain", "aplain"])
@pytest.mark.parametrize("how", FRAMES)
def test_every_view_sends_the_same_frames(call, page, entered, action, how):  # S07 F11
    assert call.stream(page, action, {"how": how}) == FRAMES[how]
    assert entered == ["opened", "closed"]


def test_a_stream_says_what_it_is(call, page):
    answer = call(page, "go", {"how": "nothing"})
    named = ("Content-Type", "Cache-Control", "X-Accel-Buffering", "X-Content-Type-Options")

    assert [answer.status_code, *map(answer.headers.get, named)] == [
        200,
        "text/event-stream",
        "no-store",
        "no",
        "nosniff",
    ]
    assert "X-Hyper-Action" in answer.headers["Vary"]
    answer.close()


def test_what_a_generator_returns_is_the_result(call, page):
    frames = call.stream(page, "go", {"how": "reply", "returned": "bye"})

    assert frames == toast("One") + b'event: end\ndata: {"result":"bye"}\n\n'


@pytest.mark.parametrize(("how", "result"), [("toast", "null"), ("reply", "3")])
def test_returned_items_come_before_the_end(call, page, how, result):
    frames = call.stream(page, "returned_item", {"how": how})

    assert frames == A + toast("Bye") + f'event: end\ndata: {{"result":{result}}}\n\n'.encode()


def test_messages_that_a_template_has_shown_are_not_shown_again(call, page):
    frames = call.stream(page, "shown")

    shown = b'event: message\ndata: "Noted;"\n\n'
    assert frames == shown + toast("Again", "info") + b'event: message\ndata: "end"\n\n' + END


# Errors

ERRORS = {
    "value error": (422, "invalid", "No more"),
    "action error": (409, "sold_out", "Sold out"),
    "fields": (422, "invalid", "Please check what you entered."),
    "denied": (403, "permission_denied", "You may not do this."),
    "missing": (404, "not_found", "This was not found. It may have been deleted."),
    "off site": (400, "bad_request", "The request could not be read."),
}
BUGS = ["model", "response", "bug", "first bug"]
MASKED = "Something went wrong on our side. Please try again later."


def error_of(frames):
    """Return the body of the last event; it is the only last one."""
    *others, last = frames.decode().removesuffix("\n\n").split("\n\n")
    name, data = last.split("\n")
    assert name == "event: error"
    assert not [other for other in others if other.startswith(("event: end", "event: error"))]
    return json.loads(data.removeprefix("data: "))


@pytest.mark.parametrize("action", ["go", "ago"])
@pytest.mark.parametrize("how", ERRORS)
def test_a_failure_is_the_last_event_with_its_status(call, page, entered, bugs, action, how):
    status, code, error = ERRORS[how]

    body = error_of(call.stream(page, action, {"how": how}))

    assert (body["status"], body["code"], body["error"]) == (status, code, error)
    assert (entered, bugs) == (["opened", "closed"], [])


def test_errors_of_fields_travel_with_the_error(call, page):
    body = error_of(call.stream(page, "go", {"how": "fields"}))

    assert body["errors"] == {"title": ["Too long"]}


@pytest.mark.parametrize("action", ["go", "ago"])
@pytest.mark.parametrize("how", BUGS)
def test_a_bug_is_masked_and_logged_once(call, page, entered, logged, bugs, action, how):
    body = error_of(call.stream(page, action, {"how": how}))

    assert body == {"error": MASKED, "code": "server_error", "id": body["id"], "status": 500}
    where = f"Internal Server Error: {page} (action {action}, id {body['id']})"
    assert (logged(), bugs) == ([(where, True)], [page])
    assert entered == ["opened", "closed"]


def test_with_debug_the_error_tells_the_developer(call, page, settings):
    settings.DEBUG = True

    assert "RuntimeError: secret" in error_of(call.stream(page, "go", {"how": "bug"}))["detail"]


@pytest.mark.parametrize("action", ["go", "ago"])
def test_a_message_before_an_error_is_shown(call, page, action):
    frames = call.stream(page, action, {"how": "message before an error"})

    noted = toast("Noted", "info") + b"event: message\ndata: null\n\n"
    assert frames.startswith(noted + b"event: error\n")


def test_a_result_that_cannot_be_sent_is_a_bug(call, page):
    assert error_of(call.stream(page, "returned_item", {"how": "model"}))["status"] == 500


@pytest.mark.parametrize("action", ["fail_late", "afail_late", "stubborn", "astubborn"])
def test_what_fails_while_it_is_closed_is_logged_once(call, page, logged, bugs, action):
    frames = call.stream(page, action)

    assert frames.startswith(CLOSE)
    assert error_of(frames)["status"] == 500
    assert (len(logged()), bugs) == (1, [page])


def test_a_wait_that_was_cancelled_is_a_bug_and_no_sign_of_the_client(call, page, logged):
    frames = call.stream(page, "acancelled")

    assert frames.startswith(A)
    assert error_of(frames)["code"] == "server_error"
    assert [has_trace for _, has_trace in logged()] == [True]


@pytest.mark.parametrize("action", ["go", "ago"])
def test_what_ends_the_process_is_not_caught(call, page, action):  # S13
    with pytest.raises(SystemExit):
        call.stream(page, action, {"how": "exit"})
