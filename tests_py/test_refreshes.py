"""`Refresh`: the page's own rendering travels in the answer of the action."""

from __future__ import annotations

import json
import re

import django
import pytest
from asgiref.sync import async_to_sync
from csp.constants import NONCE
from django.db import connections
from django.http import HttpResponse
from django.urls import path
from django.views import View

from django_hyper import ActionMixin, Refresh, action
from django_hyper.elements import element_with_id

from .site.models import Todo

pytestmark = pytest.mark.django_db


class Moving(ActionMixin, View):
    def get(self, request, slug):
        return HttpResponse(f'<p id="slug">{slug}</p>')

    @action
    def move(self, to: str):
        self.kwargs = {"slug": to}
        return Refresh("#slug")


urlpatterns = [path("<slug:slug>/", Moving.as_view())]


@pytest.fixture(params=["class", "aclass", "function", "afunction"])
def page(request):
    return f"/refreshes/{request.param}/"


def items_of(answer):
    return [(item["event"], item["data"]) for item in answer.json()["items"]]


def test_the_answer_carries_the_page_as_it_is_now(call, page):  # S29
    [(event, data), _] = items_of(call(page, "add", {"title": "milk & <b>"}))

    assert (event, data["selectors"]) == ("refresh", ["#todos"])
    assert '<ul id="todos"><li>milk &amp; &lt;b&gt;</li></ul>' in data["content"]


@pytest.mark.parametrize("view", ["class", "aclass"])
def test_the_page_is_rendered_for_a_get_with_the_state_in_it(call, view):
    headers = {"X-Hyper-Action": "save"}
    answer = call.request("POST", f"/refreshes/{view}/", data={"title": "milk"}, headers=headers)

    (_, data), *toasts = items_of(answer)
    assert data["selectors"] == ["#todos", "#state"]
    assert '<p id="state">GET 0 1 False</p>' in data["content"]
    assert [toast["message"] for _, toast in toasts] == ["Saved", "Noted"]


@pytest.mark.parametrize("view", ["class", "aclass"])
def test_the_action_keeps_its_request(call, view):
    (_, _), (_, toast) = items_of(call(f"/refreshes/{view}/", "go_on"))

    assert toast["message"] == "POST 0"


@pytest.mark.urls(__name__)
def test_the_page_has_the_arguments_that_the_action_gave_the_view(client):
    headers = {"X-Hyper-Action": "move"}
    answer = client.post("/old/", {"to": "new"}, "application/json", headers=headers)

    [(_, data)] = items_of(answer)
    assert data["content"] == '<p id="slug">new</p>'


def frames_of(answer):
    """Return event and data of each frame of a stream."""

    async def read():
        return b"".join([part async for part in answer.streaming_content])

    is_async = answer.is_async
    body = async_to_sync(read)() if is_async else b"".join(answer.streaming_content)
    lines = [frame.split("\n") for frame in body.decode().split("\n\n") if frame]
    return [(event[7:], json.loads(data[6:])) for event, data in lines]


def list_in(content):
    match = re.search(r'<ul id="todos">(.*?)</ul>', content)
    return re.findall("<li>(.*?)</li>", match[1]) if match else None


@pytest.mark.parametrize("view", ["class", "aclass"])
def test_a_sync_generator_shows_the_page_as_it_is_meanwhile(call, view):  # S29
    frames = frames_of(call(f"/refreshes/{view}/", "stream"))

    pages = [list_in(data["content"]) for event, data in frames if event == "refresh"]
    rest = [data for event, data in frames if event in ("message", "end")]
    assert pages == [["milk"], ["milk", "bread"], ["milk", "bread"]]
    assert rest == ["POST", "POST", {"result": None}]


@pytest.mark.parametrize("view", ["quiet", "aquiet"])
def test_an_async_generator_does_so_too(call, view):  # S29
    frames = frames_of(call(f"/refreshes/{view}/", "astream"))

    assert [event for event, _ in frames] == ["refresh", "message", "toast", "refresh", "end"]
    assert list_in(frames[0][1]["content"]) == []
    assert frames[1][1] == "POST"


def test_without_selectors_it_is_the_body(call):
    [(_, data)] = items_of(call("/refreshes/class/", "fill"))

    assert data["selectors"] == []


def test_messages_that_wait_are_not_used_up(client):  # E11
    client.post("/pages/class/", {"_action": "save", "title": "milk"})

    answer = client.post("/refreshes/class/", headers={"X-Hyper-Action": "fill"})

    assert '<div id="messages"></div>' in answer.json()["items"][0]["data"]["content"]
    assert b'<div id="messages">Noted</div>' in client.get("/refreshes/class/").content


def test_what_the_page_says_and_shows_itself_is_not_said_again(client):  # E11
    answer = client.post("/refreshes/talking/", headers={"X-Hyper-Action": "fill"})

    assert '<div id="messages">Hello</div>' in answer.json()["items"][0]["data"]["content"]
    assert b'<div id="messages"></div>' in client.get("/refreshes/class/").content


def test_a_page_that_moves_on_takes_the_visitor_along(call):
    [(event, data), *_] = items_of(call("/refreshes/moving/", "add", {"title": "milk"}))

    assert (event, data) == ("redirect", {"url": "/elsewhere/", "external": False})


def test_a_page_that_moves_on_may_say_why(client):  # E11
    client.post("/refreshes/moving/", {"title": "milk"}, headers={"X-Hyper-Action": "add"})

    html = client.get("/pages/class/").content.decode()
    assert re.findall(r'class="message">([^<]*)', html) == ["Noted", "It is gone"]


def test_a_page_that_is_gone_is_a_failure_of_the_call(call, monkeypatch):  # S26
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)

    answer = call("/refreshes/missing/", "add", {"title": "milk"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Todo.objects.count() == 0


def test_a_view_without_a_page_is_told_of(call, caplog):
    assert call("/refreshes/pageless/", "fill").status_code == 500
    assert "expected one that answers 200 with HTML" in caplog.text


POLICIES = {
    "csp.middleware.CSPMiddleware": {
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": [NONCE]}}
    },
    "django.middleware.csp.ContentSecurityPolicyMiddleware": {
        "SECURE_CSP": {"script-src": ["<CSP_NONCE_SENTINEL>"]}
    },
}


@pytest.mark.parametrize("middleware", POLICIES)
def test_a_page_that_is_rendered_in_a_stream_needs_no_nonce(call, settings, middleware):
    if middleware.startswith("django.") and django.VERSION < (6, 0):
        pytest.skip("Django has it since 6.0")
    settings.MIDDLEWARE = [middleware, *settings.MIDDLEWARE]
    for name, value in POLICIES[middleware].items():
        setattr(settings, name, value)

    frames = call.stream("/production/", "refresh_in_stream").decode()

    assert re.findall("event: (.*)", frames) == ["refresh", "end"]
    assert re.findall(r'nonce=\\"([^"]*)\\"', frames) == 3 * [""]


def htmx(call, page, **data):
    return call.request("POST", page, data=data, headers={"HX-Request": "true"})


def test_htmx_gets_the_elements(call, page):
    response = htmx(call, page, _action="add", title="milk")

    assert response.content == b'<ul id="todos"><li>milk</li></ul>'
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#todos", "outerHTML")


@pytest.mark.parametrize("selector", [".todos", "#nothing"])
def test_htmx_loads_the_page_where_an_element_cannot_be_told(call, page, selector):
    response = htmx(call, page, _action="add", title="milk", selector=selector)

    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


def test_a_browser_without_script_gets_the_page_anyway(call, page):
    response = call.request("POST", page, data={"_action": "add", "title": "milk"})

    assert response.status_code == 303


@pytest.mark.parametrize("view", ["missing", "moving", "pageless"])
def test_the_page_is_not_rendered_for_a_browser_without_script(call, view):
    response = call.request("POST", f"/refreshes/{view}/", data={"_action": "fill"})

    assert (response.status_code, response["Location"]) == (303, f"/refreshes/{view}/")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param('<p>a<p id="x">b</p>c', '<p id="x">b</p>', id="one"),
        pytest.param(
            "<div\n id=x><div>a</div>\n<br/><b>b</b></div ></div>",
            "<div\n id=x><div>a</div>\n<br/><b>b</b></div >",
            id="nested",
        ),
        pytest.param('<img id="x" alt=">"><b>', '<img id="x" alt=">">', id="without an end"),
        pytest.param('<div id="x"/><i></i></div>', '<div id="x"/><i></i></div>', id="a slash"),
        pytest.param('<!-- <p id="x"></p> -->', None, id="a comment"),
        pytest.param('<script>"<p id=x></p>"</script>', None, id="a script"),
        pytest.param('<li id="x">a<li>b', None, id="never closed"),
        pytest.param("<p></p>", None, id="missing"),
        pytest.param('<p id="x">1</p><p id="x">2</p>', '<p id="x">1</p>', id="the first"),
    ],
)
def test_an_element_is_found_as_it_is_written(html, expected):
    assert element_with_id(html, "x") == expected
