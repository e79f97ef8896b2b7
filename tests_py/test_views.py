"""Actions in the place of a view's own handler, and views that have none."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action, action_info, is_action, with_actions

from .conftest import Caller
from .site.dispatch_urls import described, save

WITHOUT_ACTIONS = [
    "plain",
    "aplain",
    "template",
    "plain-page",
    "redirect",
    "stream",
    "astream",
    "missing",
    "broken",
]


def whole(answer):
    body = b"".join(pieces_of(answer)) if answer.streaming else answer.content
    return (answer.status_code, sorted(answer.items()), answer.cookies.output(), body)


def pieces_of(answer):
    if not answer.is_async:
        return list(answer)

    async def read():
        return [piece async for piece in answer]

    return async_to_sync(read)()


# Views without actions


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@pytest.mark.parametrize("name", WITHOUT_ACTIONS)
@pytest.mark.parametrize(
    ("method", "query", "options"),
    [
        pytest.param("GET", "", {}, id="GET"),
        pytest.param("GET", "?_action=save", {}, id="named in the query"),
        pytest.param("POST", "", {"data": {"_action": "save"}}, id="named in a field"),
        pytest.param("GET", "", {"headers": {"HX-Request": "true"}}, id="htmx"),
    ],
)
def test_a_view_without_actions_answers_as_without_the_middleware(
    world, db, settings, name, method, query, options
):  # S18
    with_it = whole(Caller(world).request(method, f"/views/{name}/{query}", **options))
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Hyper" not in each]
    without_it = whole(Caller(world).request(method, f"/views/{name}/{query}", **options))

    assert with_it == without_it


@pytest.mark.parametrize("query", ["", "?_action=save"])
def test_a_view_without_actions_gets_no_extra_context(call, query):  # S18
    answer = call.request("GET", f"/views/template/{query}")

    assert answer.context_data == {"save": "its own"}
    assert answer.content == b"|||its own\n"


@pytest.mark.parametrize("query", ["", "?_action=save"])
def test_without_a_call_request_hyper_is_false(call, query):  # S18
    answer = call.request("GET", f"/views/plain/{query}")

    request = getattr(answer, "wsgi_request", None) or answer.asgi_request
    assert bool(request.hyper) is False


@pytest.mark.parametrize("name", ["plain", "aplain"])
def test_a_named_action_keeps_a_view_that_has_none_from_running(call, entered, name):  # D11
    answer = call(f"/views/{name}/", "save")

    assert (answer.status_code, answer.json()["code"], entered) == (404, "unknown_action", [])


BODIES = {
    "application/octet-stream": b"streamed",
    "application/x-www-form-urlencoded": b"_action=save&title=milk",
    "multipart/form-data; boundary=b": b"--b\r\nContent-Disposition: form-data; "
    b'name="_action"\r\n\r\nsave\r\n--b--\r\n',
}


@pytest.mark.parametrize("query", ["", "?_action=save"])
@pytest.mark.parametrize("content_type", BODIES)
def test_the_body_of_a_view_without_actions_is_left_unread(call, content_type, query):  # D05
    body = BODIES[content_type]

    answer = call.request("POST", f"/views/upload/{query}", data=body, content_type=content_type)

    assert answer.content == b"|".join(body[at : at + 4] for at in range(0, len(body), 4))


def test_the_body_of_a_request_that_is_no_form_is_left_unread(call):  # D05
    answer = call.request(
        "POST", "/views/upload-with-actions/", data=b"streamed", content_type="video/mp4"
    )

    assert answer.content == b"stre|amed"


# State in the template

OF_ANSWER = b"False||milk|State(pending=False, error=None, result=&#x27;milk&#x27;)\n"
OF_PAGE = b"False|||State(pending=False, error=None, result=None)\n"


@pytest.mark.parametrize("name", ["state", "forgetful", "hiding", "attribute"])
@pytest.mark.parametrize(("query", "expected"), [("?_action=save", OF_ANSWER), ("", OF_PAGE)])
def test_the_template_reads_the_state_under_the_actions_name(call, name, query, expected):
    # S17: over an attribute and whatever get_context_data does
    assert call.request("GET", f"/views/{name}/{query}").content == expected


# What a page has


def test_a_subclass_overrides_an_action(call):
    assert call("/views/overriding/", "save", method="GET").json() == {"result": "bread"}


def test_a_subclass_can_take_an_action_away(call, entered):
    answer = call("/views/hidden-again/", "save", method="GET")

    assert (answer.json()["code"], entered) == ("unknown_action", [])


def test_action_info_describes_an_action():  # S03
    info = action_info(save)

    assert (info.name, info.description, info.methods, info.is_async, info.is_stream) == (
        "save",
        "",
        ("POST",),
        False,
        False,
    )
    assert [
        (each.name, each.annotation, each.default, each.required) for each in info.parameters
    ] == [("title", "str", info.parameters[0].default, True), ("count", "int", 1, False)]
    assert action_info(described).description == "Says so"


def test_a_plain_function_is_no_action():  # S03
    assert [is_action(each) for each in (save, len, test_a_plain_function_is_no_action)] == [
        True,
        False,
        False,
    ]


# setup() and methods


@pytest.mark.parametrize("name", ["forgets-setup", "async-forgets-setup"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_handler_runs_where_setup_forgot_the_call(call, entered, name, method):
    answer = call(f"/views/{name}/", "save", method=method)

    assert (answer.status_code, answer.json()["code"], entered) == (404, "unknown_action", [])


@pytest.mark.parametrize("name", ["forgets-setup", "async-forgets-setup"])
@pytest.mark.parametrize("named", ["query", "field"])
def test_no_handler_runs_where_setup_forgot_a_browsers_call(call, entered, name, named):
    options = {"data": {"_action": "save"}} if named == "field" else {}
    query = "?_action=save" if named == "query" else ""

    answer = call.request("POST", f"/views/{name}/{query}", **options)

    assert (answer.status_code, entered) == (404, [])


@pytest.mark.parametrize("name", ["forgets-setup", "async-forgets-setup"])
def test_without_a_call_a_view_with_its_own_setup_is_itself(call, name):
    assert call.request("GET", f"/views/{name}/").content == b"handler"


@pytest.mark.parametrize("name", ["read-only", "async-read-only"])
def test_a_view_limited_to_get_refuses_a_post_action(call, entered, name):
    answer = call(f"/views/{name}/", "save")

    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"], entered) == (
        405,
        "method_not_allowed",
        "GET",
        [],
    )


@pytest.mark.parametrize("name", ["read-only", "async-read-only"])
def test_a_view_limited_to_get_runs_a_get_action(call, name):
    assert call(f"/views/{name}/", "save", method="GET").json() == {"result": "milk"}


# Mistakes are found at import


def view(request):
    return HttpResponse()


@pytest.mark.parametrize(
    "decorated",
    [
        pytest.param(login_required(view), id="login_required"),
        pytest.param(never_cache(view), id="never_cache"),
        pytest.param(with_actions(save)(view), id="with_actions twice"),
        pytest.param(save, id="an action"),
    ],
)
def test_with_actions_refuses_a_function_that_is_decorated(decorated):
    with pytest.raises(TypeError, match="closest to the function"):
        with_actions(save)(decorated)


def test_with_actions_refuses_a_class_based_view():
    with pytest.raises(TypeError, match="ActionMixin"):
        with_actions(save)(TemplateView.as_view(template_name="state.html"))


@pytest.mark.parametrize("decorator", [login_required, never_cache])
def test_with_actions_refuses_a_decorator_above_an_action(decorator):  # S24
    with pytest.raises(TypeError, match=r"a decorator stands above @action .* Put @action on top"):
        with_actions(decorator(save))


class OfMembers(LoginRequiredMixin):
    pass


class InSetup:
    def setup(self, request, *args, **kwargs):
        raise PermissionDenied


class Actionable(ActionMixin, View):
    pass


@pytest.mark.parametrize(
    ("bases", "late"),
    [
        pytest.param((ActionMixin, OfMembers, View), "LoginRequiredMixin", id="derived"),
        pytest.param((Actionable, LoginRequiredMixin), "LoginRequiredMixin", id="behind a view"),
        pytest.param((TemplateView, Actionable, InSetup), "InSetup", id="setup"),
    ],
)
def test_a_guard_behind_the_view_is_refused(bases, late):  # S24
    with pytest.raises(TypeError, match=f"Page has {late} behind View"):
        type("Page", bases, {})


@pytest.mark.parametrize(
    "bases", [(OfMembers, ActionMixin, View), (ActionMixin, OfMembers, TemplateView)]
)
def test_a_guard_before_the_view_is_taken(bases):  # S24
    page = type("Page", bases, {})

    assert page.__mro__.index(LoginRequiredMixin) < page.__mro__.index(View)


def test_a_class_refuses_a_decorator_above_an_action():  # S24
    with pytest.raises(TypeError, match=r"a decorator stands above @action .* Put @action on top"):

        class Page(ActionMixin, View):
            @never_cache
            @action
            def save(self):
                pass


def test_with_actions_refuses_a_function_that_is_no_action():
    with pytest.raises(TypeError, match="A view gets its actions by name"):
        with_actions(view)


def test_two_actions_of_one_name_are_refused():
    @action("save")
    def another(request):
        pass

    with pytest.raises(TypeError, match="two actions called 'save'"):
        with_actions(save, another)
    with pytest.raises(TypeError, match="two actions called 'save'"):
        type("Page", (ActionMixin, View), {"save": save, "another": another})
