from __future__ import annotations

import json
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from django_hyper.details import NO_CALL, HyperDetails

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TODOS = "/arguments/todos/"
ADD = {"X-Hyper-Action": "add"}

NOTHING_SAID = {
    "true": True,
    "action": "look",
    "target": None,
    "request_id": None,
    "attempt": 1,
    "caller": "page",
    "states": ["add", "rename", "archive", "fill", "collect", "agree", "look"],
}


# D01, D02, D03
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"headers": {"X-Hyper-Action": "look"}}, {"caller": "alpine"}),
        ({"query_params": {"_action": "look"}}, {}),
        ({"data": {"_action": "look"}}, {}),
        ({"data": "_action=look", "content_type": FORM}, {}),
        ({"data": "_action=add&_action=look", "content_type": FORM}, {}),
    ],
    ids=["D01 header", "D02 query", "D03 multipart", "D03 urlencoded", "D03 the last field"],
)
def test_each_name_alone_makes_an_action_request(call, entered, sent, expected):
    call.request("POST", TODOS, **sent)

    assert entered == [{**NOTHING_SAID, **expected}]


# D04
@pytest.mark.parametrize(
    ("header", "query", "field", "expected"),
    [
        ("archive", "rename", "look", "archived"),
        ("archive", None, "look", "archived"),
        ("archive", "rename", None, "archived"),
        (None, "archive", "look", "archived"),
        (None, None, "archive", "archived"),
    ],
)
def test_the_header_comes_before_the_query_and_the_query_before_the_field(
    call, entered, header, query, field, expected
):
    call.request(
        "POST",
        TODOS,
        data={"_action": field} if field else {},
        headers={"X-Hyper-Action": header} if header else {},
        query_params={"_action": query} if query else {},
    )

    assert entered == [expected]


# D03
@pytest.mark.parametrize(
    "sent",
    [
        {"data": '{"_action": "archive"}', "content_type": JSON},
        {"data": "_action=archive", "content_type": "text/plain"},
        {"data": {"archive": "_action"}},
        {"query_params": {"x_action": "archive"}},
    ],
    ids=["JSON", "text", "another field", "another name in the query"],
)
def test_other_requests_run_the_page(call, entered, sent):
    response = call.request("POST", TODOS, **sent)

    assert (response.content, entered) == (b"page", ["page"])


# D02, D03
@pytest.mark.parametrize(
    "sent",
    [{"query_params": {"_action": "archive"}}, {"data": {"_action": "archive"}}],
    ids=["query", "field"],
)
def test_query_and_field_count_only_where_the_view_has_actions(call, entered, sent):
    response = call.request("POST", "/arguments/plain/", **sent)

    assert (response.content, entered) == (b"page", ["page"])


# D01, D11
@pytest.mark.parametrize("path", ["/arguments/plain/", TODOS, "/arguments/articles/7/a/"])
@pytest.mark.parametrize("name", ["ad", "", "__init__", "get", "a" * 10_000])
def test_an_unknown_name_in_the_header_is_404_and_the_view_does_not_run(call, entered, path, name):
    response = call.request("POST", path, headers={"X-Hyper-Action": name})

    assert (response.status_code, response.json(), entered) == (
        404,
        {
            "error": "This page cannot do that. Please reload it.",
            "code": "unknown_action",
        },
        [],
    )


# D12
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Hyper-Action": "look"}, {"caller": "alpine"}),
        ({"X-Hyper-Action": "look", "HX-Request": "true"}, {"caller": "alpine"}),
        (
            {
                "X-Hyper-Action": "look",
                "X-Hyper-Target": "#row-3",
                "X-Hyper-Request-ID": "r-1",
                "X-Hyper-Attempt": "2",
            },
            {"caller": "alpine", "target": "#row-3", "request_id": "r-1", "attempt": 2},
        ),
    ],
)
def test_request_hyper_reads_the_headers(call, entered, headers, expected):
    call.request("GET", TODOS, headers=headers)

    assert entered == [{**NOTHING_SAID, **expected}]


# D12
@pytest.mark.parametrize(
    ("headers", "caller"), [({"HX-Request": "true"}, "htmx"), ({"HX-Request": "no"}, "page")]
)
def test_the_caller_of_a_call_without_our_header(call, entered, headers, caller):
    call.request("GET", f"{TODOS}?_action=look", headers=headers)

    assert entered[0] == {**NOTHING_SAID, "caller": caller}


# D12
@pytest.mark.parametrize(
    ("text", "attempt"),
    [("1", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("٣", 1), ("", 1), ("9" * 9, 1)],
)
def test_the_attempt_counts_from_one(text, attempt):
    request = HttpRequest()
    request.META["HTTP_X_HYPER_ATTEMPT"] = text

    assert HyperDetails(request.META, "add").attempt == attempt


# D12
@pytest.mark.parametrize(
    ("sent", "request_id"),
    [
        ({"data": {"_action": "look", "_request_id": "r-1"}}, "r-1"),
        ({"data": {"_request_id": "r-1"}, "headers": {"X-Hyper-Action": "look"}}, None),
    ],
    ids=["plain post", "call"],
)
def test_the_field_of_a_plain_post_may_give_the_request_id(call, entered, sent, request_id):
    call.request("POST", TODOS, **sent)

    assert [said["request_id"] for said in entered] == [request_id]


def test_request_hyper_is_false_where_no_action_is_named(client):
    response = client.get(TODOS)
    details = response.wsgi_request.hyper

    assert (bool(details), details.action, details.caller) == (False, None, "page")


def test_request_hyper_of_a_view_without_actions(client):
    details = client.get("/arguments/plain/").wsgi_request.hyper

    assert details is NO_CALL
    assert (
        *(bool(details), details.action, details.target, details.request_id),
        *(details.attempt, details.caller, dict(details.states)),
    ) == (False, None, None, None, 1, "page", {})


DEEP = "[" * 10_000 + "]" * 10_000

UNREADABLE = [
    pytest.param("{", id="unfinished"),
    pytest.param("title=a", id="no JSON"),
    pytest.param("{} {}", id="two values"),
    pytest.param("[]", id="a list"),
    pytest.param("null", id="null"),
    pytest.param('"title"', id="a string"),
    pytest.param("3", id="a number"),
    pytest.param('{"title": NaN}', id="NaN"),
    pytest.param('{"title": Infinity}', id="Infinity"),
    pytest.param('{"title": 1e999}', id="beyond a float"),
    pytest.param('{"title": ' + DEEP + "}", id="10,000 levels"),
    pytest.param('{"a":' * 10_000 + "1" + "}" * 10_000, id="10,000 objects"),
    pytest.param('{"title": %s}' % ("1" * 5_000), id="5,000 digits"),
    pytest.param('{"title": -%s}' % ("1" * 5_000), id="5,000 digits below zero"),
    pytest.param(r'{"title": "\ud800"}', id="half a surrogate pair"),
    pytest.param(r'{"title": "\udc00\ud800"}', id="a pair the wrong way round"),
    pytest.param(r'{"title": "\x"}', id="no escape"),
    pytest.param('{"title": "a\nb"}', id="a line break in a string"),
    pytest.param("{'title': 'a'}", id="single quotes"),
    pytest.param('{"title": "a",}', id="a comma too many"),
    pytest.param(" ", id="white space"),
]
UNREADABLE_BYTES = [
    pytest.param(b'{"title": "\xff"}', id="broken UTF-8"),
    pytest.param(b'{"title": "\xe6\x97"}', id="UTF-8 cut in two"),
    pytest.param(b'{"title": "\xed\xa0\x80"}', id="a surrogate in UTF-8"),
    pytest.param(b'\xef\xbb\xbf{"title": "a"}', id="a byte order mark"),
    pytest.param('{"title": "a"}'.encode("utf-16"), id="UTF-16"),
    pytest.param(b'{"title": "\x00"}', id="a null byte"),
]


def assert_refused(response, entered, status=400, code="bad_request"):
    assert (response.status_code, response["Content-Type"], entered) == (
        status,
        "application/json",
        [],
    )
    assert response.json()["code"] == code


# D10
@pytest.mark.parametrize("action", ["add", "archive", "collect"])
@pytest.mark.parametrize("body", [*UNREADABLE, *UNREADABLE_BYTES])
def test_an_unreadable_body_is_400_and_the_action_is_not_entered(client, entered, body, action):
    response = client.post(TODOS, body, content_type=JSON, headers={"X-Hyper-Action": action})

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize(
    "body", ["{", b'{"title": "\xff"}', '{"title": ' + DEEP + "}"], ids=["bad", "bytes", "deep"]
)
def test_an_unreadable_body_is_400_in_both_worlds(call, entered, body):
    response = call.request("POST", TODOS, data=body, content_type=JSON, headers=ADD)

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize("text", [text for text in UNREADABLE if "\n" not in str(text.values[0])])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unreadable_header_is_400_and_the_action_is_not_entered(client, entered, method, text):
    response = client.generic(method, TODOS, headers={**ADD, "X-Hyper-Data": text})

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_data_of_a_form_is_400_and_the_action_is_not_entered(client, entered, text):
    response = client.post(TODOS, {"_data": text, "title": "a"}, headers=ADD)

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize(
    ("sent", "method"),
    [
        ({"data": ""}, "POST"),
        ({"data": "", "CONTENT_TYPE": JSON}, "POST"),
        ({"data": "", "CONTENT_TYPE": "text/plain"}, "POST"),
        ({"data": "", "CONTENT_TYPE": FORM}, "POST"),
        ({"data": "_data=", "content_type": FORM}, "POST"),
        ({"data": "{}", "content_type": JSON}, "POST"),
        ({"data": "{}", "content_type": "Application/JSON; charset=utf-8"}, "POST"),
        ({"data": "", "CONTENT_TYPE": JSON}, "PUT"),
        ({"data": "", "CONTENT_TYPE": JSON}, "DELETE"),
        ({"data": "", "CONTENT_LENGTH": ""}, "POST"),
    ],
)
def test_nothing_sent_is_no_data(client, entered, sent, method):
    headers = {**ADD, "X-Hyper-Data": ""}

    response = client.generic(method, f"{TODOS}?title=a", **sent, headers=headers)

    assert (response.json(), entered) == ({"result": None}, [{"title": "a", "quantity": 1}])


# D10
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/octet-stream", "text/json", "a", "", "image/png"]
)
def test_a_body_of_another_type_is_400(client, entered, method, content_type):
    response = client.generic(
        method, TODOS, '{"title": "a"}', content_type=content_type, headers=ADD
    )

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(json.dumps({"title": "a" * 101}), JSON, id="JSON"),
        pytest.param(urlencode({"title": "a" * 101}), FORM, id="urlencoded"),
        pytest.param(
            encode_multipart(BOUNDARY, {"title": "a" * 101}), MULTIPART_CONTENT, id="multipart"
        ),
    ],
)
def test_a_body_beyond_djangos_limit_is_413(client, entered, settings, method, body, content_type):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.generic(method, TODOS, body, content_type=content_type, headers=ADD)

    assert_refused(response, entered, 413, "too_large")


# D10
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content_type", [FORM, MULTIPART_CONTENT])
def test_more_fields_than_django_allows_are_413(client, entered, settings, method, content_type):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    fields = {"title": "a", "quantity": 1, "more": 1}
    encoded = urlencode(fields) if content_type == FORM else encode_multipart(BOUNDARY, fields)

    response = client.generic(method, TODOS, encoded, content_type=content_type, headers=ADD)

    assert_refused(response, entered, 413, "too_large")


# D10
def test_a_query_of_more_names_than_django_allows_is_413(client, entered, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2

    response = client.post(f"{TODOS}?title=a&b=1&c=2", headers=ADD)

    assert_refused(response, entered, 413, "too_large")


# D10
def test_more_files_than_django_allows_are_413(client, entered, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    files = [SimpleUploadedFile(name, b"A") for name in ("a.txt", "b.txt")]

    response = client.post(TODOS, {"title": "a", "photo": files}, headers=ADD)

    assert_refused(response, entered, 413, "too_large")


# D10
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary="),
        (b"--x\r\n", "multipart/form-data; boundary=" + "x" * 300),
    ],
    ids=["no boundary", "empty boundary", "long boundary"],
)
def test_a_broken_multipart_body_is_400(client, entered, method, body, content_type):
    response = client.generic(method, TODOS, body, content_type=content_type, headers=ADD)

    assert_refused(response, entered)


class Broken(BytesIO):
    """The body of a client that leaves while it is read."""

    def read(self, *args):
        raise OSError("the client is gone")

    readline = read


# D16, F06
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content_type", [JSON, FORM, MULTIPART_CONTENT])
def test_a_body_that_breaks_off_with_an_error_is_never_run(entered, method, content_type):
    client = Client(raise_request_exception=False)

    response = client.generic(
        method,
        f"{TODOS}?title=a",
        "x",
        content_type=content_type,
        headers=ADD,
        **{"wsgi.input": Broken(), "CONTENT_LENGTH": "100"},
    )

    assert_refused(response, entered)


# D16, F06
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b'{"title": "a"}', JSON, id="JSON"),
        pytest.param(b"title=a", FORM, id="urlencoded"),
        pytest.param(b"", JSON, id="empty"),
        pytest.param(
            encode_multipart(BOUNDARY, {"title": "a", "blob": "b" * 100})[:-120],
            MULTIPART_CONTENT,
            id="multipart, inside a field",
        ),
        pytest.param(
            encode_multipart(
                BOUNDARY, {"title": "a", "photo": SimpleUploadedFile("a.txt", b"A" * 100)}
            )[:-90],
            MULTIPART_CONTENT,
            id="multipart, inside a file",
        ),
    ],
)
def test_a_body_shorter_than_its_length_is_never_run(entered, method, body, content_type):
    client = Client(raise_request_exception=False)

    response = client.generic(
        method,
        TODOS,
        "x",
        content_type=content_type,
        headers=ADD,
        **{"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body) + 120)},
    )

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize("length", ["abc", "²", "-1", "1.5"])
def test_a_length_that_is_no_number_is_400(entered, length):
    client = Client(raise_request_exception=False)

    response = client.generic(
        "POST",
        f"{TODOS}?title=a",
        '{"title": "b"}',
        content_type=JSON,
        headers=ADD,
        CONTENT_LENGTH=length,
    )

    assert_refused(response, entered)


# D10
@pytest.mark.parametrize(
    "charset", ["rot13", "zip", "idna", "punycode", "undefined", "utf-7", "unicode_escape"]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_charset_that_no_page_can_have_is_forgotten(client, entered, method, charset):
    body = encode_multipart(BOUNDARY, {"title": "+2AA- \\ud800 ü"})
    content_type = f"{MULTIPART_CONTENT}; charset={charset}"

    answer = client.generic(method, TODOS, body, content_type, headers=ADD)

    assert (answer.status_code, entered) == (200, [{"title": "+2AA- \\ud800 ü", "quantity": 1}])


# D10
def test_nor_does_it_fail_where_a_call_is_refused_before_its_name_is_read(entered):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    body = encode_multipart(BOUNDARY, {"_action": "add", "title": "milk"})
    content_type = f"{MULTIPART_CONTENT}; charset=rot13"

    answer = client.generic("POST", TODOS, body, content_type, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.text.startswith("<p role="), entered) == (403, True, [])


# D10
@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "UTF8"])
def test_a_urlencoded_body_is_utf_8_whatever_it_says(entered, charset):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = token = "a" * 32
    sent = (TODOS, b"title=%C3%BC", f"application/x-www-form-urlencoded; charset={charset}")

    refused = client.generic("POST", *sent, headers=ADD)
    answer = client.generic("POST", *sent, headers={**ADD, "X-CSRFToken": token})

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert (answer.status_code, entered) == (200, [{"title": "ü", "quantity": 1}])


def test_the_log_tells_the_developer_what_came_and_what_to_send(client, caplog):
    client.post(TODOS, "[]", content_type=JSON, headers=ADD)

    (logged,) = [record.getMessage() for record in caplog.records]
    assert logged == (
        "POST /arguments/todos/ add: the request got the body that is JSON but no object; "
        "expected a JSON object or a form, whole. Send it with $action(), or as "
        "application/json in UTF-8."
    )
