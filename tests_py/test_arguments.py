from __future__ import annotations

import json
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TODOS = "/arguments/todos/"
ARTICLE = "/arguments/articles/7/milk/"
ID = UUID("12345678-1234-5678-1234-567812345678")

REQUIRED = ["This field is required."]
UNKNOWN = ["This name is not known."]
INVALID = ["Enter a valid value."]


def named(action, **data):
    """Return the headers of a call, with `data` in X-Hyper-Data if there is any."""
    return {"X-Hyper-Action": action, **({"X-Hyper-Data": json.dumps(data)} if data else {})}


def faults(response):
    """Return the faults by parameter of a call whose parameters are refused."""
    body = response.json()
    assert (response.status_code, body["code"], body["error"]) == (
        400,
        "invalid_params",
        "Please check what you entered.",
    )
    return body["errors"]


# D06
@pytest.mark.parametrize(
    ("header", "body", "query", "expected"),
    [
        ("header", "body", "query", "header"),
        (None, "body", "query", "body"),
        (None, None, "query", "query"),
    ],
)
def test_json_of_the_header_comes_before_that_of_the_body_and_both_before_the_query(
    client, entered, header, body, query, expected
):
    client.post(
        f"{TODOS}?title={query}",
        {"title": body} if body else {},
        content_type=JSON,
        headers=named("add", **({"title": header} if header else {})),
    )

    assert entered == [{"title": expected, "quantity": 1}]


# D06
@pytest.mark.parametrize("content_type", [None, FORM], ids=["multipart", "urlencoded"])
@pytest.mark.parametrize(
    ("header", "data", "query", "expected"),
    [
        ("header", "data", "?title=query", "header"),
        (None, "data", "?title=query", "data"),
        (None, None, "?title=query", "query"),
        (None, None, "", "field"),
    ],
)
def test_in_a_call_with_a_form_the_query_comes_before_the_fields(
    client, entered, content_type, header, data, query, expected
):
    fields = {"title": "field", **({"_data": json.dumps({"title": data})} if data else {})}
    body = {"data": fields} if content_type is None else {"data": urlencode(fields)}

    client.post(
        TODOS + query,
        **body,
        **({"content_type": content_type} if content_type else {}),
        headers=named("add", **({"title": header} if header else {})),
    )

    assert entered == [{"title": expected, "quantity": 1}]


# D03, D06
def test_in_a_plain_post_the_fields_come_before_the_query(client, entered):
    response = client.post(f"{TODOS}?title=milk&page=2", {"title": "bread", "_action": "add"})

    assert (response.status_code, response["Location"]) == (303, f"{TODOS}?page=2")
    assert entered == [{"title": "bread", "quantity": 1}]


# D06
def test_what_a_plain_post_lacks_comes_from_the_query(client, entered):
    client.post(f"{TODOS}?title=milk", {"quantity": "3", "_action": "add"})

    assert entered == [{"title": "milk", "quantity": 3}]


# D06
def test_each_name_is_taken_from_the_first_source_that_has_it(client, entered):
    client.post(
        f"{TODOS}?first=9&b=query&c=query",
        {"c": "body", "d": "body"},
        content_type=JSON,
        headers=named("collect", first=1, e="header"),
    )

    assert entered == [{"first": 1, "b": "query", "c": "body", "d": "body", "e": "header"}]


# D06
@pytest.mark.parametrize(
    "sent",
    [
        {"headers": named("edit", pk=8, title="New")},
        {"data": {"pk": 8, "title": "New"}, "content_type": JSON, "headers": named("edit")},
        {"query_params": {"pk": 8, "title": "New"}, "headers": named("edit")},
        {"data": {"pk": 8, "title": "New"}, "headers": named("edit")},
        {"data": {"pk": 8, "title": "New", "_action": "edit"}},
    ],
    ids=["header", "json", "query", "form", "plain post"],
)
def test_a_client_never_overrides_the_route(client, entered, sent):
    client.post(ARTICLE, **sent)

    assert entered == [{"pk": 7, "title": "New"}]


# S20, D06
@pytest.mark.parametrize(
    "sent",
    [
        {"headers": named("keep", pk=8, slug="x", more=1)},
        {"data": {"pk": 8, "slug": "x", "more": 1}, "content_type": JSON, "headers": named("keep")},
        {
            "data": '{"more": 1}',
            "content_type": JSON,
            "query_params": {"pk": 8, "slug": "x"},
            "headers": named("keep"),
        },
    ],
    ids=["header", "json", "query"],
)
def test_names_of_the_route_never_enter_kwargs(client, entered, sent):
    client.post(ARTICLE, **sent)

    assert entered == [{"more": 1}]


# D06
def test_a_json_name_of_the_route_that_the_signature_lacks_is_a_fault(client, entered):
    response = client.post(ARTICLE, {"slug": "x"}, content_type=JSON, headers=named("edit"))

    assert (faults(response), entered) == ({"slug": UNKNOWN}, [])


# S21
def test_what_a_path_converter_made_is_taken(client, entered):
    client.post(f"/arguments/days/{ID}/", headers=named("take"))

    assert entered == [ID]


# D07
def test_the_body_of_a_get_contributes_nothing(client, entered):
    client.generic(
        "GET", f"{TODOS}?title=query", '{"quantity": 5}', content_type=JSON, headers=named("add")
    )

    assert entered == [{"title": "query", "quantity": 1}]


# D07
def test_not_even_a_broken_body_of_a_get_is_read(client, entered):
    client.generic("GET", f"{TODOS}?title=a", "{", content_type=JSON, headers=named("add"))

    assert entered == [{"title": "a", "quantity": 1}]


# D08
RESERVED = {
    "_action": "rename",
    "_data": "{}",
    "_request_id": "r1",
    "csrfmiddlewaretoken": "t",
    "self": "s",
    "request": "r",
}


# D08
@pytest.mark.parametrize("action", ["add", "collect"])
@pytest.mark.parametrize(
    "sent",
    [
        {"headers": lambda action: named(action, **RESERVED)},
        {"data": RESERVED, "content_type": JSON},
        {"query_params": RESERVED},
        {"data": RESERVED},
        {"data": {"_data": json.dumps(RESERVED)}},
    ],
    ids=["header", "json", "query", "form", "data of a form"],
)
def test_reserved_names_are_dropped_without_a_fault(client, entered, action, sent):
    make_headers = sent.get("headers", named)
    query = {**sent.get("query_params", {}), "title": "a"}

    client.post(TODOS, **{**sent, "query_params": query, "headers": make_headers(action)})

    assert entered == [
        {"title": "a", "quantity": 1} if action == "add" else {"first": 0, "title": "a"}
    ]


# D09
def test_data_wins_over_a_field_of_its_name(client, entered):
    client.post(
        TODOS,
        {"title": "typed", "quantity": "2", "_data": '{"title": "data"}'},
        headers=named("add"),
    )

    assert entered == [{"title": "data", "quantity": 2}]


# D13
@pytest.mark.parametrize(
    "send",
    [
        lambda client, data: client.post(TODOS, data, content_type=JSON, headers=named("collect")),
        lambda client, data: client.post(
            TODOS, {"_data": json.dumps(data)}, headers=named("collect")
        ),
        lambda client, data: client.post(
            TODOS, {"_data": json.dumps(data, ensure_ascii=False)}, headers=named("collect")
        ),
        lambda client, data: client.get(TODOS, headers=named("collect", **data)),
    ],
    ids=["POST", "beside a form", "beside a form in UTF-8", "GET"],
)
@pytest.mark.parametrize("letters", [100, 20_000])
def test_text_arrives_whole(client, entered, send, letters):
    data = {"q": "日本 😀", "blob": "x" * letters}

    send(client, data)

    assert entered == [{"first": 0, **data}]


# D14
def test_repeated_fields_and_several_files_arrive_as_lists(client, entered):
    files = [SimpleUploadedFile("a.txt", b"A"), SimpleUploadedFile("b.txt", b"B")]

    client.post("/arguments/strs/", {"value": ["x", "y"]}, headers=named("take"))
    client.post("/arguments/files/", {"value": files}, headers=named("take"))

    texts, uploads = entered
    assert texts == ["x", "y"]
    assert uploads == [("a.txt", b"A"), ("b.txt", b"B")]


# D14
@pytest.mark.parametrize("kind", ["file", "optional-file"])
@pytest.mark.parametrize("method", ["post", "put"])
def test_a_single_file_parameter_takes_the_last_file(client, entered, kind, method):
    files = [SimpleUploadedFile("a.txt", b"A"), SimpleUploadedFile("b.txt", b"B")]

    client.generic(
        method.upper(),
        f"/arguments/{kind}/",
        encode_multipart(BOUNDARY, {"value": files}),
        content_type=MULTIPART_CONTENT,
        headers=named("take"),
    )

    assert entered == [("b.txt", b"B")]


# D14
def test_one_file_is_a_list_of_one(client, entered):
    upload = SimpleUploadedFile("a.txt", b"A")

    client.post("/arguments/optional-files/", {"value": upload}, headers=named("take"))

    assert entered == [[("a.txt", b"A")]]


# D14, S21
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("file", {"value": REQUIRED}),
        ("files", {"value": REQUIRED}),
        ("optional-file", [None]),
        ("optional-files", [None]),
        ("file/default", ["default"]),
        ("files/default", ["default"]),
    ],
)
@pytest.mark.parametrize("content_type", [None, FORM], ids=["multipart", "urlencoded"])
def test_a_file_control_without_a_file_counts_as_empty(
    client, entered, content_type, kind, expected
):
    body = {"data": {"value": ""}} if content_type is None else {"data": "value="}

    response = client.post(
        f"/arguments/{kind}/",
        **body,
        **({"content_type": content_type} if content_type else {}),
        headers=named("take"),
    )

    assert (entered if response.status_code == 200 else faults(response)) == expected


# S20, D14
def test_kwargs_receive_the_files_that_are_left_over(client, entered):
    files = [SimpleUploadedFile("a.txt", b"A"), SimpleUploadedFile("b.txt", b"B")]

    client.post(TODOS, {"photo": files, "q": "x"}, headers=named("collect"))

    assert entered == [{"first": 0, "q": "x", "photo": ("b.txt", b"B")}]


# S20
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"title": "a"}, {"title": "a", "quantity": 1}),
        ({"title": "a", "quantity": 2}, {"title": "a", "quantity": 2}),
    ],
)
def test_a_default_holds_where_nothing_was_sent(client, entered, sent, expected):
    client.post(TODOS, sent, content_type=JSON, headers=named("add"))

    assert entered == [expected]


# S20
@pytest.mark.parametrize("sent", [{}, {"first": 1}, {"a": [1], "b": None, "c": {"d": 1}}])
def test_kwargs_receive_what_is_left_over(client, entered, sent):
    client.post(TODOS, sent, content_type=JSON, headers=named("collect"))

    assert entered == [{"first": 0, **sent}]


# S20
@pytest.mark.parametrize("send_query", [True, False])
def test_kwargs_receive_the_last_of_several_texts(client, entered, send_query):
    texts = {"tag": ["a", "b"]}

    if send_query:
        client.post(TODOS, query_params=texts, headers=named("collect"))
    else:
        client.post(TODOS, texts, headers=named("collect"))

    assert entered == [{"first": 0, "tag": "b"}]


# S21
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *((kind, {"value": REQUIRED}) for kind in ("int", "decimal", "date", "size", "ints")),
        *((kind, {"value": REQUIRED}) for kind in ("literal", "strs", "point", "pet", "set")),
        *((f"{kind}/default", ["default"]) for kind in ("int", "date", "size", "ints", "strs")),
        *((f"{kind}/default", [None]) for kind in ("optional", "optional-ints", "optional-point")),
        *((f"{kind}/default", [""]) for kind in ("str", "optional-str", "int-or-str", "any")),
        ("unannotated/default", [""]),
        ("letter/default", [""]),
    ],
)
@pytest.mark.parametrize("send", ["json", "header", "query", "form"])
def test_empty_text_counts_as_absent_where_text_is_no_value(client, entered, send, kind, expected):
    sent = {
        "json": {"data": {"value": ""}, "content_type": JSON, "headers": named("take")},
        "header": {"headers": named("take", value="")},
        "query": {"query_params": {"value": ""}, "headers": named("take")},
        "form": {"data": {"value": ""}, "headers": named("take")},
    }

    response = client.post(f"/arguments/{kind}/", **sent[send])

    got = [getattr(value, "value", value) for value in entered]
    assert (got if response.status_code == 200 else faults(response)) == expected


# S21
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"data": {}}, {"yes": False, "no": False, "maybe": True}),
        ({"CONTENT_TYPE": FORM}, {"yes": False, "no": False, "maybe": True}),
        ({"data": {"yes": "", "no": "on"}}, {"yes": False, "no": True, "maybe": True}),
        ({"data": {"_data": '{"yes": true}'}}, {"yes": True, "no": False, "maybe": True}),
        ({"data": {}, "content_type": JSON}, {"yes": True, "no": False, "maybe": True}),
        ({"query_params": {"no": "1"}, "data": "", "content_type": JSON},
         {"yes": True, "no": True, "maybe": True}),
    ],
    ids=["form", "urlencoded", "empty text", "data of a form", "json", "query"],
)  # fmt: skip
def test_a_box_that_a_form_lacks_is_not_ticked(client, entered, sent, expected):
    client.post(TODOS, **{"data": None, **sent}, headers=named("agree"))

    assert entered == [expected]


# S21
def test_a_required_box_may_be_unticked(client, entered):
    client.post("/arguments/bool/", {"other": "x"}, headers=named("take"))

    assert entered == [False]


# S21
@pytest.mark.parametrize("content_type", [JSON, FORM])
def test_an_absent_bool_of_json_or_a_query_is_missing(client, entered, content_type):
    response = (
        client.post("/arguments/bool/", {}, content_type=JSON, headers=named("take"))
        if content_type == JSON
        else client.get("/arguments/bool/?other=x", headers=named("take"))
    )

    assert (faults(response), entered) == ({"value": REQUIRED}, [])


# S21, D11
def test_all_faulty_parameters_are_reported_at_once(client, entered):
    response = client.post(
        TODOS,
        {"name": 3, "age": "old", "born": "2024-02-30", "tags": [1], "nick": "x"},
        content_type=JSON,
        headers=named("fill"),
    )

    assert response.json() == {
        "error": "Please check what you entered.",
        "code": "invalid_params",
        "errors": {
            "name": INVALID,
            "age": ["Enter a whole number."],
            "born": ["Enter a valid date."],
            "agreed": REQUIRED,
            "tags": INVALID,
            "nick": UNKNOWN,
        },
    }
    assert (response.status_code, entered) == (400, [])


# D11
@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"title": "a", "extra": 1}, "content_type": JSON, "headers": named("add")},
        {"headers": named("add", title="a", extra=1)},
        {"data": {"_data": '{"title": "a", "extra": 1}'}, "headers": named("add")},
    ],
    ids=["json", "header", "data of a form"],
)
def test_a_json_name_that_the_signature_lacks_is_a_fault(client, entered, sent):
    response = client.post(TODOS, **sent)

    assert (faults(response), entered) == ({"extra": UNKNOWN}, [])


# D11
@pytest.mark.parametrize(
    "sent",
    [
        {"query_params": {"title": "a", "extra": "1"}},
        {"data": {"title": "a", "extra": "1"}},
        {"data": {"title": "a", "photo": SimpleUploadedFile("a.txt", b"A")}},
    ],
    ids=["query", "form", "file"],
)
def test_a_text_name_that_the_signature_lacks_is_ignored(client, entered, sent):
    client.post(TODOS, **sent, headers=named("add"))

    assert entered == [{"title": "a", "quantity": 1}]


# S21
def test_of_duplicate_json_keys_the_last_counts(client, entered):
    client.post(TODOS, '{"title":"a","title":"b"}', content_type=JSON, headers=named("add"))

    assert entered == [{"title": "b", "quantity": 1}]


# D11
def test_the_log_tells_the_developer_what_came_and_what_was_expected(client, caplog):
    client.post(TODOS, {"quantity": "two"}, content_type=JSON, headers=named("add"))

    (logged,) = [record.getMessage() for record in caplog.records]
    assert "arguments_urls.add() cannot take what was sent" in logged
    assert "'title': This field is required." in logged
    assert "'quantity': Enter a whole number." in logged


# S21
@pytest.mark.parametrize("language", ["en", "de"])
def test_faults_are_in_the_language_of_the_visitor(client, language):
    response = client.post(TODOS, headers={**named("add"), "Accept-Language": language})

    texts = {"en": REQUIRED, "de": ["Dieses Feld ist zwingend erforderlich."]}
    assert response.json()["errors"] == {"title": texts[language]}
