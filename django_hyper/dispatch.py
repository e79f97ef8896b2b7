"""The order of one call. Each step is decided in the file it comes from."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from . import pages, shield
from .answers import htmx, json, page
from .answers.sse import Frames
from .collect import AnyGenerator, Collected, acollect, collect
from .details import HyperDetails
from .failures import describe
from .forms import FormMaker, bound_form, check_form, is_name_of
from .guards import check_csrf, check_guards, check_method, is_csrf_checked
from .items import Reply
from .once import Claim, claim, must_ask
from .protocol import ALPINE, HTMX, PAGE
from .refreshes import arefreshed, needs_page, refreshed
from .registry import Action, Actions, find_action
from .replies import needs_a_thread, reply_of
from .requests import RawArguments, read_call
from .streams import is_stream, stream
from .toasts import count_messages, queue_messages, sort_toasts


@dataclass(slots=True)  # not frozen: that takes four times as long to make
class Call:
    """One use of an action."""

    request: HttpRequest
    details: HyperDetails
    actions: Actions
    owner: Any  # the first argument of the action: the view, or the request
    route: Mapping[str, Any]  # what the URL pattern took from the path, by name
    page: Callable[..., Any]  # the view's own handler
    is_async: bool = False  # whether the view is
    args: Sequence[Any] = ()  # what it took without a name, where the view is a function

    def render(self, request: HttpRequest) -> Any:
        """Return the page itself; a coroutine, if the view is async."""
        return self.page(request, *self.args, **self.route)


def dispatch(call: Call) -> HttpResponseBase:
    """Answer the call, inside a synchronous view."""
    return pages.respond(call, run) if call.details.caller == PAGE else run(call)


async def adispatch(call: Call) -> HttpResponseBase:
    """Answer the call, inside an asynchronous view."""
    return await (pages.arespond(call, arun) if call.details.caller == PAGE else arun(call))


def run(call: Call) -> HttpResponseBase:
    """Run the action that the request names."""
    request = call.request
    if not is_csrf_checked(request):
        check_csrf(request)
    action = find_action(call.actions, call.details.action)
    check_method(action.guards, request)
    if action.guards.ask_who:
        check_guards(action.guards, request, action.label)
    raw = read_call(request, call.details, call.route)
    make_form = action.make_form
    arguments = bind_form(call, action, make_form, raw) if make_form else action.bind(raw)
    claimed = claim(call, action, raw) if must_ask(action, request) else None
    if isinstance(claimed, HttpResponseBase):
        return claimed
    running = Run(call, action, claimed)
    try:
        if action.is_async:
            returned = async_to_sync(shield.run_to_end)(action.function(call.owner, **arguments))
        else:
            returned = shield.call(action.function, call.owner, arguments)
        return answer(call, running, returned)
    except Exception as error:
        running.fail(error)
        raise


def answer(call: Call, running: Run, returned: Any) -> HttpResponseBase:
    """Return the answer of what the action returned."""
    if is_stream(returned):
        if running.is_streamed:
            return running.stream(returned)
        returned = collect(returned, Collected(call.request, running.action.function))
    reply = running.read(returned)
    return running.answer(refreshed(call, reply) if needs_page(reply, call) else reply)


async def arun(call: Call) -> HttpResponseBase:
    """Run the action that the request names, and what may wait in a thread."""
    request = call.request
    if not is_csrf_checked(request):
        await sync_to_async(check_csrf)(request)
    action = find_action(call.actions, call.details.action)
    check_method(action.guards, request)
    if action.guards.ask_who:
        await sync_to_async(check_guards)(action.guards, request, action.label)
    raw = read_call(request, call.details, call.route)
    if action.make_form:
        arguments = await sync_to_async(bind_form)(call, action, action.make_form, raw)
    else:
        arguments = action.bind(raw)
    claimed = await sync_to_async(claim)(call, action, raw) if must_ask(action, request) else None
    if isinstance(claimed, HttpResponseBase):
        return claimed
    running = Run(call, action, claimed)
    try:
        if action.info.is_stream:  # nothing of it runs yet
            returned = action.function(call.owner, **arguments)
        else:
            running_to_end = start(action, call.owner, arguments)
            returned = await shield.run_to_end(running_to_end, running.needs_client)
        return await aanswer(call, running, returned)
    except Exception as error:
        running.fail(error)
        raise


def start(action: Action, owner: Any, arguments: Mapping[str, Any]) -> Coroutine[Any, Any, Any]:
    """Return the coroutine of an action; one that is not async may wait, so it gets a thread."""
    if action.is_async:
        coroutine: Coroutine[Any, Any, Any] = action.function(owner, **arguments)
        return coroutine
    return shield.call_in_thread(action.function, owner, arguments)


async def aanswer(call: Call, running: Run, returned: Any) -> HttpResponseBase:
    """Do as `answer` does; what may wait does so in a thread."""
    if is_stream(returned):
        if running.is_streamed:
            return running.stream(returned)
        collected = Collected(call.request, running.action.function)
        returned = await shield.run_to_end(acollect(returned, collected))
    if needs_a_thread(returned):
        reply = await sync_to_async(running.read)(returned)
    else:
        reply = running.read(returned)
    if needs_page(reply, call):
        reply = await arefreshed(call, reply)
    if call.details.caller != ALPINE or running.claimed:
        return await sync_to_async(running.answer)(reply)
    return running.answer(reply)


def bind_form(
    call: Call, action: Action, make_form: FormMaker, raw: RawArguments
) -> dict[str, Any]:
    """Return the arguments of an action that has a form: bound and valid, as ``form``."""
    form = bound_form(make_form, call.owner, raw)
    call.details.states[action.name].form = form
    arguments = action.bind(raw, partial(is_name_of, form))
    check_form(form)
    return {**arguments, "form": form}


class Run:
    """The state of the action while it runs, and what is told of its end."""

    __slots__ = ("action", "call", "claimed", "details", "first_message", "request", "state")

    def __init__(self, call: Call, action: Action, claimed: Claim | None) -> None:
        self.call = call
        self.request = call.request
        self.details = call.details
        self.action = action
        self.claimed = call.details.claim = claimed
        self.state = call.details.states[action.name]
        self.state.start()
        self.first_message = count_messages(call.request)

    @property
    def is_streamed(self) -> bool:
        """Whether the caller reads streams; others get all of it at the end."""
        return self.details.caller == ALPINE

    def needs_client(self, returned: Any) -> bool:
        """Whether what the action returned is only begun while somebody reads it."""
        return self.is_streamed and is_stream(returned)

    def read(self, returned: Any) -> Reply | HttpResponseBase:
        """Return what the action returned as result and items; the state has the result."""
        reply = reply_of(returned, self.request, self.action.function)
        self.state.succeed(reply.result if isinstance(reply, Reply) else None)
        return reply

    def answer(self, reply: Reply | HttpResponseBase) -> HttpResponseBase:
        """Return the answer for the caller."""
        response = reply if isinstance(reply, HttpResponseBase) else self.answer_reply(reply)
        self.details.answered = True
        if self.claimed:
            self.claimed.keep(response)
        return response

    def answer_reply(self, reply: Reply) -> HttpResponse:
        """Return result and items in the way of the caller."""
        caller = self.details.caller
        items, messages = reply.items, None
        is_any = items or count_messages(self.request) > self.first_message
        if is_any:
            items, messages = sort_toasts(
                items, self.request, self.first_message, is_page=caller == PAGE
            )
        if caller == ALPINE:
            response = json.answer(reply.result, items)
        elif caller == HTMX:
            response = htmx.answer(items, reply.page)
        else:
            response = page.answer(reply.result, items, self.request, self.action.bind.names)
        if is_any:
            queue_messages(messages, self.request, self.first_message)
        if reply.cookies:
            response.cookies = reply.cookies
        return response

    def stream(self, generator: AnyGenerator) -> HttpResponseBase:
        """Return the answer that goes on while the generator does."""
        if self.claimed:
            raise TypeError(
                f"{self.action.label} is idempotent and gave a stream, which none can keep."
            )
        frames = Frames(self.call, self.action, self.state, self.first_message)
        response = stream(self.request, generator, frames)
        self.details.answered = True
        return response

    def fail(self, error: Exception) -> None:
        """Tell of an exception that leaves the view."""
        failure = describe(error, self.action.file)
        self.state.fail(failure.error, dict(failure.errors))
        self.details.failure = (error, failure)
