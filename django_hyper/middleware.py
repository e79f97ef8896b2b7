"""Mark action requests, and answer their failures; the action itself runs in the view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse as Template
from django.utils.cache import patch_cache_control, patch_vary_headers

from . import cookies, logs
from .answers import foreign, htmx, json, page
from .details import NO_CALL, HyperDetails, NoCall
from .errors import ActionError, CallRefused
from .failures import UNREADABLE, Failure
from .once import Claim
from .protocol import ACTION_META, ALPINE, HTMX, HTMX_META, PAGE, VARY
from .requests import check_charset, drop_uploads
from .states import add_states
from .views import ACTIONS

View = Callable[..., Any]

VARY_NAMES = VARY.split(", ")
ANSWER_FAILURE: Mapping[str, Callable[[Failure], HttpResponseBase]] = {
    ALPINE: json.answer_failure,
    HTMX: htmx.answer_failure,
}


class HyperMiddleware:
    """Give each request its ``request.hyper``; leave all but action requests alone."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            # Django sends each sync hook of an async stack through a thread.
            markcoroutinefunction(self)
            self.process_view = self._aprocess_view  # type: ignore[method-assign,assignment]
            self.process_template_response = self._atemplate  # type: ignore[method-assign,assignment]

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self._acall(request)
        is_named = ACTION_META in request.META
        request.hyper = named_by_header(request) if is_named else NO_CALL  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code >= 300:
            name_late(request)
        details = request.hyper  # type: ignore[attr-defined]
        if details is NO_CALL:
            return response
        if details.claim:
            release(details.claim)
        return finish(request, details, response)

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        is_named = ACTION_META in request.META
        request.hyper = named_by_header(request) if is_named else NO_CALL  # type: ignore[attr-defined]
        response: HttpResponseBase = await self.get_response(request)
        if response.status_code >= 300:
            name_late(request)
        details = request.hyper  # type: ignore[attr-defined]
        if details is NO_CALL:
            return response
        if details.claim:
            await sync_to_async(release)(details.claim)
        if not details.answered and details:
            return await sync_to_async(finish)(request, details, response)  # it may load the user
        return finish(request, details, response)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Prepare a view that has actions; keep one that has none from a named action."""
        refusal = enter_view(request, view)
        if request.hyper is not NO_CALL and may_bring_state(request):  # type: ignore[attr-defined]
            take_state(request)
        return refusal

    async def _aprocess_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        refusal = enter_view(request, view)
        if request.hyper is not NO_CALL and may_bring_state(request):  # type: ignore[attr-defined]
            await sync_to_async(take_state)(request)
        return refusal

    def process_template_response(self, request: HttpRequest, response: Template) -> Template:
        """Put the states into the context, over whatever `get_context_data` put there."""
        return add_states(request, response)

    async def _atemplate(self, request: HttpRequest, response: Template) -> Template:
        return add_states(request, response)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer what left the view; Django calls it in a thread under ASGI too."""
        name_late(request)
        details: HyperDetails | NoCall = request.hyper  # type: ignore[attr-defined]
        if not isinstance(details, HyperDetails) or not details:
            return None
        if details.caller != PAGE:
            return answer_failure(request, details, exception)
        if isinstance(exception, ActionError):
            failure = failure_of(request, details, exception)
            logs.write_detail(request, failure)
            return page.answer_failure(failure, request)
        return None


def named_by_header(request: HttpRequest) -> HyperDetails:
    """Return the details of a call; a name in the query counts once the view is known."""
    if request.encoding:
        check_charset(request)
    return HyperDetails(request.META, request.META[ACTION_META])


def named_by_query(request: HttpRequest) -> HyperDetails:
    """Return the details of a request to a view with actions; the query may name one."""
    if request.encoding:
        check_charset(request)
    details = HyperDetails(request.META, None)
    details.read_query(request)
    return details


def name_late(request: HttpRequest) -> None:
    """Take the action of an htmx call that was answered before anything read its name.

    A guard may stand before the view, and htmx mostly names an action in a form's field.
    """
    if request.META.get(HTMX_META) != "true" or request.hyper:  # type: ignore[attr-defined]
        return
    if not (request.resolver_match and hasattr(request.resolver_match.func, ACTIONS)):
        return
    details = named_by_query(request)
    if details.action is None:
        with suppress(*UNREADABLE):
            details.read_field(request)
    if details:
        request.hyper = details  # type: ignore[attr-defined]


def enter_view(request: HttpRequest, view: View) -> HttpResponseBase | None:
    """Name the actions of the view, or refuse the call of a view that has none."""
    details = request.hyper  # type: ignore[attr-defined]
    actions = getattr(view, ACTIONS, None)
    if actions is not None:
        if details is NO_CALL:
            request.hyper = details = named_by_query(request)  # type: ignore[attr-defined]
        details.actions = actions
        return None
    if details is NO_CALL:
        return None
    refused = CallRefused(
        "unknown_action",
        f"no action is called {details.action[:100]!r}; the view {view!r} "
        "has none. Derive it from ActionMixin, or put @with_actions(…) on the function; "
        "a decorator that does not use functools.wraps hides them.",
    )
    return answer_failure(request, details, refused)


def may_bring_state(request: HttpRequest) -> bool:
    """Whether this is no call, and has the cookie of a state."""
    is_call = request.hyper.action is not None  # type: ignore[attr-defined]
    return not is_call and cookies.has_state(request)


def take_state(request: HttpRequest) -> None:
    """Take what the redirect after a plain post brought for this page."""
    request.hyper.brought = cookies.read_state(request)  # type: ignore[attr-defined]


def answer_failure(
    request: HttpRequest, details: HyperDetails, exception: Exception
) -> HttpResponseBase:
    """Answer an exception to a client in its own way, and log it."""
    failure = failure_of(request, details, exception)
    details.answered = True
    response = ANSWER_FAILURE[details.caller](failure)
    logs.write(request, failure, exception, response)
    return response


def failure_of(request: HttpRequest, details: HyperDetails, exception: Exception) -> Failure:
    """Describe an exception; who must log in is told where."""
    failure = details.describe(exception)
    if failure.code == "login_required":
        return foreign.login_failure(request, failure.detail)
    return failure


def finish(
    request: HttpRequest, details: HyperDetails, response: HttpResponseBase
) -> HttpResponseBase:
    """Complete an answer of a view that has actions."""
    if response.status_code >= 400 and details:
        drop_uploads(request)
    if type(response) is json.JsonAnswer:
        return response
    if details:
        if not details.answered and details.caller != PAGE:
            failure = foreign.failure_of(request, response)
            if failure:
                response = replace_response(request, response, failure)
                if type(response) is json.JsonAnswer:
                    return response
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        # What the action itself made cacheable depends on its arguments.
        patch_vary_headers(response, ["X-Hyper-Data"])
    elif details.brought and details.entered:
        patch_cache_control(response, private=True, no_store=True)
        cookies.delete_state(response, request)
    patch_vary_headers(response, VARY_NAMES)
    return response


def release(claim: Claim) -> None:
    """Let a repeat run, where the first one came to nothing or was rolled back."""
    if not claim.is_kept:
        with suppress(Exception):  # the mark ends by itself
            claim.release()


def replace_response(
    request: HttpRequest, response: HttpResponseBase, failure: Failure
) -> HttpResponseBase:
    """Return the failure in the caller's way, with the cookies that the response had set."""
    replaced = ANSWER_FAILURE[request.hyper.caller](failure)  # type: ignore[attr-defined]
    replaced.cookies = response.cookies
    replaced._has_been_logged = True  # type: ignore[attr-defined]
    logs.write_detail(request, failure)
    # Closing it here would tell Django that the request is over.
    replaced._resource_closers = response._resource_closers  # type: ignore[attr-defined]
    return replaced
