"""The order of one call. Each step is decided in the file it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, NamedTuple

from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponseBase

from . import shield
from .answers import json, page
from .details import HyperDetails
from .failures import describe
from .guards import check_csrf, check_guards, check_method, is_csrf_checked
from .items import Reply
from .protocol import ALPINE
from .registry import Action, Actions, find_action
from .replies import needs_a_thread, reply_of
from .requests import read_call
from .toasts import count_messages, queue_messages, sort_toasts


class Call(NamedTuple):
    """One use of an action."""

    request: HttpRequest
    details: HyperDetails
    actions: Actions
    owner: Any  # the first argument of the action: the view, or the request
    route: Mapping[str, Any]  # what the URL pattern took from the path
    render: Callable[[], Any]  # the view's own GET, for callers without JavaScript


def dispatch(call: Call) -> HttpResponseBase:
    """Run the action that the request names, inside a synchronous view."""
    request = call.request
    if not is_csrf_checked(request):
        check_csrf(request)
    action = find_action(call.actions, call.details.action)
    check_method(action.guards, request)
    if action.guards.ask_who:
        check_guards(action.guards, request, action.label)
    arguments = action.bind(read_call(request, call.details, call.route))
    with Run(call, action) as run:
        if action.is_async:
            returned = async_to_sync(shield.run_to_end)(action.function(call.owner, **arguments))
        else:
            returned = shield.call(action.function, call.owner, **arguments)
        reply = reply_of(returned, request, action.function)
        response = run.succeed(reply)
    return call.render() if response is None else response


async def adispatch(call: Call) -> HttpResponseBase:
    """Run the action that the request names, inside an asynchronous view."""
    request = call.request
    if not is_csrf_checked(request):
        await sync_to_async(check_csrf)(request)
    action = find_action(call.actions, call.details.action)
    check_method(action.guards, request)
    if action.guards.ask_who:
        await sync_to_async(check_guards)(action.guards, request, action.label)
    arguments = action.bind(read_call(request, call.details, call.route))
    with Run(call, action) as run:
        if action.is_async:
            running = action.function(call.owner, **arguments)
        else:
            running = shield.call_in_thread(action.function, call.owner, **arguments)
        returned = await shield.run_to_end(running)
        if needs_a_thread(returned):
            reply = await sync_to_async(reply_of)(returned, request, action.function)
        else:
            reply = reply_of(returned, request, action.function)
        response = run.succeed(reply)
    return await call.render() if response is None else response


class Run:
    """The state of the action while it runs, and what is told of its end."""

    __slots__ = ("action", "details", "first_message", "request", "state")

    def __init__(self, call: Call, action: Action) -> None:
        self.request = call.request
        self.details = call.details
        self.action = action
        self.state = call.details.states[action.name]
        self.first_message = count_messages(call.request)

    def __enter__(self) -> Run:
        self.state.start()
        return self

    def succeed(self, reply: Reply | HttpResponseBase) -> HttpResponseBase | None:
        """Return the answer; ``None`` asks for the view's own page with the state in it."""
        self.details.answered = True
        if isinstance(reply, HttpResponseBase):
            self.state.succeed(None)
            return reply
        is_alpine = self.details.caller == ALPINE
        items, messages = sort_toasts(reply.items, self.request, self.first_message, is_alpine)
        if is_alpine:
            response: HttpResponseBase | None = json.answer(reply.result, items)
        else:
            response = page.answer(items, self.request, self.action.bind.names)
        self.state.succeed(reply.result)
        queue_messages(messages, self.request, self.first_message)
        # Django's cache middlewares know an answer by its URL, and some keep what is no-store.
        self.request._cache_update_cache = False  # type: ignore[attr-defined]
        if response is not None and reply.cookies:
            response.cookies = reply.cookies
        return response

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            failure = describe(error, self.action.file)
            self.state.fail(failure.error, dict(failure.errors))
            self.details.failure = (error, failure)
