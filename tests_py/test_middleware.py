"""What the middleware does with requests and answers, at what cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import SyncToAsync, iscoroutinefunction
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished
from django.http import HttpResponse
from django.test import AsyncRequestFactory

from django_hyper.middleware import HyperMiddleware

from .site.kinds import KINDS
from .site.middleware_urls import UNTOUCHED

HOOKS = ["__call__", "process_view", "process_template_response"]


@pytest.fixture(params=KINDS)
def page(request):
    return f"/middleware/{request.param}/"


# Hooks and threads


async def get_response(request):
    return HttpResponse()


def test_every_hook_is_a_coroutine_function_under_asgi():
    middleware = HyperMiddleware(get_response)

    assert iscoroutinefunction(middleware)
    assert [iscoroutinefunction(getattr(middleware, name)) for name in HOOKS[1:]] == [True, True]


def test_no_hook_is_a_coroutine_function_under_wsgi():
    middleware = HyperMiddleware(lambda request: HttpResponse())

    assert not iscoroutinefunction(middleware)
    assert [iscoroutinefunction(getattr(middleware, name)) for name in HOOKS] == 3 * [False]


class CountingExecutor(ThreadPoolExecutor):
    """Counts what asgiref sends to the thread of the request."""

    def __init__(self):
        super().__init__(max_workers=1)
        self.hops = 0

    def submit(self, *args, **kwargs):
        self.hops += 1
        return super().submit(*args, **kwargs)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/views/aplain/", id="view without actions"),
        pytest.param("/views/aplain/?_action=save", id="named, without actions"),
        pytest.param("/middleware/async-page/", id="class with actions"),
        pytest.param("/middleware/function-async/", id="function with actions"),
    ],
)
async def test_an_ordinary_async_request_needs_no_thread(settings, monkeypatch, path):
    settings.MIDDLEWARE = ["django_hyper.middleware.HyperMiddleware"]
    with CountingExecutor() as executor:
        monkeypatch.setattr(SyncToAsync, "single_thread_executor", executor)

        response = await ASGIHandler().get_response_async(AsyncRequestFactory().get(path))

    assert (response.status_code, executor.hops) == (200, 0)


async def test_an_async_action_of_a_checked_request_needs_no_thread(settings, monkeypatch):
    settings.MIDDLEWARE = ["django_hyper.middleware.HyperMiddleware"]
    request = AsyncRequestFactory().post(
        "/middleware/async-page/", headers={"X-Hyper-Action": "save"}
    )
    request.csrf_processing_done = True
    with CountingExecutor() as executor:
        monkeypatch.setattr(SyncToAsync, "single_thread_executor", executor)

        response = await ASGIHandler().get_response_async(request)

    assert (response.content, executor.hops) == (b'{"result":"saved"}', 0)


def test_request_finished_is_sent_once(call, db):
    sent = []

    def receive(**kwargs):
        sent.append(1)

    request_finished.connect(receive)
    call("/no/such/page/", "save")
    request_finished.disconnect(receive)

    assert sent == [1]


# Headers


@pytest.mark.parametrize("path", ["/middleware/vary/", *(f"/middleware/{kind}/" for kind in KINDS)])
def test_the_page_of_a_view_with_actions_varies_on_the_caller(call, path):
    answer = call.request("GET", path)

    names = {name.strip() for name in answer.headers["Vary"].split(",")}
    assert {"X-Hyper-Action", "HX-Request"} <= names
    assert "Cache-Control" not in answer.headers


def test_what_the_page_varies_on_itself_stays(call):
    answer = call.request("GET", "/middleware/vary/")

    assert answer.headers["Vary"].startswith("Cookie")


@pytest.mark.parametrize("name", UNTOUCHED)
@pytest.mark.parametrize("action", ["answer", "aanswer"])
def test_a_response_of_the_action_passes_untouched(call, page, action, name):
    made = UNTOUCHED[name]()

    answer = call(page, action, {"name": name})

    added = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Vary": answer.headers["Vary"],
    }
    kept = {key: answer.headers.get(key) for key in [*made.headers, *added]}
    assert (answer.status_code, answer.content, kept, answer.cookies) == (
        made.status_code,
        made.content,
        {**made.headers, **added},
        made.cookies,
    )
    assert {"X-Hyper-Action", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


def test_headers_that_the_action_set_stay(call, page):
    answer = call(page, "cached")

    assert answer.headers["Cache-Control"] == "max-age=60"
    assert answer.content == b"x"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("html", "<p>日本</p>"),
        ("ahtml", "<p>日本</p>"),
        ("template", "<p>milk &amp; honey</p>\n"),
        ("atemplate", "<p>milk &amp; honey</p>\n"),
        ("rendered", "<p>milk &amp; honey</p>\n"),
    ],
)
def test_html_without_a_target_is_the_result(call, page, action, expected):
    answer = call(page, action)

    assert (answer.headers["Content-Type"], answer.json()) == (
        "application/json",
        {"result": expected},
    )


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@pytest.mark.parametrize("action", ["stream_html", "file"])
def test_a_streaming_response_passes_untouched(call, page, action):
    answer = call(page, action)

    assert (answer.status_code, answer.streaming) == (200, True)


def test_a_redirect_of_the_action_is_an_item(call, page):
    answer = call(page, "redirect")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "result": None,
            "items": [{"event": "redirect", "data": {"url": "/done/", "external": False}}],
        },
    )


@pytest.mark.parametrize("action", ["redirect", "html_with_cookie"])
def test_cookies_of_a_response_are_kept(call, page, action):
    answer = call(page, action)

    assert answer.cookies["seen"].value == "1"


def test_cookies_of_a_redirect_after_a_plain_post_are_kept(call, page):
    answer = call.request("POST", page, data={"_action": "redirect"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/done/")
    assert answer.cookies["seen"].value == "1"


# request.hyper


def test_request_hyper_tells_what_the_client_sent(call, page):  # D12
    answer = call(
        page,
        "details",
        headers={
            "X-Hyper-Target": "#cart",
            "X-Hyper-Request-ID": "abc",
            "X-Requested-With": "XMLHttpRequest",
        },
    )

    assert answer.json() == {"result": [True, "details", "#cart", "abc", 1, "alpine"]}


def test_the_header_makes_an_alpine_caller_even_beside_htmx(call, page):
    answer = call(page, "details", headers={"HX-Request": "true"})

    assert answer.json() == {"result": [True, "details", None, None, 1, "alpine"]}


@pytest.mark.parametrize("attempt", ["", "x", "٣", "-1", "1" * 5_000])
def test_an_attempt_that_is_no_number_is_the_first(call, page, attempt):
    answer = call(page, "details", headers={"X-Hyper-Attempt": attempt.encode().decode("latin1")})

    assert answer.json()["result"][4] == 1
