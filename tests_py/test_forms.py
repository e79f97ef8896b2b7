"""``form=``: Django's forms, bound and valid before the action is entered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Form

from django_hyper import action, action_info

from .site.forms_urls import LineForm, Lines, ProfileForm
from .site.models import Todo

PAGES = ["class", "aclass", "function"]
PROFILE: dict[str, Any] = {"age": None, "colors": [], "is_public": False, "photo": None}


@pytest.fixture(params=PAGES[:2])
def page(request):
    return f"/forms/{request.param}/"


def send(call, path, action, fields, **options):
    """Send a form as the Alpine client does."""
    return call.request("POST", path, data=fields, headers={"X-Hyper-Action": action}, **options)


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"name": "ann"}, {}, id="what is needed"),
        pytest.param({"name": "ann", "age": "7"}, {"age": 7}, id="a number"),
        pytest.param(
            {"name": "ann", "colors": ["r", "g"], "is_public": "on"},
            {"colors": ["r", "g"], "is_public": True},
            id="boxes",
        ),
    ],
)
def test_the_action_gets_the_form_bound_and_valid(call, view, fields, expected):
    answer = send(call, f"/forms/{view}/", "save", fields)

    result = answer.json()["result"]
    result.pop("level", None)
    assert result == {"name": "ann", **PROFILE, **expected}


def test_json_fills_a_form_as_well(call, page):
    data = {"name": "ann", "age": 7, "colors": ["r"], "is_public": True, "level": 2}

    answer = call(page, "save", data)

    assert answer.json()["result"] == {**PROFILE, **data}


NONE: dict[str, Any] = {
    "day": None,
    "meta": None,
    "tags": [],
    "key": None,
    "number": None,
    "is_true": None,
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"meta": [1, {"a": None}]}, {"meta": [1, {"a": None}]}, id="an array"),
        pytest.param({"meta": {"a": [1]}}, {"meta": {"a": [1]}}, id="an object"),
        pytest.param({"meta": []}, {"meta": []}, id="an empty array"),
        pytest.param({"tags": [1, "2"]}, {"tags": ["1", "2"]}, id="several values"),
        pytest.param(
            {"number": 1.5, "is_true": False}, {"number": "1.5", "is_true": False}, id="numbers"
        ),
        pytest.param({"day": None, "tags": []}, {}, id="nothing"),
    ],
)
def test_json_is_read_as_a_control_would_send_it(call, page, data, expected):
    assert call(page, "take", data).json() == {"result": {**NONE, **expected}}


@pytest.mark.parametrize("value", [5, True, {}, [1], {"a": 1}, 1e400])
@pytest.mark.parametrize("name", ["day", "key"])
def test_json_of_another_kind_is_refused_by_the_field(call, page, name, value):
    body = json.dumps({name: value}).replace("Infinity", "1e400")

    answer = call.request(
        "POST", page, data=body, content_type="application/json", headers={"X-Hyper-Action": "take"}
    )

    assert answer.status_code in (400, 422)
    assert answer.status_code == 400 or list(answer.json()["errors"]) == [name]


def test_files_are_the_forms(call, page):  # D14
    photo = SimpleUploadedFile("me.png", b"pixels")

    answer = send(call, page, "save", {"name": "ann", "photo": photo})

    assert answer.json()["result"]["photo"] == "pixels"


def test_data_beside_a_form_wins_over_its_fields(call, page):  # D09
    fields = {"name": "ann", "age": "7", "_data": json.dumps({"name": "bob", "level": 1})}

    result = send(call, page, "save", fields).json()["result"]

    assert (result["name"], result["age"], result["level"]) == ("bob", 7, 1)


def test_the_query_of_the_page_fills_no_form_but_that_of_a_get(call, page):
    posted = send(call, f"{page}?is_public=on&age=7", "save", {"name": "ann"})
    got = call(f"{page}?name=ann&age=7", "look", method="GET")

    assert posted.json()["result"] == {**PROFILE, "name": "ann", "level": 0}
    assert got.json()["result"] == {**PROFILE, "name": "ann", "age": 7}


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize(
    ("fields", "error", "errors"),
    [
        pytest.param(
            {"age": "-1"},
            "Please check what you entered.",
            {
                "name": ["This field is required."],
                "age": ["Ensure this value is greater than or equal to 0."],
            },
            id="of fields",
        ),
        pytest.param(
            {"name": "nobody"},
            "Nobody is not somebody.",
            {"__all__": ["Nobody is not somebody."]},
            id="of none",
        ),
    ],
)
def test_what_the_form_refuses_is_422_and_enters_nothing(
    call, view, fields, error, errors, entered
):
    answer = send(call, f"/forms/{view}/", "save", fields)

    assert answer.status_code == 422
    assert answer.json() == {"error": error, "code": "invalid", "errors": errors}
    assert entered == []


def test_parameters_beside_the_form_are_converted_and_checked(call, page, entered):
    answer = send(call, page, "save", {"name": "ann", "level": "high"})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"level": ["Enter a whole number."]}
    assert entered == []


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        pytest.param({"name": "ann", "form": 1}, {"form"}, id="the form itself"),
        pytest.param({"name": "ann", "nmae": 1}, {"nmae"}, id="unknown"),
        pytest.param({"name": "ann", "when_0": "", "photo-clear": ""}, set(), id="parts"),
    ],
)
def test_the_names_of_the_form_are_known_and_no_others(call, page, data, errors):
    answer = call(page, "save", data)

    assert set(answer.json().get("errors", {})) == errors


def test_what_the_form_reads_is_not_left_over(call, page):
    answer = send(call, page, "save_more", {"name": "ann", "when_0": "", "form": "x", "b": "1"})

    assert answer.json()["result"]["more"] == ["b"]


def test_an_error_of_the_action_itself_is_told_in_the_same_way(call, page):
    answer = send(call, page, "save", {"name": "taken"})

    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {"name": ["This name is taken."], "other": ["Odd."]},
    )


@pytest.mark.django_db
def test_a_model_form_saves(call, page):
    assert send(call, page, "create_todo", {"title": "milk"}).json() == {"result": "milk"}
    assert Todo.objects.get().title == "milk"


@pytest.mark.django_db
def test_a_function_makes_the_form_for_its_view(call, page):
    todo = Todo.objects.create(title="milk")

    answer = send(call, f"{page}{todo.pk}/", "rename", {"todo-title": "bread"})

    todo.refresh_from_db()
    assert (answer.json(), todo.title) == ({"result": todo.pk}, "bread")


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", "taken"])
def test_errors_are_keyed_by_the_control_with_its_prefix(call, page, title):
    todo = Todo.objects.create(title="milk")

    answer = send(call, f"{page}{todo.pk}/", "rename", {"todo-title": title})

    assert list(answer.json()["errors"]) == ["todo-title"]


@pytest.mark.django_db
def test_a_function_may_refuse_to_make_the_form(call, page):
    assert send(call, f"{page}99/", "rename", {"todo-title": "x"}).status_code == 404


def lines(*rows, prefix="items"):
    """Return the fields of a formset, named as Django does."""
    fields = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        fields.update({f"{prefix}-{number}-{name}": value for name, value in row.items()})
    return fields


MILK = {"product": "milk", "qty": "2"}


def test_a_formset_is_a_form_too(call, page):
    answer = send(call, page, "order", lines(MILK, {"product": "bread", "qty": "1"}))

    assert answer.json() == {"result": [2, 1]}


def test_a_formset_of_a_class_has_its_own_prefix(call):
    answer = send(call, "/forms/function/", "order", lines(MILK, prefix="form"))

    assert answer.json() == {"result": [2]}


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        pytest.param(
            lines(MILK, {"product": "", "qty": "0"}),
            {
                "items-1-product": ["This field is required."],
                "items-1-qty": ["Ensure this value is greater than or equal to 1."],
            },
            id="by row",
        ),
        pytest.param(
            lines({"product": "none", "qty": "1"}, MILK, MILK),
            {"__all__": ["At most two lines.", "A line needs a product."]},
            id="of no field",
        ),
        pytest.param(
            lines({"product": "gone", "qty": "1"}),
            {"items-0-product": ["Sold out."]},
            id="of the action",
        ),
        pytest.param(
            lines({"product": "", "qty": "0", "DELETE": "on"}, {"product": "x", "qty": "x"}),
            {"items-1-qty": ["Enter a whole number."]},
            id="but not of deleted rows",
        ),
    ],
)
def test_a_formsets_errors_are_keyed_by_the_control(call, page, fields, errors):
    answer = send(call, page, "order", fields)

    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


def test_a_formset_without_its_management_form_is_refused(call, page, entered):
    answer = send(call, page, "order", {"items-0-qty": "1"})

    assert (answer.status_code, entered) == (422, [])
    assert "ManagementForm data is missing" in answer.json()["error"]


def test_json_names_of_a_formset_are_known(call, page):
    assert call(page, "order", lines(MILK)).json() == {"result": [2]}
    assert call(page, "order", {**lines(MILK), "itemz": 1}).status_code == 400


def post(call, path, action, **fields):
    """Post a form as a browser without script does."""
    return call.request("POST", path, data={"_action": action, **fields})


def test_a_form_is_not_bound_before_a_run(call, page):  # S16
    form = call.request("GET", page).context["save"].form

    assert (type(form), form.is_bound) == (ProfileForm, False)


@pytest.mark.django_db
def test_a_function_makes_the_form_that_is_not_bound_for_its_view_too(call, page):  # S16
    todo = Todo.objects.create(title="milk")

    form = call.request("GET", f"{page}{todo.pk}/").context["rename"].form

    assert (form.is_bound, form.instance) == (False, todo)


def test_an_action_without_a_form_has_none(client):  # S16
    assert client.get("/page/").context["save"].form is None


@pytest.mark.parametrize("view", PAGES)
def test_after_a_failure_the_page_has_the_bound_form(call, view):  # S16, S30
    response = post(call, f"/forms/{view}/", "save", name="", age="7", is_public="on")

    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="age" value="7"' in html
    assert "This field is required." in html
    assert response.context["save"].errors == {"name": ["This field is required."]}


def test_what_the_action_found_wrong_with_a_field_stands_in_the_form(call, page):  # S16
    response = post(call, page, "save", name="taken")

    form = response.context["save"].form
    assert form.errors == {"name": ["This name is taken."]}


def test_what_the_action_found_wrong_with_a_row_stands_in_the_formset(call, page):  # S16
    response = post(call, page, "order", **lines({"product": "gone", "qty": "1"}))

    formset = response.context["order"].form
    assert [form.errors for form in formset] == [{"product": ["Sold out."]}]


def test_faulty_parameters_leave_the_form_bound(call, page):  # S16
    response = post(call, page, "save", name="ann", level="high")

    assert (response.status_code, response.context["save"].form["name"].value()) == (400, "ann")


def test_faulty_parameters_leave_the_formset_bound(call, page):  # S16
    response = post(call, page, "order", level="high", **lines(MILK))

    assert response.status_code == 400
    assert response.context["order"].form[0]["product"].value() == "milk"


@pytest.mark.django_db
def test_a_call_that_was_refused_leaves_its_form_to_the_page(call, page):  # S16
    todo = Todo.objects.create(title="milk")
    url = f"{page}{todo.pk}/"

    responses = [post(call, url, "rename_rarely", **{"todo-title": "bread"}) for _ in range(2)]
    faulty = post(call, page, "create_unique", title="bread")

    assert [each.status_code for each in (*responses, faulty)] == [303, 429, 400]
    assert not responses[1].context["rename_rarely"].form.is_bound
    assert faulty.context["create_unique"].form.errors == {"title": ["There is one already."]}


def test_a_success_is_followed_by_a_get_without_the_fields(call, page):  # S30
    response = post(call, f"{page}?name=x&page=2", "save", name="ann")

    assert (response.status_code, response["Location"]) == (303, f"{page}?page=2")


def test_a_get_shows_the_bound_form(call, page):  # S16
    response = call.request("GET", f"{page}?_action=look&name=ann&age=x")

    form = response.context["look"].form
    assert (response.status_code, form["name"].value()) == (422, "ann")
    assert form.errors == {"age": ["Enter a whole number."]}


def test_a_form_that_is_made_already_is_refused():
    with pytest.raises(TypeError, match=r"got an instance of Form; .*Pass the class: form=Form\."):

        @action(form=Form())  # type: ignore[arg-type]
        def save(form): ...


def test_an_action_must_take_its_form():
    with pytest.raises(TypeError, match=r"got no parameter for the form; .*def save\(self, form\)"):

        @action(form=ProfileForm)
        def save(self, title: str): ...


def test_the_form_is_no_parameter_that_a_request_could_fill():
    @action(form=LineForm)
    def save(self, form: Form, level: int = 0): ...

    assert [each.name for each in action_info(save).parameters] == ["level"]
    assert Lines().prefix == "form"
