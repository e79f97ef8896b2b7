"""What ``docs/production.md`` shows, run as it stands there: nginx, uvicorn, gunicorn, Redis."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import redis

from .site.document import (
    HOST,
    block,
    command,
    configured_redis,
    environment,
    make_certificate,
    make_project,
    nginx_site,
)
from .site.processes import (
    NGINX,
    ROOT,
    TOKEN,
    free_port,
    nginx,
    running,
    wait_until,
)

PROGRAMS = ("redis-server", "openssl")
PLUGIN = ROOT / "django_hyper/static/django_hyper/hyper.js"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NGINX, reason="needs Debian's nginx"),
    pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason="needs Redis and openssl"),
    pytest.mark.skipif(not PLUGIN.exists(), reason="needs the built plugin"),
]

MEGABYTE = 2**20
SHORTER = {"100s": "3s", "25m": "1m"}  # what nginx waits for, and takes
SILENT_SECONDS = 4.5  # longer than nginx waits


class Visitor:
    """A browser on a machine of its own: `address` is one of this machine's."""

    def __init__(self, front: Front, address: str = "127.0.0.1") -> None:
        transport = httpx.HTTPTransport(verify=front.trust, local_address=address)
        self.client = httpx.Client(
            transport=transport,
            base_url=f"https://127.0.0.1:{front.port}",
            cookies={"csrftoken": TOKEN},
            headers={"Host": HOST, "Origin": f"https://{HOST}", "X-CSRFToken": TOKEN},
            timeout=30,
        )

    def get(self, path):
        return self.client.get(path, extensions={"sni_hostname": HOST})

    def call(self, action, data=None, *, page="/production/", headers=None, files=None):
        """Call an action as the page does, and return the answer."""
        return self.client.post(page, **self.request(action, data, headers, files))

    def stream(self, action, data, page):
        """Return a stream that has begun, as a context manager."""
        return self.client.stream("POST", page, **self.request(action, data))

    def request(self, action, data, headers=None, files=None):
        sent = {"X-Hyper-Action": action, **(headers or {})}
        body = {"files": files} if files else {"json": data or {}}
        return {"headers": sent, "extensions": {"sni_hostname": HOST}, **body}


class Front:
    """A server of the document behind the nginx of the document."""

    def __init__(self, port: int, upstream: int, certificate: Path, log: Path, redis: str) -> None:
        self.port = port
        self.upstream = upstream
        self.trust = ssl.create_default_context(cafile=certificate)
        self.log = log
        self.redis = redis


class Project(NamedTuple):
    program: str
    folder: Path
    redis: str


@pytest.fixture(scope="module", params=["uvicorn", "gunicorn"])
def project(request, tmp_path_factory):
    """The project of the document, with its Redis and its static files."""
    folder = tmp_path_factory.mktemp(request.param)
    with contextlib.ExitStack() as stack:
        url, _ = stack.enter_context(configured_redis(folder))
        make_project(folder, url, request.param)
        for arguments in (
            block("console", "$ python manage.py").split()[3:],
            ["migrate", "--run-syncdb"],
        ):
            run_manage(folder, *arguments)
        yield Project(request.param, folder, url)


def run_manage(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=folder,
        env={**os.environ, **environment(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def started(project, **replaced):
    """Run the server as the document does, with other values; give its process and port."""
    port = free_port()
    served = command(project.program, port, **replaced)
    own = environment(project.folder)
    with running(served, port, own, project.folder / "log") as process:
        wait_until(lambda: is_served(port), 60)
        yield process, port


def is_served(port: int) -> bool:
    """Whether a worker answers, which comes after listening."""
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/", headers={"Host": HOST}).status_code == 404
    return False


@pytest.fixture(scope="module")
def front(project):
    folder = project.folder
    certificate = make_certificate(folder)
    with contextlib.ExitStack() as stack:
        _, upstream = stack.enter_context(started(project))
        port = stack.enter_context(nginx(folder, upstream, nginx_site(folder, upstream, SHORTER)))
        yield Front(port, upstream, certificate, folder / "log", project.redis)


@pytest.fixture
def visitors(front):
    """Make visitors: ``visitors(address)``."""
    with contextlib.ExitStack() as stack:

        def make(address="127.0.0.1"):
            visitor = Visitor(front, address)
            stack.callback(visitor.client.close)
            return visitor

        yield make


@pytest.fixture
def visitor(visitors):
    return visitors()


# What passes


def test_a_call_over_https_is_secure_and_passes_the_csrf_check(visitor):
    answer = visitor.call("tell")

    assert (answer.status_code, answer.json()["result"]["is_secure"]) == (200, True)


def test_the_page_is_served_over_http_2(front):
    front.trust.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", front.port))
    with front.trust.wrap_socket(plain, server_hostname=HOST) as connection:
        assert connection.selected_alpn_protocol() == "h2"


def test_an_upload_within_the_limit_arrives(visitor):
    answer = visitor.call("upload", files={"file": bytes(900_000)})

    assert answer.json() == {"result": 900_000}


def test_an_upload_beyond_the_limit_is_told_as_the_plugin_reads_it(visitor):
    answer = visitor.call("upload", files={"file": bytes(2 * MEGABYTE)})

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/json")
    assert answer.json() == {"error": "This is too large to send.", "code": "too_large"}


def test_headers_of_more_than_four_kilobytes_pass(visitor):
    answer = visitor.call("with_headers", {"size": 6_000})

    assert (answer.status_code, len(answer.headers["X-Long"])) == (200, 6_000)


def test_an_answer_is_compressed(visitor):
    answer = visitor.call("read")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


# Streams


STREAMS = [("wait", "/production/"), ("await_", "/production/"), ("await_", "/production/async/")]


def read_all(visitor, seconds):
    """Open all streams at once; return of each what came first, the rest, and when it ended."""
    with contextlib.ExitStack() as stack:
        streams = [visitor.stream(action, {"seconds": seconds}, page) for action, page in STREAMS]
        begun = time.monotonic()
        answers = [stack.enter_context(each) for each in streams]
        pieces = [answer.iter_raw() for answer in answers]
        firsts = [next(each) for each in pieces]
        rests = [(b"".join(each), time.monotonic() - begun) for each in pieces]
    assert not any("Content-Encoding" in answer.headers for answer in answers)
    return [(first, *rest) for first, rest in zip(firsts, rests, strict=True)]


def test_an_item_passes_nginx_while_the_next_is_made(visitor):
    for first, rest, seconds in read_all(visitor, 1.5):
        assert b'data: "first"' in first
        assert b'data: "last"' not in first
        assert b"event: end" in rest
        assert seconds > 1


def test_a_stream_that_waits_outlasts_the_timeout_of_nginx(visitor):
    for _, rest, seconds in read_all(visitor, SILENT_SECONDS):
        assert b'data: "last"' in rest
        assert b"event: end" in rest
        assert seconds > SILENT_SECONDS


# Addresses


def test_a_rate_counts_the_address_that_nginx_saw(visitors):  # S23
    forged = ["127.0.0.9", "1.2.3.4", "1.2.3.4, 127.0.0.9", "not an address"]
    one, other = visitors(), visitors("127.0.0.9")

    answers = [one.call("limited", headers={"X-Forwarded-For": each}) for each in forged]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert other.call("limited").status_code == 200


def test_a_forged_header_does_not_use_up_what_another_visitor_has(visitors):  # S23
    one, other = visitors(), visitors("127.0.0.9")

    for _ in range(4):
        one.call("limited_too", headers={"X-Forwarded-For": "127.0.0.9"})

    assert other.call("limited_too").status_code == 200


# Redis


def test_what_redis_keeps_is_as_large_and_expires_as_the_document_says(front, visitor):
    client = redis.Redis.from_url(front.redis)
    client.flushdb()
    visitor.call("begin")

    answer = visitor.call("pay", {"text": "milk"}, headers={"X-Hyper-Request-ID": "1"})
    repeat = visitor.call("pay", {"text": "milk"}, headers={"X-Hyper-Request-ID": "1"})
    visitor.call("limited")

    assert repeat.json() == answer.json() == {"result": {"paid": "milk"}}
    assert repeat.headers["Idempotent-Replayed"] == "true"
    kept = {key.split(b":")[3].decode(): client.memory_usage(key) for key in client.scan_iter()}
    assert kept == {"rate": pytest.approx(150, rel=0.2), "once": pytest.approx(450, rel=0.2)}
    (once,) = client.keys("*once*")
    assert 86_000 < client.ttl(once) <= 86_400


def test_redis_is_set_up_as_the_document_says(front):
    client = redis.Redis.from_url(front.redis)

    assert client.config_get("maxmemory*")["maxmemory-policy"] == "noeviction"
    assert client.config_get("appendonly") == {"appendonly": "yes"}


# Pages, files, logs


def test_each_script_has_the_nonce_of_the_policy_and_a_name_that_is_kept(visitor):
    answer = visitor.get("/production/")

    (nonce,) = re.findall(r"script-src 'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert re.findall(r'<script[^>]* nonce="([^"]*)"', answer.text) == 3 * [nonce]
    names = re.findall(r'src="([^"]+)"', answer.text)
    assert [re.sub(r"\.[0-9a-f]{12}\.", ".HASH.", name) for name in names] == [
        "/static/django_hyper/hyper.HASH.js",
        "/static/django_hyper/alpine-csp.HASH.js",
    ]
    scripts = [visitor.get(name) for name in names]
    assert [script.status_code for script in scripts] == [200, 200]
    assert all("max-age=315360000" in script.headers["Cache-Control"] for script in scripts)


def test_the_id_of_an_answer_finds_the_traceback(front, visitor):
    answer = visitor.call("fail").json()

    assert re.fullmatch("[0-9a-f]{12}", answer["id"])
    line = (
        f"ERROR django.request Internal Server Error: /production/ (action fail, id {answer['id']})"
    )
    wait_until(lambda: f"{line}\nTraceback" in front.log.read_text())


def test_a_refusal_is_logged_in_one_line(front, visitor):
    visitor.call("nothing")
    visitor.call("tell", headers={"X-CSRFToken": "b" * 32})

    lines = front.log.read_text()
    assert "WARNING django_hyper POST /production/ nothing: no action is called 'nothing'" in lines
    assert "WARNING django.security.csrf Forbidden" in lines


# The servers


@pytest.mark.parametrize("project", ["uvicorn"], indirect=True)
def test_a_connection_that_had_an_upload_holds_no_thread(front):
    headers = {"X-CSRFToken": TOKEN, "Host": HOST, "Cookie": f"csrftoken={TOKEN}"}

    def call(client, action, **body):
        sent = {"X-Hyper-Action": action, **headers}
        return client.post("/production/", headers=sent, **body).json()["result"]

    with contextlib.ExitStack() as stack:
        url = f"http://127.0.0.1:{front.upstream}"
        clients = [stack.enter_context(httpx.Client(base_url=url)) for _ in range(8)]
        for client in clients:
            call(client, "upload", files={"file": bytes(300_000)})
            call(client, "tell")

        # That of this call alone, in each of the two workers.
        wait_until(lambda: all(call(client, "threads") == 1 for client in clients))


@contextlib.contextmanager
def open_stream(port, action, seconds, page="/production/"):
    """Ask for a stream, and give what comes of it."""
    headers = {"X-Hyper-Action": action, "X-CSRFToken": TOKEN, "Host": HOST}
    headers["Cookie"] = f"csrftoken={TOKEN}"
    url = f"http://127.0.0.1:{port}{page}"
    data = {"seconds": seconds}
    with httpx.stream("POST", url, headers=headers, json=data, timeout=60) as answer:
        yield answer.iter_raw()


def rest_of(pieces) -> bytes:
    """Return what comes until the stream ends or is cut off."""
    rest = []
    with contextlib.suppress(httpx.HTTPError):
        rest.extend(pieces)
    return b"".join(rest)


GRACE = {"uvicorn": "timeout_graceful_shutdown", "gunicorn": "graceful_timeout"}


def test_a_server_ends_in_time_though_streams_are_open(project):
    with contextlib.ExitStack() as stack:
        grace = {GRACE[project.program]: "1"}
        process, port = stack.enter_context(started(project, **grace))
        streams = [
            stack.enter_context(open_stream(port, action, 3_600)) for action in ("wait", "await_")
        ]
        assert all(b'"first"' in next(pieces) for pieces in streams)
        process.terminate()
        process.wait(30)
        rests = [rest_of(pieces) for pieces in streams]

    assert not any(b"event: end" in rest for rest in rests)


@pytest.mark.parametrize("project", ["gunicorn"], indirect=True)
@pytest.mark.parametrize(
    ("threads", "is_whole"), [("8", True), ("", False)], ids=["threads", "without"]
)
def test_a_long_stream_needs_a_thread_of_gunicorn(project, threads, is_whole):
    shown = started(project, threads=threads, timeout="1")
    with shown as (_, port), open_stream(port, "await_", 3) as pieces:
        frames = rest_of(pieces)

    assert (b"event: end" in frames) == is_whole
