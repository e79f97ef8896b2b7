"""Answers to a plain browser request."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from django_hyper import Event, Redirect, Reply
from django_hyper.answers import page


@pytest.mark.parametrize(
    ("path", "reply", "expected"),
    [
        pytest.param("/todos/", Reply(1), "/todos/", id="to the page itself"),
        pytest.param(
            "/todos/?_action=add&title=milk&page=2", Reply(1), "/todos/?page=2", id="not again"
        ),
        pytest.param(
            "/todos/", Reply(None, Event("x"), Redirect("/done/")), "/done/", id="where it says"
        ),
    ],
)
def test_a_post_is_followed_by_a_get(path, reply, expected):
    response = page.answer(reply, RequestFactory().post(path), ["title"])

    assert response is not None
    assert (response.status_code, response["Location"]) == (303, expected)


def test_a_get_asks_for_the_page_with_the_state_in_it():
    assert page.answer(Reply(1), RequestFactory().get("/todos/"), []) is None
