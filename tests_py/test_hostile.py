"""What a reviewer once got through, and may never again."""

from __future__ import annotations

import gc
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views import View
from django.views.decorators.cache import cache_page

from django_hyper import ActionMixin, Redirect, Reply, Toast, action, with_actions
from django_hyper.middleware import HyperMiddleware

pytestmark = pytest.mark.urls(__name__)

ran: list[str] = []


@pytest.fixture(autouse=True)
def nothing_ran():
    ran.clear()


@dataclass
class Node:
    child: Node | None = None


class Page(ActionMixin, View):
    http_method_names = [*View.http_method_names, "propfind"]

    def dispatch(self, request, *args, **kwargs):
        request.method = request.headers.get("X-Method", request.method)
        return super().dispatch(request, *args, **kwargs)

    def propfind(self, request):
        ran.append("propfind")
        return HttpResponse("propfind")

    def put(self, request):
        ran.append("put")
        return HttpResponse("put")

    @action
    def grow(self, node: Node):
        ran.append("grow")

    @action
    def anything(self):
        ran.append("anything")

    @action(methods=("GET",))
    def look(self, q: str = ""):
        return {"found": q}


saved = Reply(1, Toast("Saved"), Redirect("/next/"))


@action
def save(request):
    return saved


@with_actions(save)
def page(request):
    return HttpResponse("page")


def unnamed(view):
    """Decorate a view as one does who does not know functools.wraps."""

    def wrapped(request):
        return view(request)

    return wrapped


@with_actions(save)
def hidden(request):
    ran.append("own handler")
    return HttpResponse("page")


urlpatterns = [
    path("page/", Page.as_view()),
    path("saved/", page),
    path("hidden/", unnamed(hidden)),
    path("cached/", cache_page(60)(Page.as_view())),
]


def ask(client, name, url="/page/", **options):
    headers = {"X-Hyper-Action": name, **options.pop("headers", {})}
    return client.generic(options.pop("method", "POST"), url, headers=headers, **options)


@pytest.mark.parametrize(
    ("method", "headers"),
    [("PROPFIND", {}), ("POST", {"X-Method": "PUT"})],
    ids=["a method of the view's own", "a method changed on the way"],
)
def test_a_named_action_never_runs_a_handler_instead(client, method, headers):  # S25
    response = ask(client, "anything", method=method, headers=headers)

    assert (response.status_code, ran) == (405, [])


def test_a_view_whose_decorator_hides_its_actions_runs_none_of_its_own(client):  # D02
    response = client.post("/hidden/?_action=nothing")

    assert (response.status_code, ran) == (404, [])


@pytest.mark.parametrize("name", ["get", "post", "delete", "dispatch", "setup", "as_view"])
def test_an_action_in_the_place_of_what_django_calls_is_refused_at_import(name):
    @action("harmless")
    def function(self):
        pass

    with pytest.raises(TypeError, match=name):
        type("Page", (ActionMixin, View), {name: function})


@pytest.mark.parametrize("depth", [200, 400, 800])
def test_a_value_nested_in_its_own_type_is_read_or_refused(client, depth):  # D10
    body = '{"child":' * depth + "null" + "}" * depth

    response = ask(client, "grow", data=f'{{"node":{body}}}', content_type="application/json")

    assert response.status_code in (200, 400)
    assert ran == (["grow"] if response.status_code == 200 else [])


def test_a_get_action_of_a_view_without_a_page_is_no_bug(client):
    assert client.get("/page/?_action=look").status_code == 405


def test_more_names_than_a_form_may_have_are_too_many(client, settings):  # D10
    body = ",".join(f'"{number}":0' for number in range(1_001))

    response = ask(client, "anything", data=f"{{{body}}}", content_type="application/json")

    assert (response.status_code, response.json()["code"], ran) == (413, "too_large", [])


def test_a_chunked_body_that_django_would_drop_is_refused(client):  # D16
    response = ask(client, "anything", headers={"Transfer-Encoding": "chunked"})

    assert (response.status_code, ran) == (400, [])


def test_data_in_a_header_that_is_not_ascii_is_refused(client):  # D10
    response = ask(client, "anything", headers={"X-Hyper-Data": '{"a":"\xe4"}'})

    assert (response.status_code, ran) == (400, [])


@pytest.mark.parametrize(
    "path", ["/missing/a%0aFORGED/", "/page/?x=%0aFORGED"], ids=["a path", "a query"]
)
def test_no_line_of_the_log_is_forged(client, caplog, path):
    ask(client, "a\nFORGED", url=path)

    assert caplog.messages
    assert not [message for message in caplog.messages if "\n" in message]


def test_a_reply_that_is_returned_again_says_the_same(client):
    answers = [ask(client, "save", url="/saved/") for _ in range(2)]

    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    assert all("messages" in answer.cookies for answer in answers)


def test_djangos_cache_keeps_no_answer_of_an_action(client):
    found = [
        ask(client, "look", "/cached/", method="GET", headers={"X-Hyper-Data": f'{{"q":"{q}"}}'})
        for q in ("alice", "bob")
    ]

    assert [answer.json()["result"]["found"] for answer in found] == ["alice", "bob"]


def test_a_refused_call_leaves_nothing_to_the_garbage_collector():
    def call():
        request = RequestFactory().post("/page/", "{}", content_type="application/json")
        request.META["HTTP_X_HYPER_ACTION"] = "grow"
        request._dont_enforce_csrf_checks = True
        return middleware(request)

    view = Page.as_view()

    def run(request):
        try:
            return view(request)
        except Exception as error:
            return middleware.process_exception(request, error)

    middleware = HyperMiddleware(run)
    call()
    gc.collect()
    gc.disable()
    try:
        assert call().status_code == 400
        garbage = gc.collect()
    finally:
        gc.enable()

    # What stays are the request and its own parts; a fault's traceback held 50 more.
    assert garbage < 40
