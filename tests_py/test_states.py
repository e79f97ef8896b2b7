from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template, engines
from django.template.response import TemplateResponse
from django.urls import path
from django.views import View

from django_hyper import ActionMixin, action
from django_hyper.states import State, States, Values


def told(state):
    """Return all that templates read of a state."""
    return {
        "pending": state.pending,
        "error": state.error,
        "errors": state.errors,
        "result": state.result,
    }


IDLE: dict[str, Any] = {"pending": False, "error": None, "errors": {}, "result": None}


# S08
def test_before_a_run_a_state_is_empty():
    assert told(State()) == IDLE


# S08, S09, S10, S14
@pytest.mark.parametrize(
    "before",
    [
        pytest.param([], id="first"),
        pytest.param([("succeed", 7)], id="after a success"),
        pytest.param([("fail", "No.", {"title": ["Taken."]})], id="after a failure"),
    ],
)
@pytest.mark.parametrize(
    ("end", "expected"),
    [
        pytest.param(None, {**IDLE, "pending": True}, id="running"),
        pytest.param(("succeed", 8), {**IDLE, "result": 8}, id="succeeded"),
        pytest.param(("succeed", None), IDLE, id="succeeded with None"),
        pytest.param(
            ("fail", "Oh.", {"age": ["Old."]}),
            {**IDLE, "error": "Oh.", "errors": {"age": ["Old."]}},
            id="failed",
        ),
    ],
)
def test_a_run_leaves_nothing_of_the_one_before(before, end, expected):
    state = State()

    for name, *values in before:
        state.start()
        getattr(state, name)(*values)
    state.start()
    if end:
        getattr(state, end[0])(*end[1:])

    assert told(state) == expected


# S15
def test_actions_keep_separate_states():
    states = States(["save", "remove"])

    states["save"].start()
    states["save"].fail("No.", {})

    assert {name: told(state) for name, state in states.items()} == {
        "save": {**IDLE, "error": "No."},
        "remove": IDLE,
    }


# S15
@pytest.mark.parametrize("name", ["save", "update", "items", "keys", "get", "clear", "pop"])
def test_a_state_is_read_by_name_and_as_an_attribute(name):
    states = States([name, "other"])

    assert isinstance(states[name], State)
    assert getattr(states, name) is states[name]


# S15
@pytest.mark.parametrize("names", [["save", "remove"], ["items", "keys", "get", "update"], []])
def test_states_are_a_mapping_whatever_the_actions_are_called(names):
    states = States(names)

    assert (list(states), len(states)) == (names, len(names))
    assert all(name in states for name in names)
    assert "other" not in states


class OddlyNamed(ActionMixin, View):
    def get(self, request):
        template = engines["django"].from_string("{{ keys.pending }} {{ items.pending }}")
        return TemplateResponse(request, template)

    @action
    def keys(self):
        """Do nothing."""

    @action
    def items(self):
        """Do nothing."""


urlpatterns = [path("page/", OddlyNamed.as_view())]


# S15, S16
@pytest.mark.urls(__name__)
def test_a_page_may_have_actions_called_as_methods_of_a_mapping(client):
    assert client.get("/page/").content == b"False False"


# S15
def test_there_is_no_state_of_another_name():
    states = States(["save"])

    with pytest.raises(KeyError):
        states["other"]
    with pytest.raises(AttributeError):
        assert states.other


def test_a_state_shows_itself():
    state = State()

    state.start()

    assert repr(state) == "State(pending=True, error=None, result=None)"


# S29
@pytest.mark.parametrize("run", [State.start, lambda state: state.succeed(None)])
def test_a_template_writes_nothing_for_none(run):
    state = State()
    run(state)

    written = Template("{{ save.error }}{{ save.result }}").render(Context({"save": state}))

    assert written == ""
    assert (state.error, state.result) == (None, None)


# S16
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", ("", []), id="nothing"),
        pytest.param("color=red", ("red", ["red"]), id="one"),
        pytest.param("color=red&color=blue", ("blue", ["red", "blue"]), id="several"),
        pytest.param("items=1", ("", []), id="another"),
    ],
)
def test_values_are_what_was_sent_as_text(query, expected):
    values = Values.of(QueryDict(query))

    assert (values["color"], values["color"].all) == expected


# S16
def test_the_names_of_the_protocol_are_no_values():
    fields = QueryDict("_action=save&_data={}&_request_id=1&csrfmiddlewaretoken=x&title=milk")

    assert Values.of(fields) == {"title": "milk"}


# S14
def test_a_run_forgets_what_was_sent_before():
    state = State()
    state.values = Values.of(QueryDict("title=milk"))

    state.start()

    assert state.values == {}
