"""Who is measured: for each contestant what its package asks a project to add.

The module of a contestant is the URLconf of its project and has `requests()`: what is asked
of it, by kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOKEN = "a" * 32
DATA = {"title": "Milk", "count": "3"}
RESULT = {"id": 7, "title": "Milk"}
ITEMS = 10_000  # in a stream

MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"


def has_result(answer: bytes) -> bool:
    """Whether the answer is the JSON of `RESULT`, or holds it, however it is wrapped."""
    return json.dumps(RESULT, separators=(",", ":")).encode() in answer.replace(b" ", b"")


def has_items(answer: bytes) -> bool:
    return all(b"word %d" % each in answer for each in (0, 1, ITEMS // 2, ITEMS - 1))


@dataclass(frozen=True)
class Request:
    """What a client sends, and how its answer is told from a wrong one."""

    path: str = "/page/"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    is_right: Callable[[bytes], bool] = has_result


def post(headers: Mapping[str, str] | None = None, data: Any = DATA, **more: Any) -> Request:
    """Return a call with a JSON body."""
    body = json.dumps(data).encode()
    return Request(body=body, headers=headers or {}, **more)


@dataclass(frozen=True)
class Contestant:
    """What a project adds to use a package; `package` is its name in the registry."""

    module: str
    package: str | None = None
    apps: Sequence[str] = ()
    middleware: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


CONTESTANTS = {
    "bare": Contestant("bare"),
    "hyper": Contestant(
        "hyper",
        "django-hyper",
        ["django_hyper"],
        ["django_hyper.middleware.HyperMiddleware"],
        {"HYPER_MAX_STREAMS": 100_000},
    ),
    "datastar": Contestant("datastar", "datastar-py"),
    "ninja": Contestant("ninja", "django-ninja", ["ninja"]),
    "hyperdjango": Contestant(
        "hyperdjango", "hyperdjango", ["hyperdjango"], settings={"HYPER_FRONTEND_DIR": str(HERE)}
    ),
    "djust": Contestant("djust", "djust", ["djust"]),
    "tetra": Contestant(
        "tetra",
        "tetra",
        ["tetra", "contestants.tetra_app"],
        ["tetra.middleware.TetraMiddleware"],
        {"FORMS_URLFIELD_ASSUME_HTTPS": True},
    ),
    "unicorn": Contestant(
        "unicorn", "django-unicorn", ["django_unicorn", "contestants.unicorn_app"]
    ),
    "htmx": Contestant(
        "pages", "django-htmx", ["django_htmx"], ["django_htmx.middleware.HtmxMiddleware"]
    ),
    "djust pages": Contestant(
        "pages", "djust", ["djust"], ["djust.middleware.DjustMainOnlyMiddleware"]
    ),
    "scale": Contestant(
        "scale",
        "django-hyper",
        ["django_hyper"],
        ["django_hyper.middleware.HyperMiddleware"],
    ),
}
