"""What an attacker would try first: to skip a guard, be someone else, or be believed."""

from __future__ import annotations

import gzip
import itertools

import pytest
from django.contrib.auth.models import Permission
from django.contrib.auth.views import redirect_to_login
from django.forms import ModelForm
from django.http import HttpResponse
from django.urls import include, path
from django.views import View

from django_hyper import ActionMixin, Refresh, action

from .conftest import Caller
from .site.kinds import KINDS, pages_with
from .site.models import Todo
from .site.spy import entered as noted

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@action
def free(owner):
    noted.append("free")


@action(login_required=True)
def members(owner):
    noted.append("members")


@action(methods="GET")
def look(owner):
    noted.append("look")


@action
def take(owner, title: str, **rest):
    noted.append([title, *sorted(rest)])


@action(idempotent=True, permission_required="site.add_todo")
def pay(owner):
    noted.append("pay")
    return "secret"


def helper(owner):
    """No action, though an ordinary method of the view beside them."""
    noted.append("helper")


class Titles(ModelForm):
    class Meta:
        model = Todo
        fields = ["title"]


@action(form=Titles)
def add(owner, form):
    noted.append(vars(form.save())["title"])


class Actions:
    free, members, look, take, pay, add, helper = free, members, look, take, pay, add, helper


class Overridden(Actions, ActionMixin, View):
    """Lets the client choose the method, as some projects do."""

    def dispatch(self, request, *args, **kwargs):
        request.method = request.headers.get("X-Method", request.method)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return HttpResponse("page")


class Failing(Actions, ActionMixin, View):
    def dispatch(self, request, *args, **kwargs):
        return HttpResponse("down", status=502)


class Leading(Actions, ActionMixin, View):
    def dispatch(self, request, *args, **kwargs):
        return redirect_to_login(request.path)


class PostOnly(ActionMixin, View):
    http_method_names = ["post"]

    def get(self, request):
        noted.append("page")
        return HttpResponse("<p id=a>not for you</p>")

    @action
    def save(self):
        return Refresh("#a")


urlpatterns = [
    path("", include(pages_with(free, members, look, take, pay, add))),
    path("overridden/", Overridden.as_view()),
    path("failing/<str:name>/", Failing.as_view()),
    path("leading/<str:name>/", Leading.as_view()),
    path("post-only/", PostOnly.as_view()),
]


@pytest.fixture(params=KINDS)
def page(request):
    return f"/{request.param}/"


# Which action, and how


NAMES = [*itertools.product(["free", "members"], repeat=3), ("", "free", "free")]


@pytest.mark.parametrize("names", NAMES)
def test_of_several_names_the_one_that_is_guarded_is_the_one_that_runs(call, page, entered, names):
    by_header, by_query, by_field = names

    call.request(
        "POST",
        f"{page}?_action={by_query}",
        data={"_action": by_field},
        headers={"X-Hyper-Action": by_header},
    )

    assert entered == (["free"] if by_header == "free" else [])


@pytest.mark.parametrize(
    "name", ["helper", "_hide_handler", "as_view", "__init__", "FREE", "free "]
)
def test_a_method_that_is_no_action_is_never_called(call, entered, name):
    answer = call("/overridden/", name)

    assert (answer.status_code, answer.json()["code"], entered) == (404, "unknown_action", [])


def test_an_action_of_another_view_is_never_called(call, page, entered):
    answer = call(page, "save")

    assert (answer.status_code, answer.json()["code"], entered) == (404, "unknown_action", [])


OVERRIDES = ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")


@pytest.mark.parametrize("header", OVERRIDES)
@pytest.mark.parametrize(("method", "name"), [("GET", "free"), ("POST", "look")])
def test_no_header_makes_another_method(call, page, entered, header, method, name):
    other = {"GET": "POST", "POST": "GET"}[method]

    answer = call(page, name, method=method, headers={header: other})

    assert (answer.status_code, entered) == (405, [])


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_view_that_changes_the_method_excuses_no_one_from_the_token(strict_call, entered, method):
    answer = strict_call("/overridden/", "free", method=method, headers={"X-Method": "POST"})

    assert (answer.status_code, answer.json()["code"], entered) == (403, "csrf_failed", [])


def test_an_action_needs_a_token_where_the_project_checks_none(
    strict_call, page, settings, entered
):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Csrf" not in each]

    answer = strict_call(page, "free")

    assert (answer.status_code, answer.json()["code"], entered) == (403, "csrf_failed", [])


def test_the_page_of_a_view_that_forbids_get_is_not_in_a_refresh(call, entered):
    answer = call("/post-only/", "save")

    assert (answer.status_code, entered) == (500, [])
    assert b"not for you" not in answer.content


# What is sent


def test_a_compressed_body_is_not_unpacked(call, page, entered):
    bomb = gzip.compress(b'{"title": "%b"}' % (b"a" * 1_000))

    answer = call.request(
        "POST",
        page,
        data=bomb,
        content_type="application/json",
        headers={"X-Hyper-Action": "take", "Content-Encoding": "gzip"},
    )

    assert (answer.status_code, answer.json()["code"], entered) == (400, "bad_request", [])


HIDDEN = ["self", "request", "owner", "form", "__proto__", "__class__"]


def test_no_name_takes_the_place_of_the_view_or_the_request(call, page, entered):
    answer = call(page, "take", {"title": "milk", **dict.fromkeys(HIDDEN, "x")})

    assert answer.status_code == 200
    assert entered == [["milk", "__class__", "__proto__", "form"]]


def test_a_form_takes_its_own_fields_and_no_others(call, page, entered):
    todo = Todo.objects.create(title="bread")
    sent = {"title": "milk", "id": todo.pk, "pk": todo.pk, "instance": todo.pk, "form": "x"}

    by_json = call(page, "add", sent)
    by_fields = call.request("POST", page, data=sent, headers={"X-Hyper-Action": "add"})

    assert (by_json.status_code, sorted(by_json.json()["errors"])) == (
        400,
        ["form", "id", "instance", "pk"],
    )
    assert (by_fields.status_code, entered) == (200, ["milk"])
    todo.refresh_from_db()
    assert (todo.title, Todo.objects.count()) == ("bread", 2)


# Who one is


@pytest.fixture
def payer(call, ann):
    ann.user_permissions.set(Permission.objects.filter(codename="add_todo"))
    call.client.force_login(ann)
    return call


REQUEST = {"X-Hyper-Request-ID": "1"}


def test_an_answer_that_is_kept_is_for_who_still_may(payer, page, ann, entered):
    first = payer(page, "pay", headers=REQUEST)
    ann.user_permissions.clear()

    again = payer(page, "pay", headers={**REQUEST, "X-Hyper-Attempt": "2"})

    assert (first.json(), entered) == ({"result": "secret"}, ["pay"])
    assert (again.status_code, again.json()["code"]) == (403, "permission_denied")


def test_an_answer_that_is_kept_needs_a_token_again(world, page, ann, settings):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Csrf" not in each]
    ann.user_permissions.set(Permission.objects.filter(codename="add_todo"))
    callers = [Caller(world), Caller(world, enforce_csrf_checks=True)]
    for each in callers:
        each.client.force_login(ann)

    answers = [each(page, "pay", headers=REQUEST) for each in callers]

    assert [each.status_code for each in answers] == [200, 403]
    assert b"secret" not in answers[1].content


# What is told


def test_a_path_forges_no_line_of_the_log(call, caplog):
    for name in ("failing", "leading"):
        call(f"/{name}/a%0aFORGED%0d/", "free")

    assert caplog.messages
    assert not [each for each in caplog.messages if "\n" in each or "\r" in each]


@pytest.mark.parametrize("name", ["free", "members", "no_such_action", "take"])
def test_no_answer_lets_another_site_read_it(strict_call, page, name):
    answers = [
        strict_call(page, name, headers={"Origin": origin})
        for origin in ("https://evil.example", "null")
    ]

    assert {each.status_code for each in answers} == {403}
    assert [key for each in answers for key in each.headers if "Access-Control" in key] == []
