"""Real servers, a real Chromium, and pages that report what goes wrong in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests_py.site.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The same engine without Chromium's own windows: a visitor's page costs a third as much to open.
HEADLESS = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or CHROMIUM
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync""".split()

UVICORN = ["uvicorn", "--log-level=info", "--port={}"]
GUNICORN = ["gunicorn", "--threads=8", "--bind=127.0.0.1:{}"]
SITE = "tests_py.browser.site"

# How CSRF tokens travel, and what serves a site of that kind.
SITES = {
    "default": [*UVICORN, f"{SITE}.asgi:application"],
    "session": [*GUNICORN, f"{SITE}.wsgi:application"],
    "hidden cookie": [*UVICORN, f"{SITE}.asgi:application"],
    "other names": [*GUNICORN, f"{SITE}.wsgi:application"],
}


class Server:
    """A server in a process of its own, at a free port; it may be starting still."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], log_file: Path, path: str = "/"
    ) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.path = path
        self.log_file = log_file
        with log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(part.format(port) for part in command)],
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: It ended, or has not answered within 20 s; with its log.
        """
        end = time.monotonic() + 20
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + self.path, timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self.url} does not answer. Its log:\n{self.log_file.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Site:
    """A server of ``tests_py/browser/site``, which a test can hold and read."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.get("reset")

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}/test/{path}/", timeout=10) as answer:
            return answer.read()

    def open(self, *titles: str) -> None:
        """Let the calls of ``wait`` with these titles be answered, in this order."""
        for title in titles:
            self.get(f"open/{title}")

    @property
    def seen(self) -> list[dict[str, Any]]:
        """The calls that came: `action`, `id`, `attempt`, and `status` once answered."""
        return json.loads(self.get("state"))["seen"]

    @property
    def statuses(self) -> list[int | None]:
        return [call["status"] for call in self.seen]

    @property
    def titles(self) -> list[str]:
        """What the database has, in order."""
        return json.loads(self.get("state"))["titles"]


class Sites(dict[str, str]):
    """The URL of each kind of site, served from the first look at it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], stack: ExitStack) -> None:
        self.folder = folder
        self.environment = environment
        self.stack = stack

    def __missing__(self, kind: str) -> str:
        environment = {**self.environment, "CSRF": kind}
        server = Server(SITES[kind], environment, self.folder / f"{kind}.log", "/login/")
        self.stack.callback(server.stop)
        server.wait()
        self[kind] = server.url
        return server.url


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo with uvicorn, on a database of its own, freshly seeded."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        "DEMO_DATABASE": str(folder / "demo.sqlite3"),
        "DEMO_MEDIA": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    for command in ("migrate", "seed"):
        run([str(ROOT / "demo/manage.py"), command, "--verbosity", "0"], environment)
    uvicorn = [*UVICORN, "--app-dir", str(ROOT / "demo"), "config.asgi:application"]
    with ExitStack() as stack:
        server = Server(uvicorn, environment, folder / "server.log")
        stack.callback(server.stop)
        server.wait()
        yield server.url


@pytest.fixture(scope="session")
def site_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The URLs of the site of these tests, one for each way that CSRF tokens travel."""
    folder = tmp_path_factory.mktemp("sites")
    environment = {
        "DJANGO_SETTINGS_MODULE": f"{SITE}.settings",
        "TEST_DATABASE": str(folder / "db.sqlite3"),
    }
    run(["-m", f"{SITE}.prepare"], environment)
    with ExitStack() as stack:
        yield Sites(folder, environment, stack)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Launch Chromium; closed with the last test here, since its event loop would fail others."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=HEADLESS, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, demo_url: str) -> Iterator[Page]:
    """Open a page of the demo at a desktop's size; its faults fail the test."""
    with open_context(browser, demo_url) as (context, faults):
        yield context.new_page()

    assert faults == []


@pytest.fixture(params=["by the switch", "in the browser"])
def plain_page(request: pytest.FixtureRequest, browser: Browser, demo_url: str) -> Iterator[Page]:
    """Open a page of the demo that has JavaScript turned off, in the one way or the other."""
    is_switched = request.param == "by the switch"
    with open_context(browser, demo_url, java_script_enabled=is_switched) as (context, faults):
        page = context.new_page()
        if is_switched:
            page.goto("/todos/")
            page.get_by_role("link", name="Off", exact=True).click()
            page.wait_for_url("**/todos/?javascript=off")
            assert page.locator("script[src]").count() == 0
        yield page

    assert faults == []


@contextmanager
def open_context(
    browser: Browser, url: str, **options: Any
) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Be a visitor of the server at `url`; the list fills with the faults of its pages."""
    options = {"viewport": {"width": 1280, "height": 900}, **options}
    context = browser.new_context(base_url=url, **options)
    faults = watch(context)
    try:
        yield context, faults
    finally:
        context.close()


def watch(context: BrowserContext) -> list[str]:
    """Collect what the console of each page of `context` complains about."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Chromium itself notes each answer with an error status, expected or not; so does
        # htmx 2, and each call that a newer one replaced.
        expected = message.text.startswith(
            (
                "Failed to load resource: the server responded with",
                "Response Status Error Code",
                "htmx:afterRequest, ",
                "htmx:sendAbort, ",
            )
        )
        if message.type in ("error", "warning") and not expected:
            faults.append(f"{message.type}: {message.text}")

    context.on("console", note)
    context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))
    return faults


def run(command: list[str], environment: Mapping[str, str]) -> None:
    """Run Python to its end."""
    subprocess.run(
        [sys.executable, *command],
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
