from __future__ import annotations

import dataclasses
import functools
import inspect
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.urls import path
from django.views import View

from django_hyper import (
    ActionInfo,
    ActionMixin,
    ParameterInfo,
    action,
    action_info,
    actions,
    is_action,
    with_actions,
)

from .site.spy import entered as noted

if TYPE_CHECKING:
    from decimal import Decimal as Answer
    from decimal import Decimal as Basket

    from django.http import HttpRequest


@action
def bare(request):
    """Note that it ran.

    More is said here.
    """
    noted.append("bare")


@action()
def called(request):
    noted.append("called")


@action("renamed")
def named(request):
    noted.append("named")


@action(description="For tools.")
def described(request):
    """Not this."""
    noted.append("described")


@action(methods=("get", "Post"))
async def waiting(request):
    noted.append("waiting")


@action
def typed(request: HttpRequest, count: int = 1) -> Answer | None:
    """Name types that only type checkers import where no argument goes."""
    return noted.append(count)  # type: ignore[func-returns-value]


def untaken(request, basket: Basket, count: int = 1):
    """Take what no request can have."""


class Members:
    """A plain mixin."""

    @action
    def save(self, count: int = 1) -> Answer | None:
        return noted.append(("save", count))  # type: ignore[func-returns-value]

    @action("erase")
    async def remove(self):
        noted.append("erase")


class Page(Members, ActionMixin, View):
    def get(self, request):
        return HttpResponse("page")


class Child(Page):
    """Inherits `erase` and has its own `save`."""

    @action
    def save(self):
        noted.append("own save")


class Without(Page):
    """Hides one action."""

    save = None  # type: ignore[assignment]


@with_actions(bare, called, named, described, waiting, typed)
def page(request):
    return HttpResponse("page")


urlpatterns = [
    path("page/", page),
    path("class/", Page.as_view()),
    path("child/", Child.as_view()),
    path("without/", Without.as_view()),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _forget_declared(monkeypatch):
    """Keep what a test declares from the system checks of others."""
    monkeypatch.setattr(actions, "declared", list(actions.declared))


# S01
@pytest.mark.parametrize(
    ("url", "name", "expected"),
    [
        ("/page/", "bare", "bare"),
        ("/page/", "called", "called"),
        ("/page/", "renamed", "named"),
        ("/page/", "described", "described"),
        ("/page/", "waiting", "waiting"),
        ("/page/", "typed", 1),
        ("/class/", "save", ("save", 1)),
        ("/class/", "erase", "erase"),
        ("/child/", "save", "own save"),
        ("/child/", "erase", "erase"),
        ("/without/", "erase", "erase"),
    ],
)
def test_each_form_of_the_decorator_makes_an_action(call, entered, url, name, expected):
    response = call(url, name)

    assert (response.json(), entered) == ({"result": None}, [expected])


# S01, D11
@pytest.mark.parametrize(
    ("url", "name"), [("/page/", "named"), ("/class/", "remove"), ("/without/", "save")]
)
def test_an_action_has_no_other_name(call, entered, url, name):
    response = call(url, name)

    assert (response.status_code, entered) == (404, [])


# S03
def test_metadata():
    @action(
        "buy",
        description="Buy it.",
        methods=["post", "GET"],
        login_required=True,
        permission_required="shop.buy",
        user_passes_test=bool,
        rate_limit="10/m",
        public=True,
    )
    async def purchase(request, product_id: int, *, note: str = "", size="m", **rest: Any):
        """Not this."""

    info = action_info(purchase)

    names = {field.name for field in dataclasses.fields(info)}
    assert {name: getattr(info, name) for name in names - {"form", "idempotent"}} == {
        "name": "buy",
        "description": "Buy it.",
        "methods": ("POST", "GET"),
        "parameters": (
            ParameterInfo("product_id", "int", inspect.Parameter.empty, True),
            ParameterInfo("note", "str", "", False),
            ParameterInfo("size", inspect.Parameter.empty, "m", False),
        ),
        "login_required": True,
        "permission_required": ("shop.buy",),
        "user_passes_test": bool,
        "rate_limit": "10/m",
        "public": True,
        "is_async": True,
        "is_stream": False,
    }


# S03
def test_metadata_of_a_bare_action():
    info = action_info(bare)

    assert (
        *(info.name, info.description, info.methods, info.parameters, info.login_required),
        *(info.permission_required, info.user_passes_test, info.rate_limit, info.public),
        *(info.is_async, info.is_stream),
    ) == ("bare", "Note that it ran.", ("POST",), (), False, (), None, None, False, False, False)


# S03
@pytest.mark.parametrize(
    ("function", "description"),
    [(bare, "Note that it ran."), (called, ""), (described, "For tools.")],
)
def test_the_description_is_the_first_line_of_the_docstring(function, description):
    assert action_info(function).description == description


# S03
def test_several_permissions_are_kept_in_order():
    @action(permission_required=["a.b", "c.d"])
    def buy(request):
        """Do nothing."""

    assert action_info(buy).permission_required == ("a.b", "c.d")


# S03
@pytest.mark.parametrize("value", [action_info(bare), action_info(typed).parameters[0]])
def test_metadata_is_frozen(value):
    assert isinstance(value, (ActionInfo, ParameterInfo))
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.name = "other"


# S03
@pytest.mark.parametrize(
    ("function", "expected"),
    [(bare, True), (Page.save, True), (Page().save, True), (page, False), (Page.get, False)],
)
def test_a_function_is_an_action_when_it_is_marked(function, expected):
    assert is_action(function) is expected


# S03
@pytest.mark.parametrize("value", [None, 3, "bare", object(), View])
def test_another_value_is_no_action(value):
    assert not is_action(value)
    with pytest.raises(TypeError, match="is no action; expected a function marked with @action"):
        action_info(value)


# S10
def test_a_direct_call_is_an_ordinary_call(entered):
    @action
    def double(request, count: int):
        return count * 2

    assert double(None, "ab") == "abab"


def function(name="save"):
    """Return a function of this name that takes its first parameter alone."""

    def save(request):
        """Do nothing."""

    save.__name__ = name
    return save


def nothing(**values):
    """Take no first parameter."""


def first_of_any(*values):
    """Take the first parameter among any others."""


def no_parameters():
    """Take nothing."""


def positional(request, title, /):
    """Take a parameter without a name."""


def several(request, *titles):
    """Take any number."""


def takes_request(self, request):
    """Take what the view has already."""


def takes_self(request, self):
    """Take what no request fills."""


def takes_action(request, _action):
    """Take what names the action."""


def takes_data(request, _data):
    """Take what holds arguments."""


def takes_request_id(request, _request_id):
    """Take what names the call."""


def takes_token(request, csrfmiddlewaretoken):
    """Take Django's token."""


RESERVED = (
    "constructor prototype toString valueOf hasOwnProperty "
    "request user perms messages csrf_token view form object object_list page_obj paginator "
    "is_paginated block forloop _private __init__ self csrfmiddlewaretoken"
).split()


# S01
@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("given", [True, False], ids=["given", "of the function"])
def test_a_reserved_name_is_refused_at_import(name, given):
    declare = action(name) if given else action

    with pytest.raises(TypeError, match=f"@action on .*got '{name}' as its name"):
        declare(function("save" if given else name))


# S01
@pytest.mark.parametrize(
    "name", ["class", "None", "add to cart", "add-to-cart", "1st", "a.b", "é "]
)
def test_a_name_that_is_no_identifier_is_refused_at_import(name):
    with pytest.raises(TypeError, match="expected a Python identifier"):
        action(name)(function())


# S01
@pytest.mark.parametrize("name", ["type", "match", "grüße", "save_2", "update", "items"])
def test_any_other_identifier_is_a_name(name):
    assert action_info(action(name)(function())).name == name


# S01
@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (nothing, "no first parameter"),
        (first_of_any, "no first parameter"),
        (no_parameters, "no first parameter"),
        (positional, "title"),
        (several, r"\*titles"),
        (takes_request, "'request'"),
        (takes_self, "'self'"),
        (takes_action, "'_action'"),
        (takes_data, "'_data'"),
        (takes_request_id, "'_request_id'"),
        (takes_token, "'csrfmiddlewaretoken'"),
    ],
)
def test_a_signature_that_no_call_can_fill_is_refused_at_import(bad, named):
    with pytest.raises(TypeError, match=f"@action on {bad.__name__} got .*{named}"):
        action(bad)


# S01
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(3, id="a number"),
        pytest.param(View, id="a class"),
        pytest.param(print, id="a builtin"),
        pytest.param(functools.partial(function()), id="a partial"),
        pytest.param(classmethod(function()), id="a classmethod"),
        pytest.param(property(function()), id="a property"),
    ],
)
def test_what_is_no_function_is_refused_at_import(value):
    with pytest.raises(TypeError, match="@action"):
        action(value)


# S01
@pytest.mark.parametrize(
    "rate", ["10", "10/x", "0/m", "-1/m", "m/10", "10/minute", " 10/m", "1.5/s", "10/m\n"]
)
def test_a_rate_that_cannot_be_read_is_refused_at_import(rate):
    with pytest.raises(TypeError, match=r"rate_limit got .*; expected calls per unit, e.g. '10/m'"):
        action(rate_limit=rate)(function())


# D15
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "options", "TRACE", ""])
def test_a_method_that_runs_no_action_is_refused_at_import(method):
    with pytest.raises(TypeError, match=r"@action on .*save"):
        action(methods=("POST", method))(function())


# D15
def test_a_single_method_may_stand_alone():
    assert action_info(action(methods="GET")(function())).methods == ("GET",)


def stream(request):
    yield 1


async def async_stream(request):
    yield 1


# S03
@pytest.mark.parametrize("generator", [stream, async_stream])
def test_a_generator_is_a_stream_or_refused_at_import(generator):
    try:
        info = action_info(action(generator))
    except TypeError as error:
        assert "got a generator, which cannot stream yet" in str(error)  # noqa: PT017
    else:
        assert info.is_stream


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


# S24
def test_a_decorator_below_action_is_part_of_it():
    view = with_actions(action(logged(function())))(lambda request: None)

    assert list(view.hyper_actions) == ["save"]


# S25
def test_a_decorator_above_action_is_refused_at_import():
    with pytest.raises(TypeError, match=r"a decorator stands above @action on .*bare"):
        with_actions(logged(bare))

    with pytest.raises(TypeError, match=r"a decorator stands above @action on .*bare"):
        type("Decorated", (ActionMixin, View), {"bare": logged(bare)})


# S06
def test_what_is_no_action_is_refused_by_with_actions():
    with pytest.raises(TypeError, match=r"is no action; .* A view gets its actions by name"):
        with_actions(function())


# S15
def test_two_actions_of_one_name_are_refused_at_import():
    first, second = action("save")(function()), action("save")(function())

    with pytest.raises(TypeError, match="with_actions\\(\\) got two actions called 'save': "):
        with_actions(first, second)
    with pytest.raises(TypeError, match="Twice got two actions called 'save': "):
        type("Twice", (ActionMixin, View), {"first": first, "second": second})


def test_one_action_may_stand_on_several_views():
    views = [with_actions(bare)(lambda request: None) for _ in range(2)]

    assert [list(view.hyper_actions) for view in views] == [["bare"], ["bare"]]


# S03
def test_types_that_only_type_checkers_import_hurt_on_a_real_parameter_alone():
    with pytest.raises(TypeError) as caught:
        assert action(untaken).__hyper_action__.bind

    assert str(caught.value) == (
        "tests_py.test_actions.untaken() cannot take `basket: Basket`: name 'Basket' is not "
        "defined. Import the type at the top of the module, outside `if TYPE_CHECKING:`."
    )


@action
def place(request, later: Later):
    noted.append(later)


@dataclasses.dataclass
class Later:
    when: str


# S03, S21
def test_a_type_may_be_defined_below_the_action():
    assert place.__hyper_action__.bind.names == {"later"}
