"""A real server, a real Chromium, and pages that report what goes wrong in them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync""".split()


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo with uvicorn, on a database of its own, freshly seeded."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        **os.environ,
        "DEMO_DATABASE": str(folder / "demo.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    for command in ("migrate", "seed"):
        manage = [sys.executable, str(ROOT / "demo/manage.py"), command, "--verbosity", "0"]
        subprocess.run(manage, check=True, env=environment, stdout=subprocess.DEVNULL)
    port = free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", str(ROOT / "demo")]
    log_file = folder / "server.log"
    with log_file.open("wb") as log:
        server = subprocess.Popen(
            [*uvicorn, "--port", str(port), "config.asgi:application"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, server, log_file)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Launch Chromium; closed with the last test here, since its event loop would fail others."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, demo_url: str) -> Iterator[Page]:
    """Open a page at a desktop's size; its errors and CSP violations fail the test."""
    context = browser.new_context(base_url=demo_url, viewport={"width": 1280, "height": 900})
    faults = watch(context)
    page = context.new_page()
    yield page
    context.close()

    assert faults == []


def watch(context: BrowserContext) -> list[str]:
    """Collect what the console of each page of `context` complains about."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Chromium itself notes each answer with an error status, expected or not.
        expected = message.text.startswith("Failed to load resource: the server responded with")
        if message.type in ("error", "warning") and not expected:
            faults.append(f"{message.type}: {message.text}")

    context.on("console", note)
    context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))
    return faults


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url: str, server: subprocess.Popen, log_file: Path) -> None:
    """Wait until the server answers.

    Raises:
        RuntimeError: It ended, or has not answered within 20 s; with its log.
    """
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer. Its log:\n{log_file.read_text()}")
