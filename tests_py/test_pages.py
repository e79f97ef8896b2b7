"""Plain posts: the page with the state, a redirect, or Django's own answer."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from django_hyper import cookies

from .site.models import Todo

pytestmark = pytest.mark.django_db

PAGES = ["class", "aclass", "function", "afunction"]


@pytest.fixture(params=PAGES)
def page(request):
    """A view of each kind, sync and async."""
    return f"/pages/{request.param}/"


def shown(response, name):
    """Return the text of one element of the page."""
    found = re.search(rf'id="{name}">([^<]*)<', response.content.decode())
    assert found
    return found[1]


def post(call, page, title, action="save", **fields):
    data = {"_action": action, "title": title, **fields}
    return call.request("POST", page, data=data)


def test_a_boosted_form_is_answered_as_the_browsers_own(call, page):  # S30
    headers = {"HX-Request": "true", "HX-Boosted": "true"}
    answers = [
        call.request("POST", page, data={"_action": "save", "title": title}, headers=headers)
        for title in ("milk", "value")
    ]

    assert [answer.status_code for answer in answers] == [303, 422]
    assert b"<form" in answers[1].content


def test_a_success_is_followed_by_a_get(call, page):  # S30
    response = post(call, f"{page}?title=old&page=2&extra=1", "milk", extra="2")

    assert (response.status_code, response["Location"]) == (303, f"{page}?page=2")
    assert response["Cache-Control"] == "no-store"


def test_the_state_is_shown_once_without_a_session(call, page):  # S30
    post(call, page, "milk")

    first, second = call.request("GET", page), call.request("GET", page)

    assert shown(first, "result") == "{&#x27;saved&#x27;: &#x27;milk&#x27;}"
    assert first["Cache-Control"] == "private, no-store"
    assert shown(second, "result") == ""
    assert not second.has_header("Cache-Control")
    assert Todo.objects.count() == 1
    assert "sessionid" not in call.client.cookies


def test_the_cookie_of_the_state_is_for_its_page_alone(client):  # S30
    response = client.post("/pages/class/", {"_action": "save", "title": "milk"})

    [cookie] = [each for name, each in response.cookies.items() if "state" in name]
    told = {name: cookie[name] for name in ("path", "httponly", "samesite", "max-age")}
    assert told == {
        "path": "/pages/class/",
        "httponly": True,
        "samesite": "Lax",
        "max-age": 60,
    }


def test_over_https_the_cookie_is_secure(client):  # S30
    data = {"_action": "save", "title": "milk"}

    response = client.post("/pages/class/", data, secure=True)

    assert all(each["secure"] for name, each in response.cookies.items() if "state" in name)


@pytest.mark.parametrize("title", ["toast", "nothing", "much", "away"])
def test_without_a_result_for_this_page_there_is_no_cookie(call, page, title):  # S12, S30
    response = post(call, page, title)

    assert response.status_code == 303
    assert not [name for name in response.cookies if "state" in name]


def test_an_action_that_redirects_to_its_page_may_choose_the_query(call):
    response = post(call, "/pages/class/", "back")

    assert (response.status_code, response["Location"]) == (303, "/pages/class/?page=3")


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        pytest.param("/pages/class/?page=3", True, id="the page"),
        pytest.param("?page=3", True, id="the page, with another query"),
        pytest.param("http://testserver/pages/class/", True, id="the page, as a whole URL"),
        pytest.param("deeper/", False, id="another page"),
        pytest.param("http://elsewhere.example/pages/class/", False, id="another site"),
    ],
)
def test_the_state_travels_to_this_page_alone(client, url, is_shown):  # S30
    response = client.post("/pages/class/", {"_action": "go", "url": url})

    assert any("state" in name for name in response.cookies) == is_shown


def cookie_of(client, page):
    client.post(page, {"_action": "save", "title": "milk"})
    [name] = [name for name in client.cookies if "state" in name]
    return name, client.cookies[name].value


def test_a_state_of_another_path_is_ignored_and_stays(client):  # S30
    name, value = cookie_of(client, "/pages/class/")
    client.cookies[name]["path"] = "/"
    client.cookies[cookies._name("/pages/class/deeper/")] = value

    response = client.get("/pages/class/deeper/")

    assert shown(response, "result") == ""
    assert name not in response.cookies
    assert shown(client.get("/pages/class/"), "result") != ""


def test_a_state_of_another_user_is_ignored(client, ann, bob):  # S30
    client.force_login(ann)
    name, value = cookie_of(client, "/pages/class/")
    other = Client()
    other.force_login(bob)

    for each in (other, Client()):
        each.cookies[name] = value
        assert shown(each.get("/pages/class/"), "result") == ""
    assert shown(client.get("/pages/class/"), "result") != ""


def test_a_state_of_another_time_is_ignored(client, monkeypatch):  # S30
    name, value = cookie_of(client, "/pages/class/")
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: now + 62)

    client.cookies[name] = value

    assert shown(client.get("/pages/class/"), "result") == ""


@pytest.mark.parametrize("value", ["", "x", "W10:1:x", "é", "." * 5_000])
def test_a_state_that_we_did_not_sign_is_ignored(client, value):  # S30
    client.cookies[cookies._name("/pages/class/")] = value

    assert shown(client.get("/pages/class/"), "result") == ""


@pytest.mark.parametrize(
    "url", ["/middleware/plain/", "/pages/class/?_action=look&title=x", "/middleware/"]
)
def test_what_is_no_page_with_this_state_leaves_it(client, url):  # S30
    name, _ = cookie_of(client, "/pages/class/")
    client.cookies[name]["path"] = "/"

    assert name not in client.get(url).cookies


def test_the_cookie_is_deleted_where_it_was_set(client):  # S30
    name, _ = cookie_of(client, "/pages/class/")

    deleted = client.get("/pages/class/").cookies[name]

    assert (deleted.value, deleted["path"], deleted["max-age"]) == ("", "/pages/class/", 0)


def test_a_post_uses_up_no_state(client):  # S30
    name, _ = cookie_of(client, "/pages/class/")

    assert name not in client.post("/pages/class/", {"title": "no action"}).cookies


@pytest.mark.parametrize("where", ["", "dispatch/", "get/"])
def test_a_cached_page_never_shows_the_state_of_another(client, where):  # S30
    client.post(f"/pages/cached/{where}", {"_action": "save", "title": "milk"})

    mine, others = client.get(f"/pages/cached/{where}"), Client().get(f"/pages/cached/{where}")

    assert (shown(mine, "result") != "", shown(others, "result")) == (True, "")


def test_a_cached_handler_keeps_no_result_of_a_get(client):
    url = "/pages/cached/get/?_action=look"
    agents = [client.get(url, headers={"User-Agent": name}) for name in ("ann", "bob")]

    assert [shown(each, "result") for each in agents] == ["", ""]
    assert [each.context["look"].result for each in agents] == ["ann", "bob"]


def test_a_cached_page_is_not_replaced_by_what_an_action_answers(client):
    client.get("/pages/cached/both/", headers={"X-Hyper-Action": "export"})

    assert b"<form" in client.get("/pages/cached/both/").content


def test_a_cached_handler_keeps_no_page_that_was_rendered_for_an_action(client):  # S29
    client.post("/pages/cached/get/", headers={"X-Hyper-Action": "fill"})

    assert client.get("/pages/cached/get/").context["fill"].result is None


def test_a_page_out_of_the_cache_is_left_alone(call):
    first, second = call.request("GET", "/pages/cached/"), call.request("GET", "/pages/cached/")

    assert (second.status_code, second.content) == (200, first.content)


@pytest.mark.parametrize(
    ("title", "status", "error", "field"),
    [
        pytest.param("value", 422, "Title is required", "", id="a ValueError"),
        pytest.param("field", 422, "Please check what you entered.", "Too short.", id="a field"),
        pytest.param("sold out", 409, "Sold out", "", id="an ActionError"),
    ],
)
def test_a_failure_shows_the_page_with_what_was_typed(  # S16, S30
    call, page, title, status, error, field
):
    response = post(call, f"{page}?page=2", title, box=["a", "b"])

    html = response.content.decode()
    assert response.status_code == status
    assert (shown(response, "error"), shown(response, "field")) == (error, field)
    assert f'<input name="title" value="{title}"><i></i>\n<b>b</b>' in html
    assert shown(response, "rest").startswith("GET page=2 0")
    assert response["Cache-Control"] == "no-store"


def test_faulty_arguments_show_the_page_and_enter_nothing(call, page, entered):  # S16, S30
    response = post(call, page, "milk", count="many")

    assert response.status_code == 400
    assert shown(response, "error") == "Please check what you entered."
    assert 'name="title" value="milk"' in response.content.decode()
    assert entered == []


def test_messages_of_the_action_are_shown_by_the_page(call, page):  # S26, E11
    response = post(call, page, "value")

    assert '<p class="message">Noted</p>' in response.content.decode()


def test_the_result_and_the_error_never_stand_together(call, page):  # S14
    post(call, page, "milk")

    failed = post(call, page, "value")

    assert (shown(failed, "error"), shown(failed, "result")) == ("Title is required", "")


def test_toasts_are_messages_of_the_page_that_follows(call, page):  # E11
    post(call, page, "toast")

    html = call.request("GET", page).content.decode()

    assert re.findall(r'class="message">(\w+)', html) == ["Noted", "Saved"]


def test_the_fields_win_over_the_query(client):  # D06
    client.post("/pages/class/?title=milk&_action=look", {"_action": "save", "title": "bread"})
    client.post("/pages/class/?title=milk", {"_action": "save", "title": "bread"})

    assert [todo.title for todo in Todo.objects.all()] == ["bread"]


def test_a_get_shows_the_page_with_the_state(client):  # S30
    response = client.get("/pages/class/?_action=look&title=milk")

    assert (response.status_code, shown(response, "rest")) == (
        200,
        "GET _action=look&amp;title=milk 0 0",
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("view", PAGES[:2])
def test_the_page_has_the_cookies_of_what_the_action_answered(call, view, method):
    response = call.request(method, f"/pages/{view}/?_action=remember")

    assert response.cookies["theme"].value == "dark"
    assert "theme" not in Client().get(f"/pages/{view}/").cookies


def test_a_get_that_fails_shows_the_page_too(client):
    response = client.get("/pages/class/?_action=look&title=milk&limit=x")

    assert (response.status_code, shown(response, "rest")) == (
        400,
        "GET title=milk&amp;limit=x 0 0",
    )
    assert response.context["look"].values == {"title": "milk", "limit": "x"}


@pytest.mark.parametrize(
    ("title", "status"),
    [
        pytest.param("denied", 403, id="PermissionDenied"),
        pytest.param("missing", 404, id="Http404"),
        pytest.param("bug", 500, id="a bug"),
    ],
)
def test_other_failures_are_djangos_own_answers(call, page, title, status):  # S30
    response = post(call, page, title)

    assert response.status_code == status
    assert b"secret" not in response.content
    assert b"<form" not in response.content


@pytest.mark.parametrize(
    ("action", "status"),
    [
        pytest.param("nothing_like_it", 404, id="unknown"),
        pytest.param("staff_only", 403, id="denied"),
        pytest.param("look", 405, id="of another method"),
    ],
)
def test_refusals_are_djangos_own_answers(call, action, status, entered):  # S30
    response = post(call, "/pages/class/", "milk", action)

    assert (response.status_code, entered) == (status, [])


def test_who_must_log_in_is_sent_to_the_login_page(call):
    response = post(call, "/pages/class/?page=2", "milk", "members_only")

    expected = "/accounts/login/?next=/pages/class/%3Fpage%3D2"
    assert (response.status_code, response["Location"]) == (302, expected)


def test_a_rate_that_is_used_up_is_told_on_the_page(call):  # S23
    post(call, "/pages/class/", "milk", "rarely")

    response = post(call, "/pages/class/", "milk", "rarely")

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert response.context["rarely"].values == {"title": "milk"}


def test_a_refusal_shows_nothing_of_a_body_that_cannot_be_read(call):
    sent = {"data": b"torn", "content_type": "multipart/form-data; boundary="}

    answers = [call.request("POST", "/pages/class/?_action=rarely", **sent) for _ in range(2)]

    assert [each.status_code for each in answers] == [400, 429]
    assert answers[1].context["rarely"].values == {}


def test_a_count_that_cannot_be_kept_is_told_on_the_page(client, settings):  # F09
    missing = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": missing, "LOCATION": "no_table"}}

    response = client.post("/pages/class/", {"_action": "rarely", "title": "milk"})

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.context["rarely"].values == {"title": "milk"}


def test_a_post_without_a_token_gets_djangos_page(strict_call, entered):  # S27
    for page in ("class", "exempt"):
        response = post(strict_call, f"/pages/{page}/", "milk")

        assert (response.status_code, entered) == (403, [])
        assert b"CSRF verification failed" in response.content


def test_a_view_without_a_page_tells_the_failure(call):
    response = post(call, "/pages/pageless/", "value")

    assert (response.status_code, response.content) == (
        422,
        b'<p role="alert">Title is required</p>',
    )


def test_a_page_that_moves_on_after_a_failure_may(call):
    response = post(call, "/pages/moving/", "value")

    assert (response.status_code, response["Location"]) == (302, "/pages/other/")


def test_the_page_of_a_failure_is_asked_for_with_get_and_nothing_else(client):  # S30
    data = {"_action": "save", "title": "value", "photo": SimpleUploadedFile("me.png", b"pixels")}

    response = client.post("/pages/body/", data)

    assert (response.status_code, response.content) == (422, b"GET ''b''0")


def test_a_failure_is_logged_for_the_developer_once(client, caplog):
    client.post("/pages/class/", {"_action": "save", "title": "milk", "count": "many"})

    ours = [each for each in caplog.records if each.name == "django_hyper"]
    assert [each.levelname for each in ours] == ["WARNING"]
    assert "POST /pages/class/ save" in ours[0].getMessage()


@pytest.mark.parametrize("is_atomic", [False, True])
@pytest.mark.parametrize("view", ["class", "function"])
def test_what_a_failed_action_wrote_is_rolled_back_where_the_view_is_atomic(  # S26
    client, monkeypatch, view, is_atomic
):
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", is_atomic)

    response = client.post(f"/pages/{view}/", {"_action": "save", "title": "value"})

    left = 0 if is_atomic else 1
    assert (response.status_code, Todo.objects.count()) == (422, left)
    assert shown(response, "rest") == f"GET  0 {left}"


def test_what_the_visitor_did_before_the_action_stays(client, monkeypatch):  # S26
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)

    client.post("/pages/counting/", {"_action": "save", "title": "value"})

    assert [todo.title for todo in Todo.objects.all()] == ["seen"]
