"""Pages behind every guard that Django has, in every order."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import (
    login_not_required,
    login_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from django_hyper import ActionMixin, action, with_actions

from .kinds import pages_with
from .spy import entered


@action
def write(owner):
    entered.append("write")
    return "written"


@action
async def awrite(owner):
    entered.append("awrite")
    return "written"


class Actions:
    write = write
    awrite = awrite

    def get(self, request, **kwargs):
        entered.append("page")
        return HttpResponse("page")

    post = get


class Page(Actions, ActionMixin, View):
    pass


class MixinLeft(LoginRequiredMixin, Actions, ActionMixin, View):
    pass


class MixinRight(ActionMixin, Actions, LoginRequiredMixin, View):
    pass


class MixinBetween(Actions, ActionMixin, LoginRequiredMixin, View):
    login_url = "/mixins/login/?from=mixin"
    redirect_field_name = "back"


class TestLeft(UserPassesTestMixin, Actions, ActionMixin, View):
    def test_func(self):
        return self.request.user.username == "ann"


class TestRight(ActionMixin, Actions, UserPassesTestMixin, View):
    def test_func(self):
        return self.request.user.username == "ann"


class PermissionLeft(PermissionRequiredMixin, Actions, ActionMixin, View):
    permission_required = "site.add_todo"


class PermissionRight(ActionMixin, Actions, PermissionRequiredMixin, View):
    permission_required = "site.add_todo"


class OwnDispatch(Actions, ActionMixin, View):
    def dispatch(self, request, *args, **kwargs):
        if request.user.username != "ann":
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RedirectingDispatch(Actions, ActionMixin, View):
    def dispatch(self, request, *args, **kwargs):
        if request.user.username != "ann":
            return HttpResponseRedirect("/verify/")
        return super().dispatch(request, *args, **kwargs)


class GuardingSetup(Actions, ActionMixin, View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.username != "ann":
            raise PermissionDenied


class AnsweringDispatch(Actions, ActionMixin, View):
    def dispatch(self, request, *args, status, **kwargs):
        return HttpResponse("<h1>own</h1>", status=status, headers={"Retry-After": "7"})


class BrokenDispatch(Actions, ActionMixin, View):
    def dispatch(self, request, *args, **kwargs):
        raise ZeroDivisionError("secret")


@method_decorator(login_required, name="dispatch")
class DecoratedClass(Actions, ActionMixin, View):
    pass


class DecoratedDispatch(Actions, ActionMixin, View):
    @method_decorator(login_required)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


class AsyncPage(Actions, ActionMixin, View):
    async def get(self, request):  # type: ignore[override]
        entered.append("page")
        return HttpResponse("page")

    post = get  # type: ignore[assignment]


@with_actions(write, awrite)
def page(request):
    entered.append("page")
    return HttpResponse("page")


@with_actions(write, awrite)
async def apage(request):
    entered.append("page")
    return HttpResponse("page")


is_ann = user_passes_test(lambda user: user.username == "ann")
may_add = permission_required("site.add_todo", raise_exception=True)

# Each lets ann in, who has the permission site.add_todo, and no anonymous caller.
GUARDED = {
    "mixin-left": MixinLeft.as_view(),
    "mixin-right": MixinRight.as_view(),
    "mixin-between": MixinBetween.as_view(),
    "test-left": TestLeft.as_view(),
    "test-right": TestRight.as_view(),
    "permission-left": PermissionLeft.as_view(),
    "permission-right": PermissionRight.as_view(),
    "own-dispatch": OwnDispatch.as_view(),
    "redirecting-dispatch": RedirectingDispatch.as_view(),
    "guarding-setup": GuardingSetup.as_view(),
    "decorated-class": DecoratedClass.as_view(),
    "decorated-dispatch": DecoratedDispatch.as_view(),
    "around-as-view": login_required(Page.as_view()),
    "around-async-as-view": login_required(AsyncPage.as_view()),
    "around-function": login_required(page),
    "around-async-function": login_required(apage),
    "test-around-function": is_ann(page),
    "test-around-async-function": is_ann(apage),
    "permission-around-as-view": may_add(Page.as_view()),
    "permission-around-function": may_add(page),
    "permission-around-async-function": may_add(apage),
    "own-login-url": login_required(page, login_url="/other/login/", redirect_field_name="to"),
}


# The options of @action


@action(login_required=True)
def for_members(owner):
    entered.append("for_members")
    return "written"


@action(permission_required="site.add_todo")
def with_permission(owner):
    entered.append("with_permission")
    return "written"


@action(permission_required=["site.add_todo", "site.delete_todo"])
def with_permissions(owner):
    entered.append("with_permissions")
    return "written"


@action(user_passes_test=lambda user: user.username == "ann")
def for_ann(owner):
    entered.append("for_ann")
    return "written"


@action(login_required=True)
async def afor_members(owner):
    entered.append("afor_members")
    return "written"


@action(permission_required="site.add_todo")
async def awith_permission(owner):
    entered.append("awith_permission")
    return "written"


@action(user_passes_test=lambda user: user.username == "ann")
async def afor_ann(owner):
    entered.append("afor_ann")
    return "written"


@action(login_required=True)
def takes_number(owner, number: int):
    entered.append("takes_number")


@action(rate_limit="2/d")
def limited(owner):
    entered.append("limited")
    return "written"


@action(rate_limit="2/d")
async def alimited(owner):
    entered.append("alimited")
    return "written"


@action(rate_limit="1/s")
def each_second(owner):
    return "written"


@action(rate_limit="1/d")
def once_a_day(owner):
    return "written"


# Django's own decorators below @action, on functions


@action
@login_required
def decorated_for_members(request):
    entered.append("decorated_for_members")
    return "written"


@action
@permission_required("site.add_todo", raise_exception=True)
def decorated_with_permission(request):
    entered.append("decorated_with_permission")
    return "written"


@action
@login_required
async def adecorated_for_members(request):
    entered.append("adecorated_for_members")
    return "written"


@action
def log_out(request):
    return HttpResponseRedirect("/accounts/login/")


DECORATED = (decorated_for_members, decorated_with_permission, adecorated_for_members, log_out)


@with_actions(*DECORATED)
def decorated_page(request):
    return HttpResponse("page")


@with_actions(*DECORATED)
async def adecorated_page(request):
    return HttpResponse("page")


# CSRF


@csrf_exempt
@with_actions(write, awrite)
def webhook(request):
    entered.append("webhook")
    return HttpResponse("webhook")


@csrf_exempt
@with_actions(write, awrite)
async def awebhook(request):
    entered.append("webhook")
    return HttpResponse("webhook")


@method_decorator(csrf_exempt, name="dispatch")
class WebhookPage(Actions, ActionMixin, View):
    def post(self, request):
        entered.append("webhook")
        return HttpResponse("webhook")


@method_decorator(csrf_exempt, name="dispatch")
class AsyncWebhookPage(ActionMixin, View):
    write = write
    awrite = awrite

    async def post(self, request):
        entered.append("webhook")
        return HttpResponse("webhook")


def hide(view):
    """Wrap a view as a decorator without functools.wraps does."""
    return lambda request: view(request)


def forbid(view):
    @wraps(view)
    async def refuse(request):
        return HttpResponse("no", status=403)

    return refuse


# Each is exempt from CSRF checks.
WEBHOOKS = {
    "webhook": webhook,
    "awebhook": awebhook,
    "webhook-page": WebhookPage.as_view(),
    "async-webhook-page": AsyncWebhookPage.as_view(),
    "exempt-as-view": csrf_exempt(Page.as_view()),
}

ALL = (
    *(write, awrite, for_members, with_permission, with_permissions, for_ann, afor_members),
    *(awith_permission, afor_ann, takes_number, limited, alimited, each_second, once_a_day),
)

urlpatterns = [
    path("", include(pages_with(*ALL))),
    *(path(f"{name}/", view) for name, view in {**GUARDED, **WEBHOOKS}.items()),
    path("page/", Page.as_view()),
    path("broken-dispatch/", BrokenDispatch.as_view()),
    path("answering/<int:status>/", AnsweringDispatch.as_view()),
    path("hidden-page/", hide(Page.as_view())),
    path("hidden-function/", hide(page)),
    path("forbidden/", forbid(awebhook)),
    path("open/", login_not_required(page)),
    path("protected/", csrf_protect(page)),
    path("for-get/", require_GET(page)),
    path("decorated/", decorated_page),
    path("adecorated/", adecorated_page),
]
