"""What only a real server shows: clients that leave, and bodies that never end."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import sqlite3
import time

import pytest

from .site.kinds import KINDS
from .site.processes import migrated, read, redis_server, send, wait_until, web_server


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A migrated SQLite file of its own."""
    return migrated(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="module", params=["uvicorn", "gunicorn"])
def port(request, database):
    with web_server(request.param, {"TEST_DATABASE": str(database)}) as port:
        yield port


@pytest.fixture
def titles(database):
    """Read what was committed, as `titles()`, from an empty table."""

    def committed():
        with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
            return [title for (title,) in connection.execute("SELECT title FROM site_todo")]

    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute("DELETE FROM site_todo")
        connection.commit()
    return committed


def call(port, kind, action, data):
    """Call as the client does, and return the answer's JSON."""
    path = f"/servers/{kind}/"
    answer = read(send(port, path, {"X-Hyper-Action": action}, json.dumps(data).encode()))
    return json.loads(answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("action", ["slow", "aslow"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_whose_client_leaves_completes_and_commits_once(
    port, database, titles, kind, action
):  # S28 F01
    name = f"{port}-{kind}-{action}"
    body = json.dumps({"title": name}).encode()

    connection = send(port, f"/servers/{kind}/", {"X-Hyper-Action": action}, body)
    wait_until(database.with_name(f"{database.name}.{name}.begun").exists)
    connection.close()
    time.sleep(0.1)  # the server learns of it, and cancels the request
    database.with_name(f"{database.name}.{name}.go").touch()
    wait_until(lambda: titles() == [name])

    assert call(port, kind, "save", {"title": "next"}) == {"result": "next"}
    assert titles() == [name, "next"]


BODIES = {
    "JSON": ("application/json", b'{"title": "cut"}'),
    "JSON whole": ("application/json", b'{"title": "cut"} '),
    "urlencoded": ("application/x-www-form-urlencoded", b"title=cut&more=1"),
    "urlencoded field": ("application/x-www-form-urlencoded", b"_action=save&title=cut"),
    "multipart": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut\r\n--b--\r\n',
    ),
    "multipart part": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut\r\n',
    ),
    "multipart file": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhalf of',
    ),
    "multipart field": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="_action"\r\n\r\nsave\r\n'
        b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut\r\n--b--\r\n',
    ),
    "nothing": ("application/json", b""),
}


PAGES = [("class-sync", "save"), ("function-async", "asave")]


@pytest.mark.parametrize("how", ["half-closed", "closed"])
@pytest.mark.parametrize(("kind", "action"), PAGES)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_shorter_than_promised_is_never_run(port, titles, kind, action, body, how):  # D16
    content_type, sent = BODIES[body]
    headers = {"Content-Type": content_type, "Content-Length": str(len(sent) + 9)}
    if not body.endswith("field"):
        headers["X-Hyper-Action"] = action

    connection = send(port, f"/servers/{kind}/", headers, sent)
    answer = b""
    if how == "half-closed":
        connection.shutdown(socket.SHUT_WR)
        answer = read(connection)
    connection.close()

    assert b'"result"' not in answer
    assert call(port, kind, "save", {"title": "next"}) == {"result": "next"}
    assert titles() == ["next"]


@pytest.mark.parametrize(("kind", "action"), PAGES)
@pytest.mark.parametrize("body", ["JSON", "urlencoded", "multipart"])
def test_a_body_as_long_as_promised_is_run(port, titles, kind, action, body):  # D16
    content_type, sent = BODIES[body]
    headers = {"Content-Type": content_type, "X-Hyper-Action": action}

    answer = read(send(port, f"/servers/{kind}/", headers, sent + b"         "))

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert [title.strip() for title in titles()] == ["cut"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Debian's redis-server")
@pytest.mark.parametrize("name", ["uvicorn", "gunicorn"])
def test_two_processes_count_a_rate_together(database, tmp_path, name):  # S23
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(redis_server(tmp_path))
        environment = {"TEST_DATABASE": str(database), "TEST_REDIS": url}
        ports = [stack.enter_context(web_server(name, environment)) for _ in range(2)]

        answers = [call(port, "class-sync", "limited", {}) for port in 3 * ports]

    processes = {answer.get("result") for answer in answers[:3]}
    assert [answer.get("code") for answer in answers] == 3 * [None] + 3 * ["rate_limited"]
    assert len(processes) == 2
