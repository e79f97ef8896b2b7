"""Render the page itself for `Refresh`, inside the view, whose guards the call has passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard

from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.views import View

from .elements import element_with_id
from .items import HTML, Item, Redirect, Refresh, Reply
from .pages import as_get
from .protocol import HTMX, PAGE
from .states import add_states

if TYPE_CHECKING:
    from .dispatch import Call

NONCES = {"csp_nonce", "_csp_nonce"}  # where django-csp and Django keep it


class NoMessages(BaseStorage):
    """Hides the messages that wait: a part of a page would use up what it may not show."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True


def needs_page(reply: object, call: Call) -> TypeGuard[Reply]:
    """Whether one of the items needs the page, which browsers without script load anyway."""
    if not isinstance(reply, Reply) or not reply.items or call.details.caller == PAGE:
        return False
    return any(isinstance(item, Refresh) for item in reply.items)


def refreshed(call: Call, reply: Reply) -> Reply:
    """Return the reply with the page in it."""
    with page_request(call) as request:
        return _with_page(reply, _rendered(request, call.render(request)), call)


def refreshed_in_stream(call: Call, reply: Reply) -> Reply:
    """Do as `refreshed` does for a sync generator, on any view."""
    return async_to_sync(arefreshed)(call, reply) if call.is_async else refreshed(call, reply)


async def arefreshed_in_stream(call: Call, reply: Reply) -> Reply:
    """Do as `refreshed` does for an async generator, on any view."""
    if call.is_async:
        return await arefreshed(call, reply)
    return await sync_to_async(refreshed)(call, reply)


async def arefreshed(call: Call, reply: Reply) -> Reply:
    """Do as `refreshed` does, in an asynchronous view."""
    with page_request(call) as request:
        response = await call.render(request)
        page = await sync_to_async(_rendered)(request, response)
        return _with_page(reply, page, call)


@contextmanager
def page_request(call: Call) -> Iterator[HttpRequest]:
    """Ask for the page beside the call, which may go on after it."""
    request = as_get(call.request)
    request._messages = hidden = NoMessages(request)  # type: ignore[attr-defined]
    for name in NONCES & vars(request).keys():
        # Its scripts never run, and django-csp gives none once an answer has begun.
        setattr(request, name, "")
    for state in call.details.states.values():
        state.form = None  # what was sent is dealt with
    try:
        yield request
        _pass_on(hidden, call.request)
    finally:
        if isinstance(call.owner, View):
            call.owner.request = call.request


def _pass_on(messages: NoMessages, request: HttpRequest) -> None:
    """Keep what the page said and did not show, e.g. because it moves on."""
    storage: BaseStorage | None = getattr(request, "_messages", None)
    if storage is not None and not messages.used:
        for message in messages._queued_messages:  # type: ignore[attr-defined]
            storage.add(message.level, message.message, message.extra_tags)


def _rendered(request: HttpRequest, response: Any) -> Any:
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        add_states(request, response)
        response.render()
    return response


def _with_page(reply: Reply, page: Any, call: Call) -> Reply:
    items: list[Item] = []
    for item in reply.items:
        items += _filled(item, page, call) if isinstance(item, Refresh) else [item]
    filled = Reply(reply.result, *items)
    filled.cookies, filled.page = reply.cookies, reply.page
    return filled


def _filled(item: Refresh, page: Any, call: Call) -> Sequence[Item]:
    """Return the item with the page; a page that moves on takes the visitor along."""
    if 300 <= page.status_code < 400:
        return [Redirect(page["Location"])]
    if not isinstance(page, HttpResponse) or page.status_code != 200:
        raise TypeError(
            f"Refresh() got {page!r} as the page; expected one that answers 200 with HTML. "
            "Return Redirect(url) where the page is gone."
        )
    content = page.content.decode(page.charset)
    if call.details.caller == HTMX:
        return _as_html(item, content)
    return [Refresh(*item.selectors, content=content)]


def _as_html(item: Refresh, content: str) -> Sequence[Item]:
    """Return each element as HTML for htmx; the item itself where one cannot be told."""
    found: list[Item] = []
    for selector in item.selectors:
        element = element_with_id(content, selector.removeprefix("#"))
        if element is None:
            return [item]
        found.append(HTML(element, target=selector, swap="outer"))
    return found or [item]
