"""Callers from htmx: HTML in the body, everything else in headers."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django_htmx.http import trigger_client_event

from django_hyper import (
    HTML,
    ActionError,
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

from .site.kinds import KINDS, pages_with, request_of
from .site.spy import entered as noted

returned: list[Any] = []


def give_back(owner):
    """Return what the test put there, or what it makes of the request."""
    value = returned.pop()
    noted.append("action")
    return value(request_of(owner)) if callable(value) else value


@action
def give(owner):
    return give_back(owner)


@action
async def agive(owner):
    return give_back(owner)


@action
def fail(owner):
    raise returned.pop()


@action
async def afail(owner):
    raise returned.pop()


@action("save", login_required=True)
def members_only(owner):
    noted.append("action")


@action(rate_limit="1/m")
def rarely(owner):
    noted.append("action")


@action
def add(owner, title: str, page: int = 1):
    return HTML(f"{title} {page}")


@action(methods=("GET", "PUT"))
def search(owner, q: str):
    return HTML(f"<li>{q}")


ACTIONS = (give, agive, fail, afail, members_only, rarely, add, search)


@method_decorator(login_required, name="dispatch")
class Members(ActionMixin, View):
    save = members_only


@login_required
@with_actions(members_only)
async def async_members(request):
    """Do nothing."""


@login_required(login_url="/own/?step=1")
@with_actions(members_only)
def members(request):
    """Do nothing."""


@permission_required("site.add_todo", raise_exception=True)
@with_actions(members_only)
def staff(request):
    """Do nothing."""


class Verified(ActionMixin, View):
    save = members_only

    def dispatch(self, request, *args, **kwargs):
        response = HttpResponseRedirect("/verify/")
        response.set_cookie("seen", "1")
        return response


class ReadOnly(ActionMixin, View):
    http_method_names = ["get"]
    save = members_only

    def get(self, request):
        """Do nothing."""


@login_required
def no_actions(request):
    """Do nothing."""


urlpatterns = [
    *pages_with(*ACTIONS),
    path("members/class/", Members.as_view()),
    path("members/async/", async_members),
    path("members/function/", members),
    path("staff/", staff),
    path("verified/", Verified.as_view()),
    path("read-only/", ReadOnly.as_view()),
    path("no-actions/", no_actions),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(params=KINDS)
def page(request):
    return f"/{request.param}/"


@pytest.fixture
def post(call):
    """Post as htmx does: the fields of a form, `_action` among them."""

    def send(path, action, headers=(), **fields):
        sent = {"HX-Request": "true", **dict(headers)}
        return call.request("POST", path, data={"_action": action, **fields}, headers=sent)

    return send


@pytest.fixture
def answer_to(client):
    """Return status, body and the htmx headers of the answer to what an action returned."""

    def call(value):
        returned.append(value)
        return told(
            client.post("/class-sync/", {"_action": "give"}, headers={"HX-Request": "true"})
        )

    return call


def told(response):
    """Return what an answer tells htmx."""
    headers = {name: text for name, text in response.headers.items() if name.startswith("HX-")}
    if "HX-Trigger" in headers:
        assert headers["HX-Trigger"].isascii()
        headers["HX-Trigger"] = json.loads(headers["HX-Trigger"])
    return response.status_code, response.content.decode(), headers


def toast(message, level="success", tags=""):
    return {"value": {"message": message, "level": level, "tags": tags}}


def event(name, detail=None, target=None):
    data = {"name": name, "detail": detail, "target": target}
    return {"event": "dispatch_event", "data": data}


# --- What an action returns ---


# SPEC 2.6
@pytest.mark.parametrize("action", ["give", "agive"])
def test_the_first_html_is_the_body_and_all_else_is_headers(post, page, action):
    returned.append(
        Reply(
            {"id": 7},
            HTML("<li>milk"),
            HTML('<b id="count">3</b>', "#count"),
            Toast("Saved"),
            Event("cart:changed", {"n": 3}),
            History(push="/todos/?page=2"),
        )
    )

    answer = post(page, action)

    assert told(answer) == (
        200,
        '<li>milk<b hx-swap-oob="outerHTML: #count" id="count">3</b>',
        {
            "HX-Trigger": {"hyper:toast": toast("Saved"), "cart:changed": {"n": 3}},
            "HX-Push-Url": "/todos/?page=2",
        },
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"X-Hyper-Action", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("value", [None, "Saved", {"id": 7}, object(), [1, Toast("a")]])
def test_without_html_nothing_is_swapped(answer_to, value):
    assert answer_to(value) == (204, "", {})


@pytest.mark.parametrize(
    ("item", "headers"),
    [
        (HTML("a"), {}),
        (HTML("a", swap="append"), {"HX-Reswap": "beforeend"}),
        (HTML("a", "#row-3"), {"HX-Retarget": "#row-3", "HX-Reswap": "outerHTML"}),
        (HTML("a", "this", "inner"), {"HX-Retarget": "this", "HX-Reswap": "innerHTML"}),
        (HTML("a", "#größe日"), {"HX-Retarget": r"#gr\f6 \df e\65e5 ", "HX-Reswap": "outerHTML"}),
        (HTML("a", "#a\r\nX: 1"), {"HX-Retarget": r"#a\d \a X: 1", "HX-Reswap": "outerHTML"}),
    ],
)
def test_the_body_goes_where_its_item_says_else_where_the_page_says(answer_to, item, headers):
    assert answer_to(item) == (200, "a", headers)


def out_of_band(swap, content, target="#t"):
    attribute = f'hx-swap-oob="{swap}: {target}"'
    return content.replace("@", attribute)


IN_TABLE = '<table hx-swap-oob="none: body">'


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (HTML("<p>a", "#t"), out_of_band("outerHTML", "<p @>a")),
        (HTML("<p>a", "#t", "outer"), out_of_band("outerHTML", "<p @>a")),
        (HTML("\n<!--<i>--><br/>", "#t"), out_of_band("outerHTML", "\n<!--<i>--><br @/>")),
        (HTML(" ", "#t"), out_of_band("delete", "<div @> </div>")),
        (HTML("a <b>b", "#t", "inner"), out_of_band("innerHTML", "<div @>a <b>b</div>")),
        (HTML("", "#t", "inner"), out_of_band("innerHTML", "<div @></div>")),
        (HTML("<li>", "#t", "before"), out_of_band("beforebegin", "<div @><li></div>")),
        (HTML("<li>", "#t", "after"), out_of_band("afterend", "<div @><li></div>")),
        (HTML("<li>", "#t", "prepend"), out_of_band("afterbegin", "<div @><li></div>")),
        (HTML("<li>", "#t", "append"), out_of_band("beforeend", "<div @><li></div>")),
        (HTML("", "#t", "delete"), out_of_band("delete", "<div @></div>")),
        (HTML("<p>", "#t", "none"), out_of_band("none", "<div @><p></div>")),
        (
            HTML("<tr>", "#t", "append"),
            out_of_band("beforeend", f"{IN_TABLE}<tbody @><tr></tbody></table>"),
        ),
        (HTML("<TR>", "#t"), out_of_band("outerHTML", f"{IN_TABLE}<tbody><TR @></table>")),
        (
            HTML("<td>", "#t", "inner"),
            out_of_band("innerHTML", f"{IN_TABLE}<tbody><tr @><td></tr></table>"),
        ),
        (HTML("<td>", "#t"), out_of_band("outerHTML", f"{IN_TABLE}<tbody><tr><td @></table>")),
        (HTML("<thead>", "#t", "prepend"), out_of_band("afterbegin", "<table @><thead></table>")),
        (HTML("<p>", '"><i a="'), out_of_band("outerHTML", "<p @>", "&quot;&gt;&lt;i a=&quot;")),
        (HTML("<p>", "#ö"), out_of_band("outerHTML", "<p @>", r"#\f6 ")),
    ],
)
def test_further_html_is_swapped_out_of_band(answer_to, item, expected):
    assert answer_to([HTML("<i>"), item]) == (200, f"<i>{expected}", {})


def test_rows_of_a_table_follow_a_row(answer_to):
    row = out_of_band("outerHTML", f"{IN_TABLE}<tbody><tr @></table>")

    assert answer_to([HTML("<tr>"), HTML("<tr>", "#t")]) == (200, f"<tr>{row}", {})


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([HTML("a"), HTML("b")], "expected one with a target"),
        ([HTML("a"), HTML("b", "#t")], "begins with text; expected an element"),
        ([HTML("a"), HTML("<!-- -->", "#t")], "begins with text; expected an element"),
        ([HTML("<tr>"), HTML("<tr>", "#t", "append")], "expected another <tr> that is swapped by"),
        ([HTML("<td>"), HTML("<tr>", "#t")], "expected another <td> that is swapped by 'outer'"),
    ],
)
def test_html_that_htmx_cannot_place_is_a_bug(client, caplog, items, message):
    client.raise_request_exception = False
    returned.append(items)

    answer = client.post("/class-sync/", {"_action": "give"}, headers={"HX-Request": "true"})

    assert (answer.status_code, message in caplog.text) == (500, True)


def test_a_long_row_of_comments_is_read_at_once(answer_to):
    comments = 5_000 * "<!---->"

    assert answer_to([HTML("a"), HTML(comments + "<p>", "#t")])[0] == 200


@pytest.mark.parametrize(
    ("item", "headers"),
    [
        (History(push="/a/"), {"HX-Push-Url": "/a/"}),
        (History(replace="?q=日 b"), {"HX-Replace-Url": "?q=%E6%97%A5%20b"}),
    ],
)
def test_a_url_comes_with_an_answer_that_htmx_2_swaps(answer_to, item, headers):
    assert answer_to(item) == (200, "", {"HX-Reswap": "none", **headers})
    assert answer_to([item, HTML("a")]) == (200, "a", headers)


# F12
@pytest.mark.parametrize(
    ("value", "url"),
    [
        (Redirect("/done/?a=日"), "/done/?a=%E6%97%A5"),
        (Redirect("https://example.com/", external=True), "https://example.com/"),
        (HttpResponseRedirect("/done/"), "/done/"),
        ([HTML("a"), History("/b/"), Redirect("/done/")], "/done/"),
    ],
)
def test_a_redirect_leads_the_whole_page_away(answer_to, value, url):
    assert answer_to(value) == (200, "", {"HX-Redirect": url})


REFUSED: Any = (400, '<p role="alert">The request could not be read.</p>', {})


# F12
@pytest.mark.parametrize(
    "value",
    [Redirect("//evil.example/"), Redirect("javascript:a"), History("https://evil.example/")],
)
def test_a_url_off_the_site_is_refused(answer_to, value):
    assert answer_to(value) == REFUSED


def page_of(kind):
    """Return a maker of a page as an action may return it."""

    def make(request):
        if kind == "template":
            return TemplateResponse(request, engines["django"].from_string("<p>é"))
        response = HttpResponse("<p>é", charset="latin-1")
        response.set_cookie("seen", "1")
        response["HX-Retarget"] = "#rows"
        if kind == "messages":
            messages.info(request, "Done")
        if kind == "names":
            messages.info(request, "Done")
            response["HX-Trigger"] = "a, b"
        if kind == "json":
            trigger_client_event(response, "hyper:toast", {"value": 1})
            messages.info(request, "Done")
        return response

    return make


DONE = toast("Done", "info")


@pytest.mark.parametrize("action", ["give", "agive"])
@pytest.mark.parametrize(
    ("kind", "trigger"),
    [
        ("plain", None),
        ("messages", {"hyper:toast": DONE}),
        ("names", {"a": {}, "b": {}, "hyper:toast": DONE}),
        (
            "json",
            {
                "hyper:toast": {"value": 1},
                "hyper:items": {"value": [{"event": "toast", "data": DONE["value"]}]},
            },
        ),
    ],
)
def test_a_page_that_the_action_made_is_the_answer(post, page, action, kind, trigger):
    returned.append(page_of(kind))

    answer = post(page, action)

    assert answer.content == "<p>é".encode("latin-1")
    assert (answer.headers["HX-Retarget"], answer.cookies["seen"].value) == ("#rows", "1")
    assert json.loads(answer.headers.get("HX-Trigger", "null")) == trigger
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("action", ["give", "agive"])
def test_a_template_is_rendered_inside_the_view(post, page, action):
    returned.append(page_of("template"))

    assert told(post(page, action)) == (200, "<p>é", {})


def test_any_other_response_passes_untouched(answer_to):
    assert answer_to(lambda request: HttpResponse("a", status=201)) == (201, "a", {})


# --- Events ---


class Sound(Item):
    event = "sound"

    def data(self):
        return {"name": "ping"}


@pytest.mark.parametrize(
    ("items", "trigger"),
    [
        ([Event("a")], {"a": {}}),
        ([Event("a", 5)], {"a": {"value": 5}}),
        ([Event("a", [1])], {"a": {"value": [1]}}),
        ([Event("a", {"n": Decimal("1.5"), "x": math.nan})], {"a": {"n": "1.5", "x": None}}),
        ([Event("a", {"n": 1}, "#cart")], {"a": {"n": 1, "target": "#cart"}}),
        ([Event("a", target="#cart"), Event("b")], {"b": {}, "a": {"target": "#cart"}}),
        ([Event("日\r\n", "😀")], {"日\r\n": {"value": "😀"}}),
        ([Toast("Größe\n😀")], {"hyper:toast": toast("Größe\n😀")}),
        (
            [Toast("1"), Event("a"), Toast("2", "error", "big"), Event("a", 2), Toast("3")],
            {
                "hyper:toast": toast("1"),
                "a": {},
                "hyper:items": {
                    "value": [
                        {"event": "toast", "data": toast("2", "error", "big")["value"]},
                        event("a", 2),
                        {"event": "toast", "data": toast("3")["value"]},
                    ]
                },
            },
        ),
        (
            [Event("a", {"target": "monthly"})],
            {"hyper:items": {"value": [event("a", {"target": "monthly"})]}},
        ),
        (
            [Signals(n=1), Store(n=2), Sound()],
            {
                "hyper:items": {
                    "value": [
                        {"event": "patch_signals", "data": {"signals": {"n": 1}, "store": {}}},
                        {"event": "patch_signals", "data": {"signals": {}, "store": {"n": 2}}},
                        {"event": "sound", "data": {"name": "ping"}},
                    ]
                }
            },
        ),
    ],
)
def test_items_are_events_of_the_page(answer_to, items, trigger):
    status, body, headers = answer_to(items)

    assert (status, body, headers) == (204, "", {"HX-Trigger": trigger})
    assert list(headers["HX-Trigger"]) == list(trigger)


@pytest.mark.parametrize("action", ["give", "agive"])
def test_messages_of_the_action_are_toasts_and_earlier_ones_wait(post, page, action):  # E11
    def tell(request):
        messages.error(request, "Full", extra_tags="big")

    returned.append(tell)

    answer = post(page, action)

    assert told(answer) == (204, "", {"HX-Trigger": {"hyper:toast": toast("Full", "error", "big")}})
    assert "messages" not in answer.cookies


def test_beside_a_redirect_messages_wait_for_the_page(answer_to, client):  # E11
    def tell(request):
        messages.info(request, "Saved")
        return [Toast("Sent"), Event("a"), Redirect("/done/")]

    answer = answer_to(tell)

    assert answer == (200, "", {"HX-Trigger": {"a": {}}, "HX-Redirect": "/done/"})
    following = messages.get_messages(client.get("/class-sync/").wsgi_request)
    assert [str(message) for message in following] == ["Saved", "Sent"]


# --- How an action is named, and its arguments ---


def test_an_action_is_named_by_field_or_query(call, post, page):  # D02 D03
    headers = {"HX-Request": "true"}

    by_query = call.request("POST", f"{page}?_action=add", data={"title": "a"}, headers=headers)
    got = call.request("GET", f"{page}?_action=search&q=a", headers=headers)
    put = call.request(
        *("PUT", f"{page}?_action=search&q=b"),
        data="q=a",
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )

    assert [told(each)[1] for each in (post(page, "add", title="a"), by_query, got, put)] == [
        *("a 1", "a 1", "<li>a", "<li>a"),
    ]


@pytest.mark.parametrize("how", ["field", "query"])
def test_what_was_typed_wins_over_the_query_of_the_page(call, page, how):  # D06
    field, query = ({"_action": "add"}, "") if how == "field" else ({}, "&_action=add")

    answer = call.request(
        *("POST", f"{page}?title=milk&page=2{query}"),
        data={"title": "bread", **field},
        headers={"HX-Request": "true"},
    )

    assert told(answer)[1] == "bread 2"


def test_our_own_header_beside_that_of_htmx_is_answered_with_json(call, page):
    answer = call(page, "add", {"title": "a"}, headers={"HX-Request": "true"})

    assert answer.json()["items"][0]["event"] == "patch_html"


# --- Failures ---


@pytest.mark.parametrize("action", ["fail", "afail"])
@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (ActionError("Sold <out>", status=409), 409, "Sold &lt;out&gt;"),
        (PermissionDenied("x"), 403, "You may not do this."),
        (Http404("x"), 404, "This was not found. It may have been deleted."),
        (
            *(KeyError("x"), 500),
            "Something went wrong on our side. Please try again later.",
        ),
    ],
)
def test_a_failure_keeps_its_status_and_says_its_message(post, page, action, error, status, text):
    returned.append(error)

    answer = post(page, action)

    assert told(answer) == (status, f'<p role="alert">{text}</p>', {})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_failure_before_the_action_is_entered(post, page, entered):
    answers = [told(post(page, name)) for name in ("add", "nothing", "save")]

    assert [(status, headers) for status, _, headers in answers] == [
        (400, {}),
        (404, {}),
        (401, {"HX-Redirect": f"/accounts/login/?next={page}"}),
    ]
    assert all(body.startswith('<p role="alert">') for _, body, _ in answers)
    assert entered == []


def test_a_failure_keeps_its_headers(post, page):
    post(page, "rarely")

    answer = post(page, "rarely")

    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)


# S25 F08
@pytest.mark.parametrize(
    ("path", "login_page"),
    [
        ("/members/class/", "/accounts/login/?"),
        ("/members/async/", "/accounts/login/?"),
        ("/members/function/", "/own/?step=1&"),
    ],
)
def test_a_guard_of_the_view_sends_the_visitor_to_the_login_page(post, entered, path, login_page):
    answer = post(path, "save", headers={"Referer": "http://testserver/todos/?page=2"})

    assert told(answer) == (
        401,
        '<p role="alert">Please log in.</p>',
        {"HX-Redirect": f"{login_page}next=/todos/%3Fpage%3D2"},
    )
    assert entered == []


MIDDLEWARE = "django.contrib.auth.middleware.LoginRequiredMiddleware"


# S25
def test_so_does_the_middleware_that_wants_a_login(call, settings, page, entered):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:-1], MIDDLEWARE, settings.MIDDLEWARE[-1]]
    headers = {"HX-Request": "true"}

    by_field = call.request("POST", page, data={"_action": "add"}, headers=headers)
    by_query = call.request("POST", f"{page}?_action=add", headers=headers)
    no_call = call.request("POST", page, data={"title": "a"}, headers=headers)

    assert [answer.status_code for answer in (by_field, by_query, no_call)] == [401, 401, 302]
    assert entered == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/staff/", (403, '<p role="alert">You may not do this.</p>', {})),
        (
            "/verified/",
            (
                403,
                '<p role="alert">Please go to another page first.</p>',
                {"HX-Redirect": "/verify/"},
            ),
        ),
        (
            "/read-only/",
            (405, '<p role="alert">This page cannot do that. Please reload it.</p>', {}),
        ),
    ],
)
def test_what_a_guard_answers_is_a_failure(post, entered, path, expected):
    answer = post(path, "save")

    assert (told(answer), entered) == (expected, [])
    assert ("seen" in answer.cookies, answer.headers.get("Allow")) == (
        path == "/verified/",
        "GET" if path == "/read-only/" else None,
    )


def test_a_call_without_a_token_is_refused_by_djangos_check(strict_call, page, entered):
    answer = strict_call.request(
        "POST", page, data={"_action": "give"}, headers={"HX-Request": "true"}
    )

    assert told(answer) == (
        403,
        '<p role="alert">The page has expired. Please try again.</p>',
        {},
    )
    assert entered == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/members/class/", "title=a", id="no action is named"),
        pytest.param("/no-actions/", "_action=save", id="the view has none"),
        pytest.param("/no/such/page/", "_action=save", id="no view"),
        pytest.param("/members/function/", b"--b", id="the body cannot be read"),
    ],
)
def test_what_is_no_call_is_djangos_to_answer(call, path, body):
    kind = (
        "multipart/form-data; boundary=" if body == b"--b" else "application/x-www-form-urlencoded"
    )

    answer = call.request(
        "POST", path, data=body, content_type=kind, headers={"HX-Request": "true"}
    )

    assert b'role="alert"' not in answer.content
    assert answer.status_code in (302, 400, 404)
