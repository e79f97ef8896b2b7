"""Answers to a plain browser request."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from django_hyper import Event, Redirect
from django_hyper.answers import page


@pytest.mark.parametrize(
    ("path", "items", "expected"),
    [
        pytest.param("/todos/", (), "/todos/", id="to the page itself"),
        pytest.param("/todos/?_action=add&title=milk&page=2", (), "/todos/?page=2", id="not again"),
        pytest.param("/a/x%0d%0ay/%3F", (), "/a/x%0D%0Ay/%3F", id="escaped"),
        pytest.param("/todos/", (Event("x"), Redirect("/done/")), "/done/", id="where it says"),
        pytest.param("/", (Redirect("/ñ/?q=→"),), "/%C3%B1/?q=%E2%86%92", id="in ASCII"),
    ],
)
def test_a_post_is_followed_by_a_get(path, items, expected):
    response = page.answer(None, items, RequestFactory().post(path), ["title"])

    assert (response.status_code, response["Location"]) == (303, expected)


def test_a_get_asks_for_the_page_with_the_state_in_it():
    response = page.answer(None, (), RequestFactory().get("/todos/"), [])

    assert isinstance(response, page.Itself)
