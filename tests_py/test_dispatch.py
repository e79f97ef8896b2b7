"""The order of one call, on every kind of view, under WSGI and ASGI."""

from __future__ import annotations

import asyncio

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.test import AsyncRequestFactory, Client

from .conftest import Caller
from .site.dispatch_urls import write
from .site.kinds import KINDS
from .site.models import Todo

JSON_HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "X-Hyper-Action, HX-Request, Accept-Language",  # the last by LocaleMiddleware
}


@pytest.fixture(params=KINDS)
def page(request):
    return f"/dispatch/{request.param}/"


@pytest.fixture
def atomic_requests(db, monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)


def in_order(answer):
    return {name: answer.headers[name] for name in JSON_HEADERS}


# S06 S07 S09 S12: the same table for sync and async actions, on every kind of page.


@pytest.mark.parametrize("prefix", ["", "a"], ids=["sync action", "async action"])
@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param("save", {"title": "milk"}, '{"title":"milk","count":1}', id="S20 default"),
        pytest.param(
            "save", {"title": "milk", "count": 2}, '{"title":"milk","count":2}', id="S20 given"
        ),
        pytest.param(
            "save",
            {"title": "milk", "shop": "a"},
            '{"title":"milk","count":1,"shop":"a"}',
            id="S20 kwargs",
        ),
        pytest.param("nothing", {}, "null", id="S12 None is a success"),
        pytest.param("own_state", {}, "[true,null,null]", id="S08 pending while it runs"),
    ],
)
def test_every_view_answers_every_action_alike(call, page, prefix, name, data, expected):
    answer = call(page, prefix + name, data)

    assert (answer.status_code, answer.content.decode(), in_order(answer)) == (
        200,
        f'{{"result":{expected}}}',
        JSON_HEADERS,
    )


@pytest.mark.parametrize("name", ["reply", "areply"])
def test_items_come_beside_the_result_in_their_order(call, page, name):
    answer = call(page, name)

    assert answer.json() == {
        "result": {"saved": 1},
        "items": [
            {"event": "toast", "data": {"message": "Saved", "level": "success", "tags": ""}},
            {
                "event": "dispatch_event",
                "data": {"name": "cart:changed", "detail": {"n": 2}, "target": None},
            },
        ],
    }


@pytest.mark.parametrize("name", ["brackets", "renamed", "described"])
def test_every_way_to_declare_an_action_makes_it_callable(call, page, name):  # S01
    assert call(page, name).json() == {"result": name}


def test_a_renamed_action_is_unknown_by_its_functions_name(call, page):  # S01
    assert call(page, "another_name").json()["code"] == "unknown_action"


def test_the_action_runs_instead_of_the_handler(call, page, entered):
    call(page, "save", {"title": "milk"})

    assert entered == ["save"]


def test_a_page_with_actions_is_its_own_page_without_a_call(call, page, entered):
    answer = call.request("GET", page)

    assert (answer.status_code, answer.content, entered) == (200, b"page", ["page"])


# States


def state_of(answer, name):
    request = getattr(answer, "wsgi_request", None) or answer.asgi_request
    state = request.hyper.states[name]
    return (state.pending, state.error, state.result)


@pytest.mark.parametrize("name", ["check", "acheck"])
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("milk", (False, None, "milk"), id="S09 return"),
        pytest.param("", (False, "Title is required", None), id="S10 exception"),
    ],
)
def test_the_state_tells_how_the_run_ended(call, page, name, title, expected):
    answer = call(page, name, {"title": title})

    assert state_of(answer, name) == expected


@pytest.mark.parametrize("titles", [("", "milk"), ("milk", "")], ids=["fail first", "fail last"])
@pytest.mark.parametrize("name", ["check", "acheck"])
def test_a_new_run_leaves_nothing_of_the_last_one(call, page, name, titles):  # S14
    fresh = {
        "milk": (200, {"result": "milk"}, (False, None, "milk")),
        "": (
            422,
            {"error": "Title is required", "code": "invalid"},
            (False, "Title is required", None),
        ),
    }

    answers = [call(page, name, {"title": title}) for title in titles]

    assert [(each.status_code, each.json(), state_of(each, name)) for each in answers] == [
        fresh[title] for title in titles
    ]


def test_the_failure_of_one_action_is_not_the_others(call, page):  # S15
    answer = call(page, "check", {"title": ""})

    assert state_of(answer, "acheck") == (False, None, None)


# Which requests run an action


@pytest.mark.parametrize("name", ["search", "asearch"])
@pytest.mark.parametrize("query", ["", "?q=milk"])
def test_get_runs_an_action_that_lists_it(call, page, name, query):  # D15
    answer = call(page + query, name, method="GET")

    assert answer.json() == {"result": query[3:]}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "GET", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("name", ["save", "asave"])
def test_an_action_runs_for_its_own_methods_alone(call, page, entered, method, name):  # D15
    answer = call(f"{page}?title=milk", name, method=method, **without_data(method))

    assert (answer.status_code, answer.headers["Allow"], entered) == (405, "POST", [])
    assert in_order(answer) == JSON_HEADERS


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
@pytest.mark.parametrize("name", ["search", "asearch"])
def test_head_and_options_run_no_get_action(call, page, entered, method, name):  # D15
    by_header = call(page, name, method=method, **without_data(method))
    by_query = call.request(method, f"{page}?_action={name}")

    assert (by_header.status_code, by_query.status_code, entered) == (405, 405, [])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_any_listed_method_runs_the_action(call, page, method):
    answer = call(page, "replace", {"title": "milk"}, method=method)

    assert answer.json() == {"result": "milk"}


def without_data(method):
    """Return the options that keep the test client from refusing a body."""
    return {"data": {}, "content_type": "application/json"} if method == "PATCH" else NO_BODY


NO_BODY = {"data": None, "content_type": ""}


@pytest.mark.parametrize(
    ("name", "data", "status", "code", "errors"),
    [
        pytest.param("ad", {}, 404, "unknown_action", None, id="unknown action"),
        pytest.param("", {}, 404, "unknown_action", None, id="no name"),
        pytest.param("__class__", {}, 404, "unknown_action", None, id="attribute"),
        pytest.param("get", {}, 404, "unknown_action", None, id="handler"),
        pytest.param(
            "save", {}, 400, "invalid_params", {"title": ["This field is required."]}, id="missing"
        ),
        pytest.param(
            "check",
            {"title": "a", "tilte": "b"},
            400,
            "invalid_params",
            {"tilte": ["This name is not known."]},
            id="unknown argument",
        ),
        pytest.param("check", "{", 400, "bad_request", None, id="no JSON"),
        pytest.param("check", "[1]", 400, "bad_request", None, id="no object"),
    ],
)
def test_what_cannot_be_called_is_refused_in_json(
    call, page, entered, name, data, status, code, errors
):  # D11
    answer = call(page, name, data)

    body = answer.json()
    assert (answer.status_code, body["code"], body.get("errors"), entered) == (
        status,
        code,
        errors,
        [],
    )
    assert in_order(answer) == JSON_HEADERS


def test_a_call_of_an_unknown_page_is_answered_in_json(call):  # D11
    answer = call("/no/such/page/", "save")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_routes_own_arguments_reach_the_action(call):
    assert call("/dispatch/route/7/", "read", {"pk": 8}).json() == {"result": 7}


# Transactions

FAILURES = {
    "bug": (500, "server_error"),
    "ValueError": (422, "invalid"),
    "ValidationError": (422, "invalid"),
    "ActionError": (409, "sold_out"),
    "PermissionDenied": (403, "permission_denied"),
    "Http404": (404, "not_found"),
    "redirect off site": (400, "bad_request"),
    "model": (500, "server_error"),
    "queryset": (500, "server_error"),
    "model in an item": (500, "server_error"),
    "template that fails": (500, "server_error"),
}


@pytest.fixture(params=[kind for kind in KINDS if "async" not in kind])
def sync_page(request):
    return f"/dispatch/{request.param}/"


@pytest.mark.parametrize("name", ["write", "awrite"])
@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_rolls_back_what_was_written(call, sync_page, atomic_requests, name, how):  # S26
    answer = call(sync_page, name, {"how": how})

    assert (answer.status_code, answer.json()["code"], Todo.objects.count()) == (
        *FAILURES[how],
        0,
    )


@pytest.mark.parametrize("name", ["write", "awrite"])
def test_a_success_stays_written(call, sync_page, atomic_requests, name):  # S26
    call(sync_page, name, {"how": "well"})

    assert [todo.title for todo in Todo.objects.all()] == ["well"]


@pytest.mark.parametrize("how", ["bug", "ValidationError", "model"])
@pytest.mark.parametrize("name", ["write", "awrite"])
def test_without_atomic_requests_what_was_written_stays(call, page, db, name, how):  # S26
    call(page, name, {"how": how})

    assert [todo.title for todo in Todo.objects.all()] == [how]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_opened_unasked(call, page):  # S26
    assert call(page, "is_atomic").json() == {"result": False}


@pytest.mark.parametrize(
    ("how", "type_name"),
    [("model", "Todo"), ("queryset", "QuerySet"), ("model in an item", "Todo")],
)
def test_the_log_says_what_to_return_instead_of_a_model(call, page, db, caplog, how, type_name):
    call(page, "write", {"how": how})

    assert f"the action returned a value of type {type_name}" in caplog.text
    assert "list(todos.values('id', 'title'))" in caplog.text


def test_called_from_python_an_action_is_an_ordinary_function(db):  # S10
    assert write(None, how="well") == "well"
    with pytest.raises(ValueError, match="Title is required"):
        write(None, how="ValueError")


@pytest.mark.parametrize("kind", ["class-async", "function-async"])
@pytest.mark.parametrize("name", ["last", "last_in_thread"])
async def test_cancelling_the_request_does_not_reach_the_action(entered, kind, name):  # S28
    request = AsyncRequestFactory().post(f"/dispatch/{kind}/", headers={"X-Hyper-Action": name})
    request._dont_enforce_csrf_checks = True
    running = asyncio.create_task(ASGIHandler().get_response_async(request))
    while not entered and not running.done():  # noqa: ASYNC110  a thread may note it
        await asyncio.sleep(0.001)

    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    answer = await running

    assert (answer.content, entered) == (b'{"result":"done"}', ["begun", "ended"])


def test_a_method_that_http_does_not_know_runs_nothing(page, entered):  # D15
    answer = Client().generic("BREW", page, headers={"X-Hyper-Action": "save"})

    assert (answer.status_code, answer.json()["code"], entered) == (405, "method_not_allowed", [])


def test_without_the_middleware_a_page_says_what_is_missing(world, page, settings):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Hyper" not in each]
    call = Caller(world, raise_request_exception=True)

    with pytest.raises(ImproperlyConfigured, match="HyperMiddleware"):
        call(page, "save")
