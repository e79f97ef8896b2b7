"""Each mistake that a system check finds, and that a correct project has none."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import ModuleType

import pytest
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.checks import Error, Warning, run_checks
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView, TemplateView, View

from django_hyper import ActionMixin, action, actions, checks, with_actions

ROOT = Path(__file__).resolve().parents[1]
HYPER = "django_hyper.middleware.HyperMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
REDIS = "django.core.cache.backends.redis.RedisCache"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"


@pytest.fixture(autouse=True)
def _forget_declared(monkeypatch):
    """Look at the actions of one test only; `action` adds to the list that the checks read."""
    declared = []
    monkeypatch.setattr(actions, "declared", declared)
    monkeypatch.setattr(checks, "declared", declared)


def faults(*urlpatterns):
    """Return what the checks of this package find, of a project with these URLs."""
    urls = ModuleType("urls")
    vars(urls)["urlpatterns"] = urlpatterns
    with override_settings(ROOT_URLCONF=urls):
        return run_checks(tags=["django_hyper"])


def ids(*urlpatterns):
    found = faults(*urlpatterns)
    assert all(message.msg and message.hint for message in found)
    assert all(isinstance(each, Warning if ".W" in each.id else Error) for each in found)
    return [message.id.removeprefix("django_hyper.") for message in found]


def answer(*args, **kwargs):
    return HttpResponse()


class Marked:
    @action
    def save(self):
        pass


@pytest.mark.parametrize(
    ("middleware", "expected"),
    [
        pytest.param([CSRF, AUTH, HYPER], [], id="last"),
        pytest.param([HYPER], [], id="alone"),
        pytest.param([CSRF, AUTH], ["E001"], id="missing"),
        pytest.param([], ["E001"], id="none at all"),
        pytest.param([HYPER, CSRF, AUTH], ["E002", "E002"], id="first"),
        pytest.param([CSRF, HYPER, AUTH], ["E002"], id="before auth"),
        pytest.param([AUTH, HYPER, CSRF], ["E002"], id="before CSRF"),
    ],
)
def test_the_middleware_stands_after_those_it_relies_on(settings, middleware, expected):
    settings.MIDDLEWARE = middleware

    assert ids() == expected


def test_a_middleware_that_comes_too_late_is_named(settings):
    settings.MIDDLEWARE = (CSRF, HYPER, AUTH)

    assert [message.msg for message in faults()] == [f"HyperMiddleware stands before {AUTH}."]


def test_an_annotation_that_no_value_can_have_is_found():  # E003
    @action
    def unusable(request, when: complex): ...

    @action
    def unknown(request, todo: NoSuchType): ...  # type: ignore[name-defined]  # noqa: F821

    @action
    def usable(request, count: int): ...

    assert ids() == ["E003", "E003"]
    assert [("unusable" in each.msg, "unknown" in each.msg) for each in faults()] == [
        (True, False),
        (False, True),
    ]


def test_an_annotation_that_is_defined_further_down_is_no_fault():
    @action
    def later(request, todo: DefinedLater): ...

    assert ids() == []


@dataclass
class DefinedLater:
    title: str


def test_an_action_on_a_class_that_is_no_action_mixin_is_found():  # E004
    class Inherits(Marked, View):
        pass

    class Right(Marked, ActionMixin, View):
        pass

    assert ids(path("", Inherits.as_view())) == ["E004"]
    assert "Inherits has the action 'save'" in faults(path("", Inherits.as_view()))[0].msg
    assert ids(path("", Right.as_view())) == []


def test_what_a_class_itself_says_of_a_name_counts():  # E004
    class Hides(Marked, View):
        save = None

    class Base(View):
        def save(self):
            pass

    class Marks(Base):
        @action
        def save(self):
            pass

    assert ids(path("", Marks.as_view())) == ["E004"]
    assert ids(path("", Hides.as_view())) == []


def test_an_action_mixin_that_is_an_api_view_is_found(monkeypatch):  # E005
    class APIView(View):
        pass

    class Wrong(ActionMixin, APIView):
        pass

    class Right(ActionMixin, View):
        pass

    urls = [path("wrong/", Wrong.as_view()), path("right/", Right.as_view())]
    assert ids(*urls) == []  # Django REST framework is not in use

    module = ModuleType("rest_framework.views")
    module.APIView = APIView
    monkeypatch.setitem(sys.modules, "rest_framework.views", module)

    assert ids(*urls) == ["E005"]


def test_a_sync_auth_mixin_on_an_async_view_is_found():  # E006
    class Async(ActionMixin, View):
        async def get(self, request): ...

    class WrongAsync(LoginRequiredMixin, Async):
        pass

    class Sync(LoginRequiredMixin, ActionMixin, TemplateView):
        @action
        async def save(self): ...

    assert ids(path("", WrongAsync.as_view())) == ["E006"]
    assert ids(path("", login_required(Async.as_view()))) == []
    assert ids(path("", Sync.as_view())) == []


@pytest.mark.parametrize(
    ("backend", "options", "expected"),
    [
        (LOCMEM, {"rate_limit": "3/m"}, ["W001"]),
        (DUMMY, {"rate_limit": "3/m"}, ["W001"]),
        (LOCMEM, {"idempotent": True}, ["W001"]),
        (REDIS, {"rate_limit": "3/m", "idempotent": True}, []),
        (LOCMEM, {}, []),
    ],
)
def test_what_each_process_counts_or_keeps_by_itself_is_found(settings, backend, options, expected):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}

    @action(**options)
    def wave(request): ...

    assert ids() == expected
    assert all("wave" in message.msg and backend in message.msg for message in faults())


class Reader(ActionMixin, View):
    @action(methods=["GET", "POST"])
    def read(self): ...

    def get(self, request): ...


class Writer(ActionMixin, View):
    @action
    def write(self): ...

    def get(self, request): ...


@method_decorator(cache_page(60), name="dispatch")
class CachedReader(Reader):
    pass


class CachedByHandler(Reader):
    @method_decorator(cache_page(60))
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


@action(methods=["GET"])
def read(request): ...


@with_actions(read)
def reader(request): ...


def own_decorator(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        return view(*args, **kwargs)

    return wrapper


def counting(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1  # so it closes over itself
        return view(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        pytest.param(cache_page(60)(Reader.as_view()), ["W002"], id="class"),
        pytest.param(cache_page(60)(reader), ["W002"], id="function"),
        pytest.param(own_decorator(cache_page(60)(reader)), ["W002"], id="further inside"),
        pytest.param(cache_page(60)(own_decorator(reader)), ["W002"], id="further outside"),
        pytest.param(csrf_exempt(cache_page(60)(Reader.as_view())), ["W002"], id="csrf_exempt"),
        pytest.param(CachedReader.as_view(), ["W002"], id="on dispatch, by its class"),
        pytest.param(CachedByHandler.as_view(), ["W002"], id="on dispatch"),
        pytest.param(cache_page(60)(Writer.as_view()), [], id="POST is not cached"),
        pytest.param(Reader.as_view(), [], id="not cached"),
        pytest.param(own_decorator(reader), [], id="another decorator"),
        pytest.param(counting(reader), [], id="one that closes over itself"),
        pytest.param(counting(cache_page(60)(reader)), ["W002"], id="inside such a one"),
        pytest.param(cache_page(60)(answer), [], id="no actions"),
    ],
)
def test_a_cached_page_with_an_action_that_answers_get_is_found(view, expected):  # W002
    assert ids(path("", view)) == expected


def test_views_are_found_in_included_urls_and_told_once():
    class Wrong(Marked, View):
        pass

    view = Wrong.as_view()
    inner = [path("a/", view), path("b/", view)]

    assert ids(path("in/", include([path("deep/", include(inner))])), path("c/", view)) == ["E004"]


@pytest.mark.parametrize("root", [None, ""])
def test_a_project_without_urls_has_no_faulty_views(settings, root):
    settings.ROOT_URLCONF = root

    assert checks.check_views() == []


def test_a_correct_project_has_no_faults():
    class Page(LoginRequiredMixin, ActionMixin, TemplateView):
        @action
        def save(self, title: str): ...

    urls = [
        path("class/", Page.as_view()),
        path("function/", login_required(reader)),
        path("other/", RedirectView.as_view(url="/")),
        path("plain/", answer),
    ]

    assert ids(*urls) == []


# The tests' own site counts rates, which a shared cache does rightly; a check never asks it.
@pytest.mark.parametrize(
    ("check", "settings_module"),
    [
        ("demo/manage.py check", "config.settings"),
        ("-m django check --tag django_hyper", "tests_py.settings"),
    ],
    ids=["demo", "tests"],
)
def test_the_projects_of_this_repository_have_no_faults(check, settings_module):
    environment = {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "PYTHONPATH": str(ROOT),
        "TEST_REDIS": "redis://127.0.0.1:1",
    }

    done = subprocess.run(
        [sys.executable, *check.split(), "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
