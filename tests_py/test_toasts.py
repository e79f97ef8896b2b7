"""Toasts and Django's messages."""

from __future__ import annotations

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage

from django_hyper import Event, Redirect, Toast
from django_hyper.toasts import NewMessages, count_messages, queue_messages, sort_toasts


@pytest.fixture
def request_with_messages(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


def settle(items, request, first, is_page=False):
    """Return the items that travel; the others are queued."""
    items, messages = sort_toasts(items, request, first, is_page)
    queue_messages(messages, request, first)
    return items


def waiting(request):
    """Return the messages that the next page will show."""
    return [
        (message.message, message.level_tag, message.extra_tags)
        for message in request._messages._queued_messages
    ]


def test_messages_of_the_action_become_toasts_and_earlier_ones_wait(request_with_messages):  # E11
    messages.info(request_with_messages, "earlier")
    first = count_messages(request_with_messages)
    messages.error(request_with_messages, "Full", extra_tags="big")

    items = settle((Event("x"),), request_with_messages, first)

    assert items == [Event("x"), Toast("Full", "error", "big")]
    assert waiting(request_with_messages) == [("earlier", "info", "")]


def test_beside_a_redirect_toasts_and_messages_wait_for_the_page(request_with_messages):  # E11
    first = count_messages(request_with_messages)
    messages.success(request_with_messages, "Saved")
    returned = (Toast("Sent", level="warning", tags="big"), Redirect("/done/"))

    items = settle(returned, request_with_messages, first)

    assert items == [Redirect("/done/")]
    assert waiting(request_with_messages) == [
        ("Saved", "success", ""),
        ("Sent", "warning", "big"),
    ]


def test_a_browser_without_script_gets_messages(request_with_messages):
    first = count_messages(request_with_messages)

    items = settle((Toast("Sent"), Event("x")), request_with_messages, first, is_page=True)

    assert items == [Event("x")]
    assert waiting(request_with_messages) == [("Sent", "success", "")]


@pytest.mark.parametrize("items", [(Toast("a"),), (Toast("a"), Redirect("/"))])
def test_without_djangos_messages_items_stay_as_they_are(rf, items):
    request = rf.post("/")

    assert settle(items, request, count_messages(request)) == items


def test_a_stream_takes_its_own_messages_and_leaves_the_earlier(request_with_messages):  # E11
    messages.info(request_with_messages, "earlier")
    new = NewMessages(request_with_messages, count_messages(request_with_messages))
    messages.error(request_with_messages, "Full", extra_tags="big")

    assert new.take() == [Toast("Full", "error", "big")]
    assert new.take() == ()
    assert waiting(request_with_messages) == [("earlier", "info", "")]


def test_a_stream_takes_messages_after_a_template_has_shown_the_earlier(request_with_messages):
    messages.info(request_with_messages, "earlier")
    new = NewMessages(request_with_messages, count_messages(request_with_messages))
    list(messages.get_messages(request_with_messages))
    messages.info(request_with_messages, "later")

    new.take()
    messages.info(request_with_messages, "last")

    assert new.take() == [Toast("last", "info")]


def test_without_djangos_messages_a_stream_has_none(rf):
    assert NewMessages(rf.post("/"), 0).take() == ()
