"""What the audit says of actions, and that a real call agrees."""

from __future__ import annotations

from functools import partial
from io import StringIO
from types import ModuleType

import pytest
from django.contrib.auth.decorators import (
    login_not_required,
    login_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, ManagementUtility, call_command
from django.forms import Form
from django.test import override_settings
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action, actions, audit, with_actions

from .site import guards_urls
from .site.guards_urls import GUARDED

# What a guard of the project's own makes of an anonymous caller, nobody can ask.
UNKNOWN = {"own-dispatch", "redirecting-dispatch", "guarding-setup"}


@pytest.fixture
def declared(monkeypatch):
    """The actions of one test only."""
    found: list[actions.Action] = []
    monkeypatch.setattr(actions, "declared", found)
    monkeypatch.setattr(audit, "declared", found)


def project(*urlpatterns):
    urls = ModuleType("urls")
    vars(urls)["urlpatterns"] = urlpatterns
    return override_settings(ROOT_URLCONF=urls)


def audited(*urlpatterns):
    """Return, by name of the action, whether it is open."""
    with project(*urlpatterns):
        return {entry.action.name: bool(entry.open_places) for entry in audit.audit()}


def told(*urlpatterns, **options):
    """Return what the command prints."""
    out = StringIO()
    with project(*urlpatterns):
        call_command("hyper_actions", stdout=out, **options)
    return out.getvalue()


def is_open(view):
    with project(path("", view)):
        entries = [each for each in audit.audit() if each.action.name == "write" and each.places]
    assert len(entries) == 1
    return bool(entries[0].open_places)


@pytest.mark.parametrize("name", GUARDED)
def test_what_is_called_closed_lets_no_anonymous_caller_in(call, entered, name):  # S25
    answer = call(f"/guards/{name}/", "write")

    assert (is_open(GUARDED[name]), answer.status_code in (401, 403)) == (name in UNKNOWN, True)
    assert entered == []


@pytest.mark.parametrize("view", [guards_urls.page, guards_urls.Page.as_view()])
def test_a_page_without_guards_is_open(view):
    assert is_open(view)


HIDDEN = [
    pytest.param(partial(guards_urls.page), id="partial"),
    pytest.param(lambda request: guards_urls.page(request), id="function"),
    pytest.param(lambda request: guards_urls.Page.as_view()(request), id="class"),
]


@pytest.mark.parametrize("view", HIDDEN)
def test_what_hides_its_actions_is_passed_over(declared, view):
    assert audited(path("", view)) == {}


@pytest.mark.parametrize("view", HIDDEN)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"X-Hyper-Action": "write"}])
def test_what_the_audit_cannot_find_is_never_entered(view, headers, client, entered):
    with project(path("", view)):
        by_field = client.post("/", {"_action": "write"}, headers=headers)
        by_query = client.post("/?_action=write", headers=headers)
        page = client.get("/")

    assert (by_field.status_code, by_query.status_code, page.status_code) == (404, 404, 200)
    assert entered == ["page"]


def refuse(user):
    raise PermissionDenied


def fail(user):
    raise LookupError


async def is_ann(user):
    return user.username == "ann"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param(lambda user: user.is_staff, False, id="refuses"),
        pytest.param(refuse, False, id="raises PermissionDenied"),
        pytest.param(is_ann, False, id="is a coroutine function"),
        pytest.param(lambda user: True, True, id="lets everybody in"),
        pytest.param(fail, True, id="cannot be asked"),
    ],
)
@pytest.mark.parametrize("place", ["option", "below", "around", "dispatch", "mixin"])
def test_a_test_is_asked_wherever_it_stands(declared, test, expected, place):
    guard = user_passes_test(test)
    option = {"user_passes_test": test} if place == "option" else {}

    def save(owner): ...

    guarded = action(**option)(guard(save) if place == "below" else save)

    class Tested(UserPassesTestMixin):
        def test_func(self):
            return audit.passes(test, self.request.user)

    class Page(*([Tested] if place == "mixin" else []), ActionMixin, View):  # type: ignore[misc]
        run = guarded

    page = method_decorator(guard, name="dispatch")(Page) if place == "dispatch" else Page
    view = page.as_view()

    assert audited(path("", guard(view) if place == "around" else view)) == {"save": expected}


def test_a_permission_is_asked_of_the_backends(declared, settings):
    settings.AUTHENTICATION_BACKENDS = ["tests_py.test_audit.GenerousBackend"]

    @action(permission_required="site.add_todo")
    def add(owner): ...

    @action(permission_required=["site.add_todo", "site.delete_todo"])
    def remove(owner): ...

    class Page(ActionMixin, View):
        one = add
        two = remove

    assert audited(path("", Page.as_view())) == {"add": True, "remove": False}


class GenerousBackend:
    """A backend that grants a permission to everybody."""

    def has_perm(self, user, permission, obj=None):
        return permission == "site.add_todo"


def test_stacked_decorators_of_dispatch_are_all_found(declared):
    everybody = user_passes_test(lambda user: True)

    @method_decorator([everybody, login_required], name="dispatch")
    class Listed(ActionMixin, View):
        @action
        def listed(self): ...

    @method_decorator(everybody, name="dispatch")
    @method_decorator(login_required, name="dispatch")
    class Stacked(ActionMixin, View):
        @action
        def stacked(self): ...

    class Inheriting(Stacked):
        @action
        def inherited(self): ...

    urls = [path(name, view.as_view()) for name, view in locals().items() if isinstance(view, type)]

    assert audited(*urls) == {"listed": False, "stacked": False, "inherited": False}


@pytest.mark.parametrize("mixin", [LoginRequiredMixin, PermissionRequiredMixin])
def test_the_mixins_of_django_are_asked(declared, mixin):
    class Page(mixin):
        permission_required = "site.add_todo"

        @action
        def save(self): ...

    class Left(Page, ActionMixin, View):
        pass

    class Right(ActionMixin, Page, TemplateView):
        pass

    assert audited(path("left", Left.as_view()), path("right", Right.as_view())) == {"save": False}


class LettingSomeIn(UserPassesTestMixin, ActionMixin, View):
    """A page whose test lets some anonymous callers in."""

    @action
    def save(self): ...

    def test_func(self):
        return self.request.user.is_authenticated or self.lets_in()

    def lets_in(self):
        return False


class ByMethod(LettingSomeIn):
    def lets_in(self):
        return self.request.method == "POST"


class ByQuery(LettingSomeIn):
    def lets_in(self):
        return "key" in self.request.GET


class ByRoute(LettingSomeIn):
    def lets_in(self):
        return self.kwargs.get("pk") == 1


class ByAnotherTest(LettingSomeIn):
    def get_test_func(self):
        return lambda: True


class BySetting(PermissionRequiredMixin, ActionMixin, View):
    permission_required = "site.add_todo"

    @action
    def save(self): ...


@pytest.mark.parametrize(
    "view",
    [
        ByMethod.as_view(),
        ByQuery.as_view(),
        ByRoute.as_view(),
        ByAnotherTest.as_view(),
        BySetting.as_view(permission_required=()),
    ],
)
def test_what_lets_some_anonymous_caller_in_is_open(view, client):
    urls = [path("<int:pk>/", view)]
    with project(*urls):
        answer = client.post("/1/?key=1", headers={"X-Hyper-Action": "save"})

    assert answer.status_code == 200
    assert len(opened(*urls)) == 1


class Guarded(LoginRequiredMixin, ActionMixin, View):
    @action
    def save(self): ...


@method_decorator(login_required, name="dispatch")
class Decorated(ActionMixin, View):
    @action
    def save(self): ...


class Overriding(Guarded):
    def dispatch(self, request, *args, **kwargs):
        return ActionMixin.dispatch(self, request, *args, **kwargs)


class OverridingDecorated(Decorated):
    def dispatch(self, request, *args, **kwargs):
        return ActionMixin.dispatch(self, request, *args, **kwargs)


class HandingOn(Guarded):
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


@pytest.mark.parametrize(
    ("view_class", "guards"),
    [
        (Overriding, "Overriding.dispatch (unknown), LoginRequiredMixin (not reached)"),
        (
            OverridingDecorated,
            "OverridingDecorated.dispatch (unknown), login_required (not reached)",
        ),
    ],
)
def test_a_guard_that_is_not_reached_is_none(view_class, guards, client):
    urls = [path("", view_class.as_view())]
    with project(*urls):
        answer = client.post("/", headers={"X-Hyper-Action": "save"})

    assert answer.status_code == 200
    assert f"guards: {guards}\n" in told(*urls)
    assert len(opened(*urls)) == 1


def test_a_dispatch_that_hands_on_keeps_the_guard_behind_it():
    assert opened(path("", HandingOn.as_view())) == set()


def opened(*urlpatterns):
    """Return the labels of what is open at these URLs."""
    with project(*urlpatterns):
        return {entry.action.label for entry in audit.audit() if entry.open_places}


def test_the_login_middleware_closes_what_does_not_say_otherwise(declared, settings):
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]

    @action
    def closed(request): ...

    @action
    def opened(request): ...

    @with_actions(closed)
    def page(request): ...

    @login_not_required
    @with_actions(opened)
    def open_page(request): ...

    assert audited(path("a", page), path("b", open_page)) == {"closed": False, "opened": True}


class LenientMiddleware(LoginRequiredMiddleware):
    """One that lets some pages pass."""

    def process_view(self, request, *args): ...


def test_a_login_middleware_that_decides_by_itself_is_none(declared, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.LenientMiddleware"]

    @action
    def save(request): ...

    @with_actions(save)
    def page(request): ...

    assert audited(path("", page)) == {"save": True}


def test_an_action_is_open_where_one_of_its_pages_is(declared):
    @action
    def save(request): ...

    @with_actions(save)
    def page(request): ...

    urls = path("open/", page), path("in/", include([path("<int:pk>/", login_required(page))]))

    assert audited(*urls) == {"save": True}
    assert told(*urls) == (
        f"{__name__}.test_an_action_is_open_where_one_of_its_pages_is.<locals>.save\n"
        "  name        save\n"
        "  methods     POST\n"
        "  parameters  none\n"
        "  guards      none\n"
        f"  called at   /open/ ({__name__}.{page.__qualname__}), guards: none\n"
        f"  called at   /in/<int:pk>/ ({__name__}.{page.__qualname__}), guards: login_required\n"
        "  open        yes, at /open/\n"
        "1 actions, 1 open without public=True.\n"
    )


def test_the_command_tells_all_of_an_action(declared):
    @action(
        "store",
        methods=["GET", "POST"],
        rate_limit="10/m",
        permission_required=["site.add_todo"],
        user_passes_test=is_ann,
        login_required=True,
        idempotent=True,
        form=Form,
    )
    def save(request, form, title: str, count: int | None = 3, more=()):
        """Store it.

        Twice is once.
        """

    @permission_required("site.add_todo")
    @with_actions(save)
    def page(request): ...

    name = f"{__name__}.test_the_command_tells_all_of_an_action.<locals>"
    assert told(path("", page), fail_open=True) == (
        f"{name}.save: Store it.\n"
        "  name        store\n"
        "  methods     GET, POST (idempotent)\n"
        "  parameters  title: str, count: int | None = 3, more = (), form, with its fields\n"
        "  guards      login_required, permission_required site.add_todo, "
        "user_passes_test is_ann, rate_limit 10/m\n"
        f"  called at   / ({name}.page), guards: permission_required\n"
        "  open        no\n"
        "1 actions, 0 open without public=True.\n"
    )


def test_what_no_url_leads_to_is_told_and_is_not_open(declared):
    @action
    def lonely(request): ...

    assert "  called at   no URL\n  open        no\n" in told(fail_open=True)


def test_fail_open_names_what_is_open_by_mistake(declared):
    @action
    def save(request): ...

    @action(public=True)
    def search(request): ...

    @with_actions(save, search)
    def page(request): ...

    assert "  open        yes (public)\n" in told(path("", page))
    assert "2 actions, 1 open without public=True." in told(path("", page))
    with pytest.raises(CommandError, match=r"open to anonymous callers: \S+\.save\. Guard each"):
        told(path("", page), fail_open=True)
    with pytest.raises(SystemExit, match="1"), project(path("", page)):
        execute("hyper_actions", "--fail-open")


def execute(*arguments):
    """Run a command as ``manage.py`` does."""
    ManagementUtility(["manage.py", *arguments]).execute()
