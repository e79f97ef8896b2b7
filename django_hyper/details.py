"""``request.hyper``: what a request says of an action."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest

from .failures import Failure, describe
from .once import Claim
from .protocol import (
    ACTION_FIELD,
    ACTION_META,
    ALPINE,
    ATTEMPT_META,
    BOOSTED_META,
    FORM_TYPES,
    HTMX,
    HTMX_META,
    PAGE,
    REQUEST_ID_FIELD,
    REQUEST_ID_META,
    TARGET_META,
)
from .registry import NO_ACTIONS, Actions, unbound_form_maker
from .states import States


class HyperDetails:
    """What a request says of an action, as ``request.hyper``; true for an action request."""

    __slots__ = (
        "_field_id",
        "_meta",
        "_owner",
        "_states",
        "action",
        "actions",
        "answered",
        "brought",
        "by_field",
        "caller",
        "claim",
        "entered",
        "failure",
    )

    def __init__(self, meta: Mapping[str, Any], action: str | None) -> None:
        # Not the request: they would hold each other, until the garbage collector comes.
        self._meta = meta
        self.caller = ALPINE if ACTION_META in meta else _caller(meta)
        self._field_id: str | None = None
        self.action = action
        self.by_field = False  # named by a POST field alone: a plain browser post
        self.answered = False  # the action was entered and its answer is made
        self.entered = False  # the view has looked whether an action is named
        self.failure: tuple[Exception, Failure] | None = None
        self.actions = NO_ACTIONS  # those of this view
        self.claim: Claim | None = None  # of an idempotent action that has run
        self.brought: tuple[str, Any] | None = None  # a name and a result, by a cookie
        self._owner: Any = None
        self._states: States | None = None

    def __bool__(self) -> bool:
        return self.action is not None

    def read_query(self, request: HttpRequest) -> None:
        """Take the action that the query names."""
        if self._meta.get("QUERY_STRING"):
            self.action = request.GET.get(ACTION_FIELD)

    def read_field(self, request: HttpRequest) -> None:
        """Take the action that a form's field names; reads the body of forms alone."""
        if request.method == "POST" and request.content_type in FORM_TYPES:
            self.action = request.POST.get(ACTION_FIELD)
            self.by_field = self.action is not None
            self._field_id = request.POST.get(REQUEST_ID_FIELD)

    @property
    def target(self) -> str | None:
        """The selector that the caller wants HTML put into."""
        return self._meta.get(TARGET_META)

    @property
    def request_id(self) -> str | None:
        """The id of the logical call, the same in a repeat."""
        if header := self._meta.get(REQUEST_ID_META):
            return str(header)
        return self._field_id

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        text = self._meta.get(ATTEMPT_META, "")
        is_number = text.isascii() and text.isdigit() and len(text) < 6
        return max(int(text), 1) if is_number else 1

    @property
    def states(self) -> States:
        """The state of each action of this view, by name."""
        if self._states is None:
            if self.actions.has_forms:
                form_maker = partial(unbound_form_maker, self.actions, self._owner)
                self._states = States(self.actions, form_maker)
            else:
                self._states = States(self.actions)
            if self.brought and self.brought[0] in self.actions:
                self._states[self.brought[0]].succeed(self.brought[1])
        return self._states

    def enter(self, actions: Actions, owner: Any) -> None:
        """Take the actions of the view that is entered, and what their forms are made for."""
        self.entered = True
        self.actions = actions
        if actions.has_forms:
            # Only then: it holds the request, which holds this.
            self._owner = owner
            self._states = None

    def describe(self, error: Exception) -> Failure:
        """Return the failure that the run described, or describe what a guard raised."""
        described, failure = self.failure or (None, None)
        self.failure = None  # its traceback holds the request, which holds this
        return failure if failure and described is error else describe(error)


def _caller(meta: Mapping[str, Any]) -> str:
    """Return who asks without the header of our client."""
    # A link or form under hx-boost is the browser's own: it wants a page.
    is_htmx = meta.get(HTMX_META) == "true" and BOOSTED_META not in meta
    return HTMX if is_htmx else PAGE


class NoCall:
    """``request.hyper`` of a request for a view without actions. There is one of it."""

    __slots__ = ()

    action = target = request_id = failure = None
    attempt = 1
    caller = PAGE
    answered = entered = False

    def __bool__(self) -> bool:
        return False

    @property
    def states(self) -> States:
        return States(())


NO_CALL: Any = NoCall()  # stands where details do
