"""The wheel: what it carries, and a page served from it where nothing else is installed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = [
    pytest.mark.wheel,
    pytest.mark.slow,
    pytest.mark.xdist_group("wheel"),  # one process builds it once
]

ROOT = Path(__file__).resolve().parent.parent
STATIC = "django_hyper/static/django_hyper"
BUILT_FILES = ["LICENSE.alpine.txt", "alpine-csp.js", "alpine.js", "hyper.js"]
START_SECONDS = 30.0

PROJECT = {
    "settings.py": """
SECRET_KEY = "for this test"
DEBUG = True  # so that runserver serves the static files
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx", "django_hyper"]
MIDDLEWARE = [
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_hyper.middleware.HyperMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
ROOT_URLCONF = "pages"
STATIC_URL = "/static/"
""",
    "pages.py": """
from django.urls import path
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action


class HelloPage(ActionMixin, TemplateView):
    template_name = "hello.html"

    @action
    def greet(self, name: str):
        return {"greeting": f"Hello, {name}"}


urlpatterns = [path("", HelloPage.as_view())]
""",
    "templates/hello.html": """
{% load hyper %}
<head>{% hyper_scripts %}</head>
<form x-data>{% csrf_token %}</form>
""",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, then the wheel from the sdist; give the wheel."""
    missing = [name for name in BUILT_FILES if not (ROOT / STATIC / name).is_file()]
    assert not missing, f"{STATIC}/ lacks {missing}; run `make build` first"
    folder = tmp_path_factory.mktemp("dist")
    built = build(ROOT, folder)
    assert built.returncode == 0, built.stdout
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, with what it depends on, in an empty environment; give its Python."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", str(python))
    run(*pip, "install", "--quiet", "--no-compile", str(wheel))
    return python


@pytest.fixture
def client(python: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """Serve `PROJECT` with that Python; give a browser's worth of client for it."""
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    address = f"127.0.0.1:{find_free_port()}"
    command = f"{python} -m django runserver --noreload --settings=settings {address}".split()
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=tmp_path, env=clean_environment(), stdout=output, stderr=output
        ) as server,
        httpx.Client(base_url=f"http://{address}", trust_env=False) as client,
    ):
        try:
            wait_until_it_answers(client, server, log)
            yield client
        finally:
            server.terminate()


def test_the_wheel_carries_the_package_and_the_built_plugin(wheel):
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (archive.read(name) for name in archive.namelist() if "METADATA" in name)
        built = {name: archive.read(f"{STATIC}/{name}") for name in BUILT_FILES}

    sources = (ROOT / "django_hyper").rglob("*")
    assert carried == {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "django_hyper/py.typed" in carried
    assert built == {name: (ROOT / STATIC / name).read_bytes() for name in BUILT_FILES}
    needs = re.findall(r"^Requires-Dist: ([\w-]+)", metadata.decode(), re.M)
    assert sorted(needs) == ["django", "django-htmx", "msgspec"]


def test_a_build_without_the_plugin_is_refused(tmp_path):
    source = tmp_path / "source"
    ignore = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "django_hyper", source / "django_hyper", ignore=ignore)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)

    built = build(source, tmp_path / "dist", "--wheel")

    assert built.returncode != 0
    assert (
        f"{STATIC}/ lacks hyper.js, alpine.js, alpine-csp.js, LICENSE.alpine.txt; "
        "a package must carry the built plugin. Run `make build` first"
    ) in built.stdout


def test_a_page_is_served_from_the_installed_wheel(client):
    page = client.get("/")
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page.text)
    files = {path: client.get(path).content for path in scripts}
    answer = client.post(
        "/",
        json={"name": "Ada"},
        headers={"X-Hyper-Action": "greet", "X-CSRFToken": client.cookies["csrftoken"]},
    )

    assert page.status_code == 200
    assert 'id="hyper-config"' in page.text
    assert files == {
        f"/static/django_hyper/{name}": (ROOT / STATIC / name).read_bytes()
        for name in ("hyper.js", "alpine.js")
    }
    assert all(files.values())
    assert (answer.status_code, answer.json()) == (200, {"result": {"greeting": "Hello, Ada"}})


def build(source: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build the packages of `source` into `folder` with the hatchling that is installed."""
    return subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", f"--outdir={folder}", *options, source],
        check=False,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(*command: str) -> None:
    """Run `command`; fail with what it printed."""
    result = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert result.returncode == 0, result.stdout


def clean_environment() -> dict[str, str]:
    """Give this process's variables without those that would lead to the source tree."""
    hidden = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONWARNINGS"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def find_free_port() -> int:
    """Give a port on loopback that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return at the first answer; fail with the server's log if it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            client.get("/static/django_hyper/hyper.js")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer:\n{log.read_text()}")
