"""Generators as streams: what holds before they open, and where they run."""

from __future__ import annotations

import gc
import json

import pytest
from django.conf import settings as django_settings
from django.test import AsyncClient
from django.utils.translation import override

from django_hyper.streams import count

from .conftest import Caller
from .site.kinds import KINDS
from .site.models import Todo
from .site.processes import until

# Closing an answer ends its request, and with it connections to the database.
pytestmark = pytest.mark.django_db

END = b'event: end\ndata: {"result":null}\n\n'


@pytest.fixture(params=KINDS)
def page(request):
    return f"/streams/{request.param}/"


def messages_of(frames):
    """Return what the `message` events hold."""
    events = frames.decode().removesuffix("\n\n").split("\n\n")
    return [json.loads(event.split("data: ")[1]) for event in events if ": message" in event]


# What holds before it opens


@pytest.mark.parametrize("action", ["members", "amembers"])
@pytest.mark.parametrize("data", [{}, {"count": "x"}])
def test_a_refused_generator_is_never_entered(call, page, entered, action, data):  # S22
    answer = call(page, action, data)

    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")
    assert entered == []


def test_faulty_arguments_never_enter_a_generator(call, page, entered):
    answer = call(page, "counted", {"count": "x"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_params")
    assert entered == []


@pytest.mark.parametrize("action", ["go", "ago"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_other_methods_never_open_a_generator(call, page, entered, action, method):  # D15
    answer = call(page, action, method=method)

    assert answer.status_code == 405
    assert entered == []


def test_a_generator_without_a_token_is_never_entered(strict_call, page, entered):
    answer = strict_call(page, "go")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert entered == []


def test_nothing_of_a_generator_runs_inside_the_view(call, page, entered):
    answer = call(page, "go")

    assert entered == []
    answer.close()
    assert entered == []


# Where it runs


@pytest.mark.parametrize("action", ["local", "alocal"])
def test_language_time_zone_and_context_are_those_of_the_view(call, page, action):
    with override("en"):
        frames = call.stream(page, action, headers={"Accept-Language": "de"})

    assert messages_of(frames) == 2 * [["de", "Europe/Berlin", "in the generator"]]


@pytest.mark.parametrize("action", ["own_state", "aown_state"])
def test_a_generator_sees_its_state_pending(call, page, action):  # S08 S09
    frames = call.stream(page, action)

    assert messages_of(frames) == [[True, None, None]]
    assert frames.endswith(b'event: end\ndata: {"result":"done"}\n\n')


@pytest.mark.parametrize(
    ("how", "expected"),
    [("reply", (False, None, 2)), ("value error", (False, "No more", None))],
)
@pytest.mark.parametrize("action", ["go", "ago"])
async def test_the_state_tells_how_a_stream_ended(action, how, expected):  # S09 S10
    answer = await AsyncClient().post(
        "/streams/function-async/",
        {"how": how},
        content_type="application/json",
        headers={"X-Hyper-Action": action},
    )
    [part async for part in answer.streaming_content]

    state = answer.asgi_request.hyper.states[action]
    assert (state.pending, state.error, state.result) == expected


def test_a_test_case_sees_the_rows_of_a_sync_generator(call, page):
    Todo.objects.create(title="before")

    frames = call.stream(page, "rows")

    assert messages_of(frames) == ["milk", "bread"]
    assert frames.endswith(b'event: end\ndata: {"result":["before","milk","bread"]}\n\n')
    assert [todo.title for todo in Todo.objects.all()] == ["before", "milk", "bread"]


def test_a_test_case_under_asgi_sees_the_rows_of_an_async_generator_too(page):
    Todo.objects.create(title="before")

    assert messages_of(Caller("asgi").stream(page, "arows")) == [["before"]]


# Nothing buffers


@pytest.mark.parametrize("action", ["go", "ago"])
def test_no_middleware_compresses_a_stream(world, page, settings, action):
    gzip = "django.middleware.gzip.GZipMiddleware"
    settings.MIDDLEWARE = [gzip, *django_settings.MIDDLEWARE]

    answer = Caller(world)(page, action, headers={"Accept-Encoding": "gzip"})

    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, None)
    answer.close()


# As many as may be


@pytest.fixture
async def open_one(settings):
    """Open a stream, by a client that reads its headers."""
    settings.HYPER_MAX_STREAMS = 2
    answers = []

    async def call(action="go"):
        answer = await AsyncClient().post(
            "/streams/function-async/",
            {},
            content_type="application/json",
            headers={"X-Hyper-Action": action},
        )
        answers.append(answer)
        return answer

    yield call
    for answer in answers:
        answer.close()


@pytest.mark.parametrize("action", ["go", "ago"])
async def test_one_stream_more_than_may_be_open_is_told_to_come_back(open_one, entered, action):
    for _ in range(2):
        await open_one(action)

    answer = await open_one(action)

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")  # F10
    assert int(answer.headers["Retry-After"]) > 0
    assert entered == []


@pytest.mark.parametrize("action", ["go", "ago"])
@pytest.mark.parametrize("ending", ["read", "closed", "left", "dropped"])
async def test_a_stream_that_has_ended_counts_no_more(open_one, action, ending):  # F10
    assert count.open == 0
    answer = await open_one(action)
    assert count.open == 1

    if ending == "read":
        [part async for part in answer.streaming_content]
    elif ending == "left":
        parts = aiter(answer)
        await anext(parts)
        await parts.aclose()
    if ending == "dropped":
        answer._iterator = None
        answer._resource_closers.clear()
        gc.collect()
    else:
        answer.close()

    await until(lambda: count.open == 0)


def test_a_wsgi_server_counts_no_streams(settings):
    settings.HYPER_MAX_STREAMS = 0

    assert Caller("wsgi").stream("/streams/class-sync/", "go", {"how": "nothing"}) == END
