"""A page that uses nothing but the states of its actions: no Alpine, no form class, no session."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from django.views.generic import View

from django_hyper import ActionMixin, action

from .site.models import Todo

PAGE = """{% load hyper %}
<form method="post">
  {% csrf_token %}{% action_field "create_todo" %}
  <input name="title" value="{{ create_todo.values.title }}">
  {% if create_todo.error %}
    <p class="error">{{ create_todo.error }}</p>
  {% elif create_todo.result %}
    <p class="success">Created {{ create_todo.result.created }}</p>
  {% endif %}
</form>
{% for todo in view.todos %}
<li>{{ todo.title }}</li>{% endfor %}"""


class TodoView(ActionMixin, View):
    def todos(self):
        return Todo.objects.all()

    def get(self, request):
        return TemplateResponse(request, engines["django"].from_string(PAGE), {"view": self})

    @action
    def create_todo(self, title: str, priority: int = 3):
        if not title:
            raise ValueError("Title is required")
        todo = Todo.objects.create(title=title)
        return {"created": todo.pk}


urlpatterns = [path("todos/", TodoView.as_view())]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def told(response: HttpResponse) -> list[str]:
    """Return the lines of the page that depend on the state."""
    lines = [line.strip() for line in response.content.decode().splitlines()]
    return [line for line in lines if line.startswith(('<p class="', "<input name", "<li>"))]


EMPTY = '<input name="title" value="">'


def post(client, **fields):
    return client.post("/todos/", {"_action": "create_todo", **fields}, follow=True)


def test_a_page_without_a_run_shows_no_state(client):  # S16
    assert told(client.get("/todos/")) == [EMPTY]


def test_an_error_is_shown_and_then_forgotten(client):  # S14, S16
    failed = post(client, title="")

    assert told(failed) == [EMPTY, '<p class="error">Title is required</p>']
    assert told(client.get("/todos/")) == [EMPTY]


def test_faulty_arguments_are_an_error_and_what_was_typed_stays(client):  # S16
    failed = post(client, title="milk", priority="high")

    assert told(failed) == [
        '<input name="title" value="milk">',
        '<p class="error">Please check what you entered.</p>',
    ]


def test_a_result_is_shown_once_on_the_page_that_follows(client):  # S16, S30
    created = post(client, title="milk")

    success = f'<p class="success">Created {Todo.objects.get().pk}</p>'
    assert created.redirect_chain == [("/todos/", 303)]
    assert told(created) == [EMPTY, success, "<li>milk</li>"]
    assert told(client.get("/todos/")) == [EMPTY, "<li>milk</li>"]
