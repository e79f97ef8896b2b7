"""Paths as a header may carry them."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from django_hyper.paths import path_of


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        pytest.param("/todos/", "page=2", "/todos/?page=2", id="with a query"),
        pytest.param("//evil.example/", "", "/%2Fevil.example/", id="that would name a host"),
        pytest.param("/a\r\nb/", "", "/a%0D%0Ab/", id="with a line break"),
        pytest.param("/日?/", "", "/%E6%97%A5%3F/", id="with what a URL must escape"),
    ],
)
def test_a_path_is_escaped(path, query, expected):  # F12
    request = RequestFactory().get("/")
    request.path = path

    assert path_of(request, QueryDict(query)) == expected
