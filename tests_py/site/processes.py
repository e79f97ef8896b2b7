"""Real servers in processes of their own, on free ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
TOKEN = 32 * "a"  # the cookie and the header agree, which is all that Django asks

SERVERS = {
    "uvicorn": [
        "uvicorn",
        "tests_py.site.asgi:application",
        "--log-level=warning",
        "--timeout-graceful-shutdown=1",
        "--reset-contextvars",  # else a request has the context of one before, on its connection
        "--port={}",
    ],
    "gunicorn-sync": [
        "gunicorn",
        "tests_py.site.wsgi:application",
        "--log-level=warning",
        "--bind=127.0.0.1:{}",
    ],
    "gunicorn": [
        "gunicorn",
        "tests_py.site.wsgi:application",
        "--log-level=warning",
        "--threads=4",
        "--bind=127.0.0.1:{}",
    ],
}
REDIS = "redis-server --bind 127.0.0.1 --appendonly no --loglevel warning"
SETTINGS = "tests_py.site.server_settings"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait_until(is_true: Callable[[], object], seconds: float = 10) -> None:
    """Return as soon as `is_true` says so; fail after some time."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)


async def until(is_true: Callable[[], object], seconds: float = 10) -> None:
    """Do as `wait_until` does, while the event loop goes on."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.001)


@contextlib.contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str], log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process while the block runs; it listens at `port` when the block begins."""
    with open_log(log) as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stderr=errors
        )
    try:
        wait_until(lambda: process.poll() is not None or is_listening(port), 60)
        assert process.poll() is None, f"{command[0]} has ended"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def open_log(path: Path | None) -> contextlib.AbstractContextManager[IO[bytes] | None]:
    return path.open("ab") if path else contextlib.nullcontext()


def is_listening(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def web_server(name: str, environment: Mapping[str, str], log: Path | None = None) -> Iterator[int]:
    """Run uvicorn or gunicorn, and give its port; what it tells goes into `log`."""
    port = free_port()
    command = [sys.executable, "-m", *(part.format(port) for part in SERVERS[name])]
    with running(command, port, {"DJANGO_SETTINGS_MODULE": SETTINGS, **environment}, log):
        yield port


NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
NGINX_CONFIG = """
daemon off;
user {user};
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""
NGINX_DEFAULTS = """
server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, upstream: int, site: str = "") -> Iterator[int]:
    """Run nginx before another server, and give its port.

    Args:
        site: What stands in its `http` block, with the word ``PORT`` for its port; without it
            nginx has its defaults.
    """
    port = free_port()
    site = site.replace("PORT", f"{port}") or NGINX_DEFAULTS.format(port=port, upstream=upstream)
    config = folder / "nginx.conf"
    config.write_text(NGINX_CONFIG.format(folder=folder, user=getpass.getuser(), site=site))
    with running([str(NGINX), "-c", str(config)], port, {}):
        yield port


def migrated(folder: Path) -> Path:
    """Return the path of a migrated SQLite file of its own."""
    path = folder / "db.sqlite3"
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v0"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS, "TEST_DATABASE": str(path)},
        check=True,
    )
    return path


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run Redis, and give its URL."""
    port = free_port()
    command = [*REDIS.split(), "--save", "", "--port", str(port), "--dir", str(folder)]
    with running(command, port, {}):
        yield f"redis://127.0.0.1:{port}"


def send(port: int, path: str, headers: Mapping[str, str], body: bytes) -> socket.socket:
    """Send a POST as it is, and return the connection, still open."""
    connection = socket.create_connection(("127.0.0.1", port), 10)
    sent = {
        "Host": "localhost",
        "Cookie": f"csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Length": str(len(body)),
        "Content-Type": "application/json",
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return connection


def receive(connection: socket.socket, expected: bytes) -> bytes:
    """Return what comes up to `expected`, and what came with it."""
    answer = b""
    while expected not in answer:
        piece = connection.recv(65_536)
        assert piece, f"it ended with {answer[-300:]!r}"
        answer += piece
    return answer


def read(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes the connection."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            answer += piece
    connection.close()
    return answer
