"""What can go wrong in a call.

    ActionError          raised by applications; the visitor reads its message
    └── CallRefused      the call was refused before the action was entered

Everything else that an action raises is the application's own, and is described
for the caller in ``failures.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
ErrorLists = Mapping[str, Iterable[Text]]

busy_retry_seconds = 5  # a cache that restarts is back by then


class Refusal(NamedTuple):
    """How one kind of failure is answered."""

    status: int
    text: Text  # for the visitor


REFUSALS: Mapping[str, Refusal] = {
    "bad_request": Refusal(400, _("The request could not be read.")),
    "invalid_params": Refusal(400, _("Please check what you entered.")),
    "login_required": Refusal(401, _("Please log in.")),
    "permission_denied": Refusal(403, _("You may not do this.")),
    "csrf_failed": Refusal(403, _("The page has expired. Please try again.")),
    "redirected": Refusal(403, _("Please go to another page first.")),
    "unknown_action": Refusal(404, _("This page cannot do that. Please reload it.")),
    "not_found": Refusal(404, _("This was not found. It may have been deleted.")),
    "method_not_allowed": Refusal(405, _("This page cannot do that. Please reload it.")),
    "conflict": Refusal(409, _("This was sent already.")),
    "too_large": Refusal(413, _("This is too large to send.")),
    "invalid": Refusal(422, _("Please check what you entered.")),
    "rate_limited": Refusal(429, _("Too many tries. Please wait a moment.")),
    "server_error": Refusal(500, _("Something went wrong on our side. Please try again later.")),
    "busy": Refusal(503, _("The server is busy. Please try again in a moment.")),
}


class ActionError(Exception):
    """Tell the visitor that an action cannot do what was asked.

    Args:
        message: For the visitor; translate it. Empty for errors of fields alone.
        code: For programs, stable, e.g. ``"sold_out"``.
        status: HTTP status, 400 to 599.
        errors: Messages by the name of the control they belong to; those under
            ``"__all__"`` belong to none.
    """

    def __init__(
        self,
        message: Text = "",
        code: str = "invalid",
        status: int = 422,
        errors: ErrorLists | None = None,
    ) -> None:
        if not 400 <= status <= 599:
            raise ValueError(
                f"ActionError got {status!r} for `status`; expected 400 to 599. "
                "To answer with a success, return instead of raising."
            )
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.errors = errors


class CallRefused(ActionError):
    """A call that is refused before the action is entered.

    Args:
        code: A key of `REFUSALS`, which gives the status and the visitor's text.
        detail: The sentence for the developer: what came, what was expected, what to
            do next. It goes to the log, and to the page only with ``DEBUG``.
        errors: Messages by parameter.
        headers: Headers of the answer, e.g. ``{"Allow": "POST"}``.
        extra: More members of the body, e.g. ``{"login_url": "/login/"}``.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: ErrorLists | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        refusal = REFUSALS[code]
        super().__init__(refusal.text, code, refusal.status, errors)
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra or {}


def busy(detail: str) -> CallRefused:
    """Return the refusal of what may be possible again in a moment."""
    return CallRefused("busy", detail, headers={"Retry-After": str(busy_retry_seconds)})
