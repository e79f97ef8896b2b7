"""Run an action for a browser without script, and show its page with what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

from . import logs
from .answers import page
from .errors import ActionError, CallRefused
from .failures import Failure
from .forms import add_errors
from .protocol import ACTION_FIELD
from .states import State, Values
from .transactions import savepoints

if TYPE_CHECKING:
    from .dispatch import Call

# Refusals that the visitor can mend on the page; for the others Django has pages.
SHOWN = frozenset({"invalid_params", "conflict", "rate_limited", "busy"})


def respond(call: Call, run: Callable[[Call], HttpResponseBase]) -> HttpResponseBase:
    """Run the action; the page itself answers a GET, and a failure that it can show."""
    with Ending(call) as ending, savepoints():
        ending.response = run(call)
    if ending.shown is None:
        return ending.response
    return ending.complete(call.render(ending.shown))


async def arespond(
    call: Call, run: Callable[[Call], Awaitable[HttpResponseBase]]
) -> HttpResponseBase:
    """Do as `respond` does in an asynchronous view, which has no transaction."""
    with Ending(call) as ending:
        ending.response = await run(call)
    if ending.shown is None:
        return ending.response
    return ending.complete(await call.render(ending.shown))


class Ending:
    """How a run ended: with a response, or with a request to render the page for."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.response: HttpResponseBase = page.Itself()
        self.failure: Failure | None = None
        self.shown: HttpRequest | None = None

    def __enter__(self) -> Ending:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Take a failure that the page can show; any other leaves the view."""
        details, request = self.call.details, self.call.request
        if isinstance(error, Exception):
            failure = details.describe(error)
            if not is_shown(error, failure):
                return False
            details.answered = True
            self.failure = failure
            self.shown = as_get(request)
            logs.write_detail(request, failure)
            state = details.states[str(details.action)]
            show(state, failure, request, is_refused=isinstance(error, CallRefused))
        elif error is None and isinstance(self.response, page.Itself):
            details.states[str(details.action)].values = Values.of(request.GET)
            self.shown = request
        return error is not None and self.failure is not None

    def complete(self, response: HttpResponseBase) -> HttpResponseBase:
        """Give the page the status, headers and cookies of the run; some views have no page."""
        response.cookies.update(self.response.cookies)
        if self.failure is None:
            return response
        if response.status_code == 405:
            return page.answer_failure(self.failure, self.call.request)
        if response.status_code == 200:
            response.status_code = self.failure.status
            for name, value in self.failure.headers.items():
                response.headers[name] = value
        return response


def is_shown(error: Exception, failure: Failure) -> bool:
    """Whether the page can show a failure: what the action said itself, or can be mended."""
    is_refusal = isinstance(error, CallRefused)
    is_told = failure.status == 422 or isinstance(error, ActionError)
    return failure.code in SHOWN if is_refusal else is_told


def show(state: State, failure: Failure, request: HttpRequest, *, is_refused: bool) -> None:
    """Put a failure into the state, and what was typed beside it."""
    state.fail(failure.error, dict(failure.errors))
    # What could not be read yet, or not at all, has set nothing.
    sent = request.GET if request.method == "GET" else vars(request).get("_post")
    state.values = Values.of(sent or QueryDict())
    # The form of a call that was refused is made and checked where the page shows it.
    if state.is_form_bound and not is_refused:
        add_errors(state.form, failure.errors)


def as_get(request: HttpRequest) -> HttpRequest:
    """Return a copy that asks for the page.

    It shares ``META``, the messages and the session with `request`: Django's middleware
    looks there for what the page has done to them.
    """
    page_request = type(request).__new__(type(request))
    vars(page_request).update(vars(request))
    query = request.GET.copy()
    query.pop(ACTION_FIELD, None)
    changed = {
        "method": "GET",
        "GET": query,
        "content_type": "",
        "_body": b"",
        "_post": QueryDict(),
        "_files": MultiValueDict(),
    }
    vars(page_request).update(changed)
    return page_request
