"""The blocks of ``docs/production.md``, and a project that is made of them."""

from __future__ import annotations

import contextlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .processes import ROOT, free_port, running

DOCUMENT = (ROOT / "docs" / "production.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT, re.M | re.S)

HOST = "www.example.com"


def block(language: str, beginning: str = "") -> str:
    """Return the only block of this language that begins like this."""
    (found,) = [text for each, text in BLOCKS if each == language and text.startswith(beginning)]
    return str(found)


def settings_of(title: str = "settings.py") -> str:
    """Return the settings under this title, from all blocks that have it."""
    return "\n".join(text for _, text in BLOCKS if text.startswith(f"# {title}\n"))


def names_of(code: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a block of Python defines, where names are `known` before it."""
    names = dict(known)
    exec(code, names)
    return names


def command(program: str, port: int, **replaced: str) -> list[str]:
    """Return a command of the document; it listens at `port`.

    Args:
        replaced: Other values of its options, e.g. ``timeout="1"``; without one, ``""``, the
            option is left out.
    """
    line = block("console", f"$ {program} ").removeprefix("$ ").replace("8000", f"{port}")
    for name, value in replaced.items():
        option = f"--{name.replace('_', '-')}"
        line, count = re.subn(rf"{option} \S+", f"{option} {value}" if value else "", line)
        assert count == 1, f"{option} is not in the command"
    return [sys.executable, "-m", *shlex.split(line)]


def nginx_site(folder: Path, upstream: int, replaced: Mapping[str, str]) -> str:
    """Return the document's nginx with paths and ports of a test, and with other values."""
    places = {
        "443": "127.0.0.1:PORT",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/ssl/": f"{folder}/",
        "/srv/project/static/": f"{folder}/static/",
    }
    site = block("nginx")
    for text, other in {**places, **replaced}.items():
        assert text in site, f"{text} is not in the block for nginx"
        site = site.replace(text, other)
    return site


def make_project(folder: Path, redis_url: str, program: str) -> None:
    """Write the package ``project`` and its ``manage.py`` into a folder, from the document."""
    package = folder / "project"
    package.mkdir()
    settings = [
        "from tests_py.site.server_settings import *",
        settings_of(),
        settings_of("settings.py, django-csp"),
        settings_of(f"settings.py, {program}"),
        "HYPER_HEARTBEAT_SECONDS = 0.5",
    ]
    text = "\n".join(settings).replace("redis://127.0.0.1:6379", redis_url)
    (package / "settings.py").write_text(text.replace("/srv/project/", f"{folder}/"))
    (package / "addresses.py").write_text(block("python", "# project/addresses.py"))
    for world in ("asgi", "wsgi"):
        served = f"from tests_py.site.{world} import application"
        (package / f"{world}.py").write_text(served)
    (folder / "manage.py").write_text(
        "import sys\nfrom django.core.management import execute_from_command_line\n"
        "execute_from_command_line(sys.argv)\n"
    )


def environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONPATH": f"{folder}:{ROOT}",
        "TEST_DATABASE": f"{folder}/db.sqlite3",
        "TEST_UPLOADS": "/tmp",
    }


@contextlib.contextmanager
def configured_redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run Redis as the document sets it up; give its URL and its process."""
    port = free_port()
    places = f"bind 127.0.0.1\ndir {folder}\nport {port}\n"
    config = folder / "redis.conf"
    config.write_text(f"{block('ini', '# redis.conf')}\n{places}")
    with running(["redis-server", str(config)], port, {}) as process:
        yield f"redis://127.0.0.1:{port}", process


def make_certificate(folder: Path) -> Path:
    """Make what the nginx of the document shows, and return the certificate."""
    certificate = folder / "project.pem"
    options = f"-newkey rsa:2048 -nodes -days 1 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    files = ["-keyout", str(folder / "project.key"), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", *options.split(), *files], check=True, capture_output=True
    )
    return certificate
