"""``idempotent`` over two processes that share a Redis."""

from __future__ import annotations

import contextlib
import json
import re
import shutil

import pytest

from .site.processes import TOKEN, read, redis_server, send, wait_until, web_server
from .test_servers import database, titles  # noqa: F401

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Debian's redis-server"),
]


@pytest.fixture(scope="module")
def ports(database, tmp_path_factory):  # noqa: F811
    """Two servers, each in a process of its own, with one Redis and one database."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(redis_server(tmp_path_factory.mktemp("redis")))
        environment = {
            "TEST_DATABASE": str(database),
            "TEST_REDIS": url,
            "TEST_MARK_SECONDS": "2",
        }
        names = ("gunicorn", "uvicorn")
        yield [stack.enter_context(web_server(name, environment)) for name in names]


@pytest.fixture
def session(ports):
    """The cookie of a session that has begun."""
    return begin(ports)


def begin(ports):
    answer = read(ask(ports[0], "begin", {}))
    match = re.search(rb"sessionid=(\w+)", answer)
    assert match, answer
    return f"csrftoken={TOKEN}; sessionid={match[1].decode()}"


def ask(port, action, data, *, session=None, id="1", attempt=1):
    """Send a call, and return the connection."""
    headers = {
        "X-Hyper-Action": action,
        "X-Hyper-Request-ID": id,
        "X-Hyper-Attempt": str(attempt),
        **({"Cookie": session} if session else {}),
    }
    return send(port, "/once/sync/", headers, json.dumps(data).encode())


def answer_of(connection):
    head, _, body = read(connection).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body), b"idempotent-replayed: true" in head.lower()


def test_a_lost_answer_is_given_by_the_other_process(ports, session, titles):  # C28 F05  # noqa: F811
    lost = ask(ports[0], "pay", {"title": "milk"}, session=session)
    wait_until(lambda: titles() == ["milk"])
    lost.close()

    def again():
        return answer_of(ask(ports[1], "pay", {"title": "milk"}, session=session, attempt=2))

    answers = []
    wait_until(lambda: answers.append(again()) or answers[-1][0] == 200)  # type: ignore[func-returns-value]
    assert answers[-1] == (200, {"result": {"paid": "milk", "run": 1}}, True)
    assert titles() == ["milk"]


def test_of_two_at_once_one_runs(ports, session, titles):  # C28  # noqa: F811
    data = {"title": "bread", "pause": 1}
    connections = [ask(port, "pay", data, session=session, id="2") for port in ports]

    answers = [answer_of(connection) for connection in connections]

    ran = [answer for answer in answers if answer[0] == 200 and not answer[2]]
    assert (len(ran), {status for status, _, _ in answers} <= {200, 409}) == (1, True)
    assert titles() == ["bread"]


def test_an_id_belongs_to_its_data_and_its_visitor(ports, session, titles):  # C28  # noqa: F811
    answers = [
        answer_of(ask(ports[0], "pay", {"title": "milk"}, session=session, id="4")),
        answer_of(ask(ports[1], "pay", {"title": "bread"}, session=session, id="4")),
        answer_of(ask(ports[1], "pay", {"title": "milk"}, session=begin(ports), id="4")),
    ]

    assert [(status, is_replayed) for status, _, is_replayed in answers] == [
        (200, False),
        (409, False),
        (200, False),
    ]
    assert titles() == ["milk", "milk"]


def test_what_was_rolled_back_is_forgotten_by_all(ports, session, titles):  # C28 S26  # noqa: F811
    data = {"title": "milk", "how": "fail"}
    answers = [answer_of(ask(port, "pay", data, session=session, id="5")) for port in ports]

    assert [(status, body["error"]) for status, body, _ in answers] == 2 * [(422, "No money")]
    assert titles() == []


def test_what_is_not_idempotent_is_never_repeated(ports, session):  # C28
    answers = [
        answer_of(ask(port, "save", {}, session=session, id="6", attempt=attempt))
        for attempt, port in enumerate(ports, 1)
    ]

    assert [status for status, _, _ in answers] == [200, 409]


def test_the_mark_of_a_killed_worker_ends(ports, session, titles):  # C28  # noqa: F811
    data = {"title": "eggs", "how": "exit"}
    assert read(ask(ports[0], "pay", data, session=session, id="3")) == b""

    status, body, _ = answer_of(ask(ports[1], "pay", data, session=session, id="3", attempt=2))
    assert (status, body["code"]) == (409, "conflict")

    # gunicorn starts another worker; a repeat runs again, and ends that one as well.
    wait_until(lambda: read(ask(ports[0], "pay", data, session=session, id="3", attempt=2)) == b"")
    assert titles() == []
    wait_until(lambda: read(ask(ports[0], "save", {})).startswith(b"HTTP/1.1 200"))


@pytest.mark.parametrize("name", ["gunicorn", "uvicorn"])
def test_with_redis_gone_only_what_needs_it_is_refused(  # F09
    database,  # noqa: F811
    session,
    titles,  # noqa: F811
    tmp_path,
    name,
):
    with contextlib.ExitStack() as stack:
        redis = contextlib.ExitStack()
        url = stack.enter_context(redis).enter_context(redis_server(tmp_path))
        environment = {"TEST_DATABASE": str(database), "TEST_REDIS": url}
        port = stack.enter_context(web_server(name, environment))
        assert answer_of(ask(port, "pay", {"title": "milk"}, session=session, id=name))[0] == 200

        redis.close()
        refused = [
            read(ask(port, "pay", {"title": "eggs"}, session=session, id=f"{name} 2")),
            read(send(port, "/servers/class-sync/", {"X-Hyper-Action": "limited"}, b"{}")),
        ]
        others = answer_of(ask(port, "save", {"title": "bread"}, session=session))

    assert [answer.split()[1] for answer in refused] == [b"503", b"503"]
    assert all(b"\r\nretry-after: 5\r\n" in answer.lower() for answer in refused)
    assert all(b'"code":"busy"' in answer for answer in refused)
    assert (others[0], titles()) == (200, ["milk"])
