"""Who may call: the guards of the view in every order, and those of the action."""

from __future__ import annotations

import time

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django import conf
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Permission
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views import View
from redis.backoff import NoBackoff
from redis.retry import Retry

from django_hyper import ActionMixin, action
from django_hyper.errors import CallRefused
from django_hyper.guards import Guards, check_guards

from .conftest import Caller
from .site.guards_urls import GUARDED, WEBHOOKS
from .site.kinds import KINDS

OPEN = "/guards/page/"
LOGIN = "/accounts/login/?next="

# What an anonymous caller is told, where it is not the login page of the settings.
ANONYMOUS = {
    "mixin-between": {"login_url": "/mixins/login/?from=mixin&back=/guards/mixin-between/"},
    "own-login-url": {"login_url": "/other/login/?to=/guards/own-login-url/"},
    "own-dispatch": "permission_denied",
    "guarding-setup": "permission_denied",
    "permission-around-as-view": "permission_denied",
    "permission-around-function": "permission_denied",
    "permission-around-async-function": "permission_denied",
    "redirecting-dispatch": "redirected",
}
STATUS = {"permission_denied": 403, "redirected": 403, "login_required": 401}
TEXT = {
    "permission_denied": "You may not do this.",
    "redirected": "Please go to another page first.",
    "login_required": "Please log in.",
}


def failure(code, **more):
    """Return status and body of a refusal."""
    return (STATUS[code], {"error": TEXT[code], "code": code, **more})


def told_to_anonymous(name):
    told = ANONYMOUS.get(name, {"login_url": f"{LOGIN}/guards/{name}/"})
    if told == "redirected":
        return failure("redirected", location="/verify/")
    return failure("login_required", **told) if isinstance(told, dict) else failure(told)


def grant(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


# The guards of the view


@pytest.mark.parametrize("action", ["write", "awrite"])
@pytest.mark.parametrize("name", GUARDED)
def test_an_anonymous_call_never_enters_the_action(call, entered, name, action):  # S22 S25
    answer = call(f"/guards/{name}/", action)

    assert ((answer.status_code, answer.json()), entered) == (told_to_anonymous(name), [])
    assert answer.headers["Cache-Control"].startswith(("no-store", "max-age=0"))


@pytest.mark.parametrize("how", ["query", "field"])
@pytest.mark.parametrize("name", GUARDED)
def test_an_anonymous_post_never_enters_the_action(call, entered, name, how):  # S25
    query = "?_action=write" if how == "query" else ""
    data = {"_action": "write"} if how == "field" else {}

    answer = call.request("POST", f"/guards/{name}/{query}", data=data)

    assert (answer.status_code in (302, 403), entered) == (True, [])


@pytest.mark.parametrize("action", ["write", "awrite"])
@pytest.mark.parametrize("name", GUARDED)
def test_who_passes_the_guard_runs_the_action(call, ann, entered, name, action):  # S25
    grant(ann, "add_todo")
    call.client.force_login(ann)

    answer = call(f"/guards/{name}/", action)

    assert (answer.json(), entered) == ({"result": "written"}, [action])


@pytest.mark.parametrize(
    "name", [name for name in GUARDED if name.startswith(("test", "permission", "own-d"))]
)
def test_who_is_logged_in_but_may_not_is_refused(call, bob, entered, name):  # S22
    call.client.force_login(bob)

    answer = call(f"/guards/{name}/", "write")

    status, code = answer.status_code, answer.json()["code"]
    assert (status, code in ("permission_denied", "redirected"), entered) == (403, True, [])


def test_a_redirect_to_login_of_someone_logged_in_is_no_login(call, bob, entered):
    call.client.force_login(bob)

    answer = call("/guards/test-around-function/", "write")

    location = f"{LOGIN}/guards/test-around-function/"
    assert (answer.status_code, answer.json()) == failure("redirected", location=location)
    assert entered == []


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("page", [*KINDS, "page"])
def test_login_required_middleware_guards_actions(call, settings, entered, page, place):  # S25
    at = len(settings.MIDDLEWARE) - (place == "before")
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:at],
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        *settings.MIDDLEWARE[at:],
    ]

    answer = call(f"/guards/{page}/", "write")
    open_answer = call("/guards/open/", "write")

    login_url = f"{LOGIN}/guards/{page}/"
    assert (answer.status_code, answer.json()) == failure("login_required", login_url=login_url)
    assert (open_answer.json(), entered) == ({"result": "written"}, ["write"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_require_get_holds_for_actions(call, entered, method):  # S25
    answer = call("/guards/for-get/", "write", method=method)

    assert (answer.status_code, answer.json()["code"], entered) == (
        405,
        "method_not_allowed",
        [],
    )


def test_a_bug_in_a_guard_is_masked_and_logged(call, entered, caplog):
    answer = call("/guards/broken-dispatch/", "write")

    body = answer.json()
    assert (answer.status_code, body["code"], "secret" in str(body), entered) == (
        500,
        "server_error",
        False,
        [],
    )
    assert body["id"] in caplog.text
    assert "ZeroDivisionError: secret" in caplog.text


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad_request"),
        (401, "login_required"),
        (403, "permission_denied"),
        (404, "not_found"),
        (405, "method_not_allowed"),
        (413, "too_large"),
        (418, "bad_request"),
        (429, "rate_limited"),
        (500, "server_error"),
        (502, "server_error"),
        (503, "busy"),
    ],
)
def test_a_guards_own_answer_keeps_its_status(call, entered, caplog, status, code):  # D11 S25
    answer = call(f"/guards/answering/{status}/", "write")

    body = answer.json()
    assert (answer.status_code, body["code"], entered) == (status, code, [])
    assert answer.headers["Retry-After"] == "7"
    assert body.get("id", "") in caplog.text


def test_a_guards_own_success_passes(call, entered):
    answer = call("/guards/answering/200/", "write")

    assert (answer.status_code, answer.content, entered) == (200, b"<h1>own</h1>", [])


@pytest.mark.parametrize("name", ["hidden-page", "hidden-function"])
def test_a_decorator_that_hides_the_actions_hides_them(call, entered, name):
    answer = call(f"/guards/{name}/", "write")

    assert (answer.status_code, answer.json()["code"], entered) == (404, "unknown_action", [])


@pytest.mark.parametrize("name", ["hidden-page", "hidden-function"])
def test_it_hides_them_from_a_form_too(call, entered, name):
    answer = call.request("POST", f"/guards/{name}/", data={"_action": "write"})

    assert (answer.status_code, entered) == (404, [])


# Where to log in


def test_a_project_without_a_login_page_has_no_login_url(call, settings, entered):
    settings.LOGIN_URL = "no-such-name"

    by_option = call("/guards/class-sync/", "for_members")
    by_redirect = call("/guards/redirecting-dispatch/", "write")

    assert (by_option.status_code, by_option.json()) == failure("login_required")
    assert (by_redirect.status_code, by_redirect.json()) == failure(
        "redirected", location="/verify/"
    )
    assert entered == []


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        pytest.param("http://testserver/todos/?page=2", "/todos/%3Fpage%3D2", id="same host"),
        pytest.param("http://testserver", "/", id="no path"),
        pytest.param("http://testserver/a/#top", "/a/", id="fragment"),
        pytest.param("https://evil.example/todos/", None, id="another host"),
        pytest.param("http://testserver.evil.example/", None, id="longer host"),
        pytest.param("http://testserver@evil.example/", None, id="user"),
        pytest.param("http://testserver:81/x/", None, id="another port"),
        pytest.param("//evil.example/", None, id="no scheme"),
        pytest.param("///evil.example/", None, id="three slashes"),
        pytest.param("http://testserver//evil.example/x", None, id="path that is a host"),
        pytest.param("http://testserver/\\evil.example", None, id="backslash"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("http://[", None, id="no URL"),
        pytest.param("", None, id="none"),
    ],
)
@pytest.mark.parametrize("page", ["around-function", "function-sync"])
def test_next_leads_back_to_a_page_of_this_site(call, entered, page, referer, back):  # F08
    path = f"/guards/{page}/"
    action = "write" if page in GUARDED else "for_members"

    answer = call(path, action, headers={"Referer": referer} if referer else {})

    login_url = answer.json()["login_url"]
    assert (answer.status_code, login_url, entered) == (401, f"{LOGIN}{back or path}", [])


def test_next_keeps_the_query_but_not_the_action(call):  # F08
    answer = call("/guards/around-function/?page=2&_action=write", "write")

    assert answer.json()["login_url"] == f"{LOGIN}/guards/around-function/%3Fpage%3D2"


def test_a_call_after_the_session_has_ended_is_not_run(call, ann, entered):  # F08
    call.client.force_login(ann)
    call("/guards/mixin-left/", "write")
    ann.set_password("changed elsewhere")
    ann.save()

    answer = call("/guards/mixin-left/", "write")

    login_url = f"{LOGIN}/guards/mixin-left/"
    assert (answer.status_code, answer.json()) == failure("login_required", login_url=login_url)
    assert entered == ["write"]


# The options of @action

BY_OPTION = {
    "for_members": "login_required",
    "afor_members": "login_required",
    "with_permission": "permission_denied",
    "awith_permission": "permission_denied",
    "with_permissions": "permission_denied",
    "for_ann": "permission_denied",
    "afor_ann": "permission_denied",
}


@pytest.fixture(params=KINDS)
def page(request):
    return f"/guards/{request.param}/"


@pytest.mark.parametrize("action", BY_OPTION)
def test_an_option_refuses_the_anonymous(call, page, entered, action):  # S22 S24
    answer = call(page, action)

    code = BY_OPTION[action]
    more = {"login_url": LOGIN + page} if code == "login_required" else {}
    assert (answer.status_code, answer.json()) == failure(code, **more)
    assert entered == []


@pytest.mark.parametrize("action", BY_OPTION)
def test_an_option_lets_in_who_may(call, page, ann, entered, action):  # S22 S24
    grant(ann, "add_todo", "delete_todo")
    call.client.force_login(ann)

    answer = call(page, action)

    assert (answer.json(), entered) == ({"result": "written"}, [action])


@pytest.mark.parametrize("action", [name for name in BY_OPTION if "member" not in name])
def test_an_option_refuses_who_may_not(call, page, bob, entered, action):  # S22 S24
    call.client.force_login(bob)

    answer = call(page, action)

    assert (answer.status_code, answer.json()) == failure("permission_denied")
    assert entered == []


def test_all_of_several_permissions_are_needed(call, page, ann, entered):  # S22
    grant(ann, "add_todo")
    call.client.force_login(ann)

    answer = call(page, "with_permissions")

    assert ((answer.status_code, answer.json()), entered) == (failure("permission_denied"), [])


def test_an_anonymous_caller_learns_nothing_of_the_parameters(call, page):
    answer = call(page, "takes_number", {"number": "x"})

    assert answer.json()["code"] == "login_required"


@pytest.mark.parametrize("page", ["decorated", "adecorated"])
@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("decorated_for_members", "login_required"),
        ("adecorated_for_members", "login_required"),
        ("decorated_with_permission", "permission_denied"),
    ],
)
def test_a_decorator_below_action_refuses_as_the_option_does(call, entered, page, action, code):
    # S24
    answer = call(f"/guards/{page}/", action)

    more = {"login_url": f"{LOGIN}/guards/{page}/"} if code == "login_required" else {}
    assert ((answer.status_code, answer.json()), entered) == (failure(code, **more), [])


@pytest.mark.parametrize("page", ["decorated", "adecorated"])
@pytest.mark.parametrize(
    "action", ["decorated_for_members", "adecorated_for_members", "decorated_with_permission"]
)
def test_a_decorator_below_action_lets_in_who_may(call, ann, entered, page, action):  # S24
    grant(ann, "add_todo")
    call.client.force_login(ann)

    answer = call(f"/guards/{page}/", action)

    assert (answer.json(), entered) == ({"result": "written"}, [action])


@pytest.mark.parametrize("page", ["decorated", "adecorated"])
def test_an_action_may_itself_redirect_to_the_login_page(call, page):
    answer = call(f"/guards/{page}/", "log_out")

    redirect = {"event": "redirect", "data": {"url": "/accounts/login/", "external": False}}
    assert answer.json() == {"result": None, "items": [redirect]}


# Rates


@pytest.mark.parametrize("action", ["limited", "alimited"])
def test_the_call_beyond_the_rate_is_refused(call, page, entered, action):  # S23
    answers = [call(page, action) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].json() == {
        "error": "Too many tries. Please wait a moment.",
        "code": "rate_limited",
    }
    assert 0 < int(answers[2].headers["Retry-After"]) <= 86_400
    assert entered == [action, action]


def test_two_users_at_one_address_are_counted_apart(world, ann, bob):  # S23
    callers = [Caller(world), Caller(world), Caller(world)]
    callers[0].client.force_login(ann)
    callers[1].client.force_login(bob)

    statuses = [call("/guards/class-sync/", "limited").status_code for call in 3 * callers]

    assert statuses == 6 * [200] + 3 * [429]


def test_one_user_is_counted_at_all_addresses(ann):  # S23
    call = Caller("wsgi")
    call.client.force_login(ann)

    statuses = [
        call("/guards/class-sync/", "limited", REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(3)
    ]

    assert statuses == [200, 200, 429]


def test_each_action_is_counted_apart(call):  # S23
    statuses = [call("/guards/class-sync/", name).status_code for name in 3 * ["limited"]]

    assert statuses == [200, 200, 429]
    assert call("/guards/class-sync/", "alimited").status_code == 200


def test_anonymous_callers_are_counted_by_their_address():  # S23
    call = Caller("wsgi")

    statuses = [
        call("/guards/class-sync/", "limited", REMOTE_ADDR=address).status_code
        for address in 3 * ["10.0.0.1", "10.0.0.2"]
    ]

    assert statuses == [200, 200, 200, 200, 429, 429]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP"])
def test_no_header_of_the_client_makes_another_address(call, header):  # S23
    statuses = [
        call("/guards/class-sync/", "limited", headers={header: f"10.0.0.{n}"}).status_code
        for n in range(3)
    ]

    assert statuses == [200, 200, 429]


def address_from_proxy(request):
    return request.headers.get("X-Forwarded-For")


def test_a_project_says_where_the_address_stands(call, settings):  # S23
    settings.HYPER_CLIENT_ADDRESS = f"{__name__}.address_from_proxy"

    statuses = [
        call("/guards/class-sync/", "limited", headers={"X-Forwarded-For": who}).status_code
        for who in 3 * ["10.0.0.1", "10.0.0.2"]
    ]

    assert statuses == [200, 200, 200, 200, 429, 429]


def test_after_the_time_told_the_action_runs_again(call):  # S23
    answers = [call("/guards/class-sync/", "each_second")]
    while answers[-1].status_code == 200 and len(answers) < 9:
        answers.append(call("/guards/class-sync/", "each_second"))
    time.sleep(int(answers[-1].headers["Retry-After"]))

    assert call("/guards/class-sync/", "each_second").status_code == 200


@pytest.mark.parametrize("name", ["limited", "alimited"])
def test_without_its_cache_a_limited_action_does_not_run(call, page, settings, entered, name):
    # F09
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": {"retry": Retry(NoBackoff(), 0)},
        }
    }

    answer = call(page, name)
    other = call(page, "write")

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert (other.json(), entered) == ({"result": "written"}, ["write"])


# CSRF


CSRF_SETTINGS = {
    "default": {},
    "in the session": {"CSRF_USE_SESSIONS": True},
    "unreadable cookie": {"CSRF_COOKIE_HTTPONLY": True},
    "other names": {"CSRF_COOKIE_NAME": "token", "CSRF_HEADER_NAME": "HTTP_X_TOKEN"},
}
NORMAL = ["page", "protected", *KINDS]


@pytest.fixture(params=CSRF_SETTINGS)
def csrf_header(request, settings, db):
    """The header that carries the token, under all settings that Django has for it."""
    for name, value in CSRF_SETTINGS[request.param].items():
        setattr(settings, name, value)
    return settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")


@pytest.mark.parametrize("name", [*WEBHOOKS, *NORMAL])
def test_the_token_of_csrf_failed_lets_the_repeat_in(strict_call, csrf_header, entered, name):
    # S27 F07
    path = f"/guards/{name}/"

    refused = strict_call(path, "write")
    token = refused.json()["csrf_token"]
    entered_without_it = list(entered)
    repeated = strict_call(path, "write", headers={csrf_header: token})

    assert (refused.status_code, refused.json(), entered_without_it) == (
        403,
        {
            "error": "The page has expired. Please try again.",
            "code": "csrf_failed",
            "csrf_token": token,
        },
        [],
    )
    assert (repeated.json(), entered) == ({"result": "written"}, ["write"])


CSRF_PAGES = {
    "403": lambda: HttpResponse("<h1>Expired</h1>", status=403),
    "400": lambda: HttpResponse("<h1>Expired</h1>", status=400),
    "200": lambda: HttpResponse("<h1>Expired</h1>"),
    "login": lambda: HttpResponseRedirect("/accounts/login/"),
    "home": lambda: HttpResponseRedirect("/"),
}


def show_csrf_page(request, reason=""):
    return CSRF_PAGES[conf.settings.CSRF_PAGE]()


@pytest.mark.parametrize("page", CSRF_PAGES)
@pytest.mark.parametrize("name", ["webhook", "page", "class-async"])
def test_a_page_of_the_projects_own_for_csrf_hides_no_failure(  # S27 F07
    strict_call, csrf_header, settings, entered, name, page
):
    path = f"/guards/{name}/"
    settings.CSRF_FAILURE_VIEW = f"{__name__}.show_csrf_page"
    settings.CSRF_PAGE = page

    refused = strict_call(path, "write")
    entered_without_it = list(entered)
    token = refused.json()["csrf_token"]
    repeated = strict_call(path, "write", headers={csrf_header: token})

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert (entered_without_it, entered, repeated.status_code) == ([], ["write"], 200)


@pytest.mark.parametrize("action", ["write", "awrite"])
@pytest.mark.parametrize("how", ["header", "query", "field"])
@pytest.mark.parametrize("name", [*WEBHOOKS, *NORMAL])
def test_no_action_runs_without_a_token(strict_call, entered, name, how, action):  # S27
    path = f"/guards/{name}/"

    answer = strict_call.request(
        "POST",
        f"{path}?_action={action}" if how == "query" else path,
        data={"_action": action} if how == "field" else {},
        headers={"X-Hyper-Action": action} if how == "header" else {},
    )

    assert (answer.status_code, entered) == (403, [])


@pytest.mark.parametrize("wrong", ["", "x" * 32, "é" * 32, "a" * 64, "a" * 10_000])
@pytest.mark.parametrize("name", ["webhook", "awebhook", "page"])
def test_a_wrong_token_is_none(strict_call, entered, name, wrong):  # S27
    path = f"/guards/{name}/"
    strict_call(path, "write")

    answer = strict_call(path, "write", headers={"X-CSRFToken": wrong})

    assert (answer.json()["code"], entered) == ("csrf_failed", [])


@pytest.mark.parametrize("name", ["webhook", "page"])
def test_a_call_from_another_site_is_refused(strict_call, entered, name):  # S27
    path = f"/guards/{name}/"
    token = strict_call(path, "write").json()["csrf_token"]

    answer = strict_call(
        path, "write", headers={"X-CSRFToken": token, "Origin": "https://evil.example"}
    )

    assert (answer.status_code, answer.json()["code"], entered) == (403, "csrf_failed", [])


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream"])
@pytest.mark.parametrize("name", WEBHOOKS)
def test_an_exempt_view_itself_needs_no_token(strict_call, entered, name, content_type):  # S27
    answer = strict_call.request(
        "POST", f"/guards/{name}/", data=b'{"event": "paid"}', content_type=content_type
    )

    assert (answer.status_code, len(entered), "write" in entered) == (200, 1, False)


def test_who_a_view_refuses_is_not_told_of_csrf(strict_call, csrf_header, entered):
    token = strict_call(OPEN, "write").json()["csrf_token"]

    answer = strict_call("/guards/own-dispatch/", "write", headers={csrf_header: token})

    assert ((answer.status_code, answer.json()), entered) == (failure("permission_denied"), [])


def test_a_403_of_an_exempt_view_is_told_in_json(strict_call, csrf_header, entered):
    token = strict_call("/guards/forbidden/", "write").json()["csrf_token"]
    answer = strict_call("/guards/forbidden/", "write", headers={csrf_header: token})

    assert ((answer.status_code, answer.json()), entered) == (failure("permission_denied"), [])


def test_get_needs_no_token(strict_call, page):  # S27
    assert strict_call(page, "write", method="GET").json()["code"] == "method_not_allowed"


# S22
@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("world", ["wsgi", "asgi"])
def test_a_test_may_be_a_coroutine_function(rf, world, answer):
    async def test(user):
        return answer

    guards = Guards(("POST",), False, (), test, None)
    request = rf.post("/")
    check = check_guards if world == "wsgi" else async_to_sync(sync_to_async(check_guards))

    if answer:
        check(guards, request, "save")
    else:
        with pytest.raises(CallRefused, match="do this"):
            check(guards, request, "save")


# S25
def test_a_class_decorator_that_would_be_skipped_is_refused():
    @method_decorator(login_required, name="remove")
    class Page(ActionMixin, View):
        @action
        def remove(self):
            pass

    with pytest.raises(TypeError, match="a decorator stands above @action"):
        Page.as_view()
