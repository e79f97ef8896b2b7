"""Decide who may call an action: its method, login, permissions, test and rate."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, NoReturn

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils.module_loading import import_string

from .errors import CallRefused, busy

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds, for each caller."""

    calls: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Return the rate that ``"10/m"`` writes.

        Raises:
            TypeError: It is not written like that.
        """
        match = re.fullmatch(r"([1-9][0-9]*)/([smhd])", text)
        if match is None:
            raise TypeError(f"rate_limit got {text!r}; expected calls per unit, e.g. '10/m'.")
        return cls(int(match[1]), SECONDS[match[2]])


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards of one action.

    `ask_who` is true when one of them looks at the caller, which may wait for the
    database or the cache.
    """

    methods: tuple[str, ...]
    login_required: bool
    permissions: tuple[str, ...]
    test: Callable[[Any], bool] | None
    rate: Rate | None
    ask_who: bool = field(init=False)

    def __post_init__(self) -> None:
        ask_who = self.login_required or self.permissions or self.test or self.rate
        object.__setattr__(self, "ask_who", bool(ask_who))


def check_method(guards: Guards, request: HttpRequest) -> None:
    """Refuse a method that the action does not list; HEAD and OPTIONS never run one."""
    if request.method not in guards.methods:
        raise CallRefused(
            "method_not_allowed",
            f"the action got {request.method}; expected {' or '.join(guards.methods)}. "
            "List the method in @action(methods=…), or fix $action()'s `method`.",
            headers={"Allow": ", ".join(guards.methods)},
        )


def check_guards(guards: Guards, request: HttpRequest, label: str) -> None:
    """Refuse a caller who may not.

    Args:
        label: Names the action, for the log and for counting its rate.

    Raises:
        CallRefused: ``login_required``, ``permission_denied``, ``rate_limited`` or,
            when the cache that counts cannot be reached, ``busy``.
    """
    user = getattr(request, "user", None)
    if guards.login_required and not getattr(user, "is_authenticated", False):
        raise CallRefused("login_required", f"{label} got an anonymous caller.")
    if guards.permissions and not (user and user.has_perms(guards.permissions)):
        _deny(label, f"a caller without {', '.join(guards.permissions)}")
    if guards.test and not passes(guards.test, user):
        _deny(label, "a caller that `user_passes_test` refuses")
    if guards.rate:
        _count(guards.rate, request, user, label)


def passes(test: Callable[[Any], Any], user: Any) -> bool:
    """Whether the user passes a test, which may be a coroutine function."""
    passed = test(user)
    return bool(async_to_sync(_result_of)(passed) if isawaitable(passed) else passed)


async def _result_of(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _deny(label: str, who: str) -> NoReturn:
    raise CallRefused("permission_denied", f"{label} got {who}.")


def _count(rate: Rate, request: HttpRequest, user: Any, label: str) -> None:
    now = time.time()
    window = int(now // rate.seconds)
    key = f"django_hyper:rate:{label}:{_caller(request, user)}:{window}"
    try:
        count = 1 if cache.add(key, 1, rate.seconds + 1) else cache.incr(key)
    except Exception as error:  # each cache has its own; without a count nothing may run
        raise busy(
            f"{label} is rate-limited and the cache cannot be reached: {error!r}."
        ) from error
    if count > rate.calls:
        raise CallRefused(
            "rate_limited",
            f"{label} got call {count} of {rate.calls} in {rate.seconds} s.",
            headers={"Retry-After": str(int((window + 1) * rate.seconds - now) + 1)},
        )


def _caller(request: HttpRequest, user: Any) -> str:
    if user is not None and user.is_authenticated:
        return f"user-{user.pk}"
    read_address: Any = getattr(settings, "HYPER_CLIENT_ADDRESS", None)
    if isinstance(read_address, str):
        read_address = import_string(read_address)
    address = read_address(request) if read_address else request.META.get("REMOTE_ADDR", "")
    return f"address-{address}"


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked for its reason instead of its page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def is_csrf_checked(request: HttpRequest) -> bool:
    """Whether Django's CSRF check has accepted the request with the method that it has now."""
    is_accepted = getattr(request, "csrf_processing_done", False)
    # A GET needs no token, and a view may have made a POST of it since.
    return bool(is_accepted) and request.method == request.META["REQUEST_METHOD"]


def csrf_fault(request: HttpRequest) -> str | None:
    """Return why Django's CSRF check refuses the request, or ``None``.

    Free of cost where ``CsrfViewMiddleware`` has accepted it already.
    """
    if is_csrf_checked(request):
        return None
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check = CsrfCheck(HttpResponse)  # nothing comes after it, and no view is exempt
    check.process_request(request)
    fault: Any = check.process_view(request, HttpResponse, (), {})
    return None if fault is None else str(fault)


def check_csrf(request: HttpRequest) -> None:
    """Check the call of a view that is exempt: its actions are not.

    Raises:
        CallRefused: ``csrf_failed``, with a fresh token.
    """
    if fault := csrf_fault(request):
        raise csrf_refusal(request, fault)


def csrf_refusal(request: HttpRequest, fault: str) -> CallRefused:
    """Return the refusal that lets the client repeat once, with a fresh token."""
    return CallRefused(
        "csrf_failed",
        f"Django's CSRF check refused the call: {fault}",
        extra={"csrf_token": get_token(request)},
    )
