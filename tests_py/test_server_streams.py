"""Streams on real servers: they arrive at once, and end with their clients."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import sqlite3
import time

import pytest

from .site.kinds import KINDS
from .site.processes import NGINX, migrated, nginx, read, receive, send, wait_until, web_server

FIRST = b'data: "first"\n\n'
HEARTBEAT = b"\n:\n\n"

numbers = itertools.count()


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return migrated(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="module", params=["uvicorn", "gunicorn", "gunicorn-sync"])
def port(request, database):
    with web_server(request.param, {"TEST_DATABASE": str(database)}) as port:
        yield port


@pytest.fixture(scope="module")
def uvicorn(database):
    with web_server("uvicorn", {"TEST_DATABASE": str(database)}) as port:
        yield port


class Stream:
    """A stream that a client has asked for, under a name of its own."""

    def __init__(self, database, port, action, kind="class-sync", **data):
        self.name = f"stream-{next(numbers)}"
        self.database = database
        self.connection = send(
            port,
            f"/server_streams/{kind}/",
            {"X-Hyper-Action": action, "Accept-Encoding": "gzip"},
            json.dumps({"name": self.name, **data}).encode(),
        )

    def file(self, what):
        return self.database.with_name(f"{self.database.name}.{self.name}.{what}")

    def notes(self):
        """Return what the generator noted, line by line."""
        file = self.file("notes")
        return file.read_text().splitlines() if file.exists() else []

    def receive(self, expected=FIRST):
        return receive(self.connection, expected)

    def leave(self):
        self.connection.close()

    def go_on(self):
        self.file("go").touch()

    def is_closed(self):
        return any(note.startswith("closed") for note in self.notes())


@pytest.fixture
def stream(database):
    """Ask for a stream: ``stream(port, action, kind, **data)``."""
    streams = []

    def ask(*args, **data):
        streams.append(Stream(database, *args, **data))
        return streams[-1]

    yield ask
    for each in streams:
        each.go_on()
        each.leave()


def process(port):
    """Return what the server's process holds."""
    connection = send(port, "/server_streams/process/", {}, b"{}")
    connection.settimeout(120)  # it may stand behind the streams
    answer = read(connection)
    return json.loads(answer.partition(b"\r\n\r\n")[2])


# Prompt


@pytest.mark.parametrize("action", ["steps", "asteps"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_item_arrives_while_the_generator_works_on_the_next(port, stream, kind, action):
    asked = stream(port, action, kind)

    head = asked.receive().lower()  # it waits for `go`
    asked.go_on()
    rest = read(asked.connection)

    assert b"content-encoding" not in head
    assert b"x-accel-buffering: no\r\n" in head
    assert b'data: "last"\n\n' in rest
    assert rest.count(b"event: end") == 1


@pytest.mark.skipif(not NGINX, reason="needs Debian's nginx")
@pytest.mark.parametrize("action", ["steps", "asteps"])
def test_nginx_with_its_defaults_holds_nothing_back(port, stream, tmp_path, action):
    with nginx(tmp_path, port) as front:
        asked = stream(front, action)

        asked.receive()  # it waits for `go`
        asked.go_on()

        assert b'data: "last"\n\n' in read(asked.connection)


# F02: clients that leave


@pytest.mark.parametrize("action", ["ticks", "aticks"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_generator_is_closed_once_where_it_was_opened(port, stream, kind, action):  # F02
    asked = stream(port, action, kind)
    asked.receive(b"data: 1\n\n")

    asked.leave()
    wait_until(asked.is_closed)

    assert closed_where_it_was_opened(asked.notes())
    assert asked.notes()[1].endswith(asked.name)


@pytest.mark.parametrize("kind", KINDS)
def test_an_async_generator_that_waits_is_closed_within_a_second(uvicorn, stream, kind):  # F02
    asked = stream(uvicorn, "asleep", kind)
    asked.receive()

    asked.leave()

    wait_until(asked.is_closed, 1)


@pytest.mark.slow
@pytest.mark.parametrize("clients", [100, 500])
@pytest.mark.parametrize("action", ["ticks", "aticks"])
def test_many_clients_vanish_at_once(port, stream, action, clients):  # F02
    before = process(port)
    asked = [stream(port, action, seconds=0.2) for _ in range(clients)]
    asked[0].receive(b"data: 0\n\n")

    for each in asked:
        each.leave()

    wait_until(lambda: is_back(process(port), before), 60)
    # Those that left before their turn were never opened.
    wait_until(lambda: all(each.is_closed() for each in asked if each.notes()), 60)
    assert all(closed_where_it_was_opened(each.notes()) for each in asked if each.notes())
    assert asked[0].notes()


def closed_where_it_was_opened(notes):
    """Whether a generator was opened once, and closed once in the same thread and context."""
    return len(notes) == 2 and notes[1] == notes[0].replace("opened", "closed")


def is_back(after, before):
    """Whether threads, files and connections are given back; a pool may keep some."""
    return (
        after["open"] == before["open"]
        and after["threads"] <= before["threads"] + 8
        and after["files"] <= before["files"] + 8
        and after["databases"] <= before["databases"] + 4
    )


# What a stream holds


def test_an_idle_async_stream_holds_no_thread_and_no_connection(uvicorn, stream):
    before = process(uvicorn)
    asked = [stream(uvicorn, "asleep", kind) for kind in 10 * KINDS]
    for each in asked:
        each.receive()

    held = process(uvicorn)

    assert held["open"] == before["open"] + 40
    assert held["threads"] <= before["threads"] + 8
    assert held["databases"] <= before["databases"] + 4


@pytest.mark.parametrize("action", ["flood", "aflood"])
def test_a_generator_waits_for_a_client_that_reads_slowly(port, stream, action):
    asked = stream(port, action, kib=131_072)
    asked.receive(b"xxx")

    given: list[int] = []
    while len(given) < 2 or given[-1] > given[-2]:
        time.sleep(0.5)  # as long as nothing more is taken
        given.append(len(asked.notes()))

    assert given[-1] < 256  # of 512 pieces: the rest is not made before it is read


# As many as may be


def test_a_full_server_refuses_at_once_and_serves_on(database, stream):  # F10
    environment = {"TEST_DATABASE": str(database), "TEST_MAX_STREAMS": "20"}
    with web_server("uvicorn", environment) as port:
        asked = [stream(port, action) for action in 10 * ("asleep", "steps")]
        for each in asked:
            each.receive()

        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            refusal = read(stream(port, "steps").connection)
            seconds.append(time.perf_counter() - start)
        asked[0].leave()
        wait_until(lambda: process(port)["open"] == 19)
        stream(port, "asleep").receive()

    assert refusal.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"busy"' in refusal
    assert b"retry-after: " in refusal.lower()
    assert min(seconds) < 0.1


# Servers that end


def test_a_server_that_is_killed_leaves_nothing_half_written(database, stream):  # F03
    with web_server("uvicorn", {"TEST_DATABASE": str(database)}) as port:
        number = process(port)["id"]
        asked = stream(port, "half")
        asked.receive(b'data: "written"\n\n')
        os.kill(number, signal.SIGKILL)
        with contextlib.suppress(ConnectionResetError):
            assert b"event:" not in read(asked.connection)

    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        assert connection.execute("SELECT title FROM site_todo").fetchall() == []


# Heartbeats


@pytest.fixture(scope="module", params=["uvicorn", "gunicorn"])
def beating(request, database):
    environment = {
        "TEST_DATABASE": str(database),
        "TEST_HEARTBEAT_SECONDS": "0.3",
        "TEST_WSGI_HEARTBEAT": "1",
    }
    with web_server(request.param, environment) as port:
        yield port


@pytest.mark.parametrize("action", ["steps", "asteps"])
def test_a_stream_that_waits_beats(beating, stream, action):
    asked = stream(beating, action)

    asked.receive(b"\n:\n\n")
    asked.receive(b":\n\n")
    asked.go_on()

    assert b"event: end" in read(asked.connection)


@pytest.mark.parametrize("action", ["ticks", "aticks"])
def test_a_stream_that_is_busy_does_not_beat(beating, stream, action):
    frames = read(stream(beating, action, most=100).connection)

    assert frames.count(b"event: message") == 100
    assert b"\n:" not in frames


def test_without_the_setting_a_wsgi_stream_does_not_beat(database, stream):
    environment = {"TEST_DATABASE": str(database), "TEST_HEARTBEAT_SECONDS": "0.05"}
    with web_server("gunicorn", environment) as port:
        asked = stream(port, "asteps")
        asked.receive()
        asked.connection.settimeout(0.5)
        with pytest.raises(socket.timeout):
            asked.connection.recv(1)
        asked.go_on()


def test_a_beating_stream_under_wsgi_is_closed_when_its_client_leaves(beating, stream):  # F02
    asked = stream(beating, "asleep")
    asked.receive()

    asked.leave()
    wait_until(asked.is_closed)

    assert closed_where_it_was_opened(asked.notes())


@pytest.mark.parametrize("action", ["steps", "ticks"])
def test_the_thread_of_a_beating_stream_gives_all_back(beating, stream, action):
    before = process(beating)
    data = {"row": True} if action == "steps" else {}
    for _ in range(20):
        asked = stream(beating, action, **data)
        asked.receive(b"data: ")
        asked.go_on()
        asked.leave()
        wait_until(asked.is_closed)

    wait_until(lambda: is_back(process(beating), before))
