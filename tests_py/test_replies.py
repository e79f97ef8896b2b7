from __future__ import annotations

from typing import Any

import pytest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from django_hyper import (
    HTML,
    ActionMixin,
    Event,
    History,
    Item,
    Redirect,
    Reply,
    Signals,
    Store,
    Toast,
    action,
    with_actions,
)

from .site.spy import entered as noted


def template_response(request, text="<p>{{ a }}</p>", **options):
    template = engines["django"].from_string(text)
    return TemplateResponse(request, template, {"a": 1}, **options)


ANSWERS = {
    "attachment": lambda request: HttpResponse(
        "a,b", headers={"Content-Type": "text/csv", "Content-Disposition": "attachment"}
    ),
    "attached-page": lambda request: HttpResponse(
        "<p>", headers={"Content-Disposition": 'attachment; filename="a.html"'}
    ),
    "json": lambda request: JsonResponse({"a": 1}),
    "text": lambda request: HttpResponse("a", content_type="text/plain"),
    "not-found": lambda request: HttpResponse("<p>no", status=404),
    "created": lambda request: HttpResponse("<p>made", status=201),
    "not-modified": lambda request: HttpResponse(status=304),
    "streamed-page": lambda request: StreamingHttpResponse(["<p>", "a"]),
    "file": lambda request: FileResponse([b"a"], content_type="text/plain"),
}


@action("answer", methods=("GET", "POST"))
def make_answer(request, kind: str):
    return ANSWERS[kind](request)


returned: list[Any] = []


@action
def give(request):
    """Return what the test put there."""
    return returned.pop()


@action
def fail_to_render(request):
    noted.append("entered")
    return template_response(request, "{{ missing|add:1 }}{% include 'nowhere.html' %}")


class AsyncPage(ActionMixin, View):
    async def get(self, request):
        return HttpResponse("page")

    @action
    async def render(self):
        return template_response(self.request)

    @action
    def render_sync(self):
        return template_response(self.request)


@with_actions(give, make_answer, fail_to_render)
def page(request):
    return HttpResponse("page")


urlpatterns = [
    path("page/", page, name="page"),
    path("async/", AsyncPage.as_view()),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def answer_to(client):
    """Call an action that returns a value, and return status and body of the answer."""

    def call(value):
        returned.append(value)
        response = client.post("/page/", headers={"X-Hyper-Action": "give"})
        return response.status_code, response.json()

    return call


def success(result, *items):
    """Return status and body of a success."""
    told = [{"event": item.event, "data": item.data()} for item in items]
    return 200, {"result": result, **({"items": told} if told else {})}


REFUSED = (400, {"error": "The request could not be read.", "code": "bad_request"})


TOAST, EVENT = Toast("a"), Event("b")


# S09, S12, SPEC 2.4
@pytest.mark.parametrize(
    ("value", "result", "items"),
    [
        (None, None, []),
        (0, 0, []),
        ("", "", []),
        ([], [], []),
        ({"a": 1}, {"a": 1}, []),
        ([1, TOAST], [1, TOAST.data()], []),
        ((TOAST, EVENT), None, [TOAST, EVENT]),
        (TOAST, None, [TOAST]),
        ([TOAST, EVENT], None, [TOAST, EVENT]),
        ([Signals(a=1)], None, [Signals(a=1)]),
        (Reply(7, EVENT, TOAST), 7, [EVENT, TOAST]),
        (Reply(), None, []),
        (HttpResponseRedirect("/done/"), None, [Redirect("/done/")]),
        (HttpResponsePermanentRedirect("/done/"), None, [Redirect("/done/")]),
        (HttpResponse(status=303, headers={"Location": "/x/"}), None, [Redirect("/x/")]),
        (HttpResponse("<p>a"), "<p>a", []),
        (HttpResponse("ä".encode("latin-1"), content_type="text/html; charset=latin-1"), "ä", []),
        (TemplateResponse(HttpRequest(), engines["django"].from_string("b")), "b", []),
    ],
)
def test_what_an_action_returns_is_a_result_and_items(answer_to, value, result, items):
    assert answer_to(value) == success(result, *items)


def test_an_item_of_ones_own_is_an_item(answer_to):
    class Sound(Item):
        event = "sound"

        def data(self):
            return {"name": "ping"}

    assert answer_to([Sound(), Store(a=1)]) == success(None, Sound(), Store(a=1))


# SPEC 2.4
@pytest.mark.parametrize("kind", ANSWERS)
def test_any_other_response_passes_untouched(client, kind):
    expected = ANSWERS[kind](None)

    response = client.post(
        "/page/",
        {"kind": kind},
        content_type="application/json",
        headers={"X-Hyper-Action": "answer"},
    )

    assert (response.status_code, response.getvalue()) == (
        expected.status_code,
        expected.getvalue(),
    )
    assert set(expected.headers.items()) <= set(response.headers.items())
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == (
        "no-store",
        "nosniff",
    )


# SPEC 2.4
@pytest.mark.parametrize("name", ["render", "render_sync"])
def test_a_template_is_rendered_for_an_async_view_too(call, name):
    assert call("/async/", name).json() == {"result": "<p>1</p>"}


# S26
def test_a_template_fails_inside_the_view(call, entered):
    response = call("/page/", "fail_to_render")

    assert (response.status_code, response.json()["code"], entered) == (
        500,
        "server_error",
        ["entered"],
    )


# F12
@pytest.mark.parametrize(
    "url",
    [
        *("/done/", "/done/?a=1#b", "done/", "?page=2", "http://testserver/done/"),
        *("https://testserver/done/", reverse_lazy("page")),
    ],
)
@pytest.mark.parametrize("make", [Redirect, HttpResponseRedirect])
def test_a_redirect_on_this_site_is_followed(answer_to, url, make):
    assert answer_to(make(url)) == success(None, Redirect(str(url)))


OFF_SITE = [
    *("https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example"),
    *("\\\\evil.example", "http:///evil.example", "http:\\\\evil.example", "https:evil.example"),
    *("http://testserver@evil.example/", "http://testserver.evil.example/", "ftp://testserver/"),
    *("\thttps://evil.example/", "http://testserver:81/", "\x08//evil.example", " //evil.example"),
]
NO_PAGE = ["javascript:alert(1)", "data:text/html,a", "vbscript:a", "JaVaScRiPt:a", "file:///etc"]


# F12
@pytest.mark.parametrize("url", [*OFF_SITE, *NO_PAGE])
def test_a_redirect_off_the_site_is_refused(answer_to, caplog, url):
    item = Redirect(url)

    answers = [answer_to(item), answer_to([TOAST, item]), answer_to(Reply(1, item))]

    assert answers == [REFUSED] * 3
    assert "expected a URL of this site" in caplog.text


# F12
def test_a_redirect_response_off_the_site_is_refused(answer_to):
    assert answer_to(HttpResponseRedirect("https://evil.example/")) == REFUSED


# F12
@pytest.mark.parametrize(
    "url", ["https://example.com/pay", "http://example.com", "HTTPS://example.com/", _("http://b/")]
)
def test_an_external_redirect_leaves_the_site(answer_to, url):
    assert answer_to(Redirect(url, external=True)) == success(None, Redirect(str(url), True))


# F12
@pytest.mark.parametrize("url", [*NO_PAGE, "//evil.example/", "https:", "/done/"])
def test_an_external_redirect_is_http(answer_to, url):
    assert answer_to(Redirect(url, external=True)) == REFUSED


HERE_ONLY = [*OFF_SITE, *NO_PAGE, "https://example.com/", ""]


# F12
@pytest.mark.parametrize("how", ["push", "replace"])
def test_the_address_bar_gets_urls_of_this_site_alone(answer_to, caplog, how):
    answers = [answer_to(History(**{how: url})) for url in HERE_ONLY]
    answers.append(answer_to(Reply(1, TOAST, History(**{how: HERE_ONLY[0]}))))

    assert answers == [REFUSED] * (len(HERE_ONLY) + 1)
    assert "History got 'https://evil.example/'; expected a URL of this site" in caplog.text
    assert answer_to(History(**{how: "/search/?q=a"})) == success(
        None, History(**{how: "/search/?q=a"})
    )


@pytest.mark.parametrize("kind", ["response", "template"])
def test_html_goes_to_the_target_of_the_call(client, kind):
    template = engines["django"].from_string("<p>a")
    page = HttpResponse("<p>a") if kind == "response" else TemplateResponse(HttpRequest(), template)
    page.set_cookie("seen", "1")
    returned.append(page)

    response = client.post("/page/", headers={"X-Hyper-Action": "give", "X-Hyper-Target": "#rows"})

    assert (response.status_code, response.json()) == success(None, HTML("<p>a"))
    assert response.cookies["seen"].value == "1"
