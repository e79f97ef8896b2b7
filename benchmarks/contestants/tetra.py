"""tetra: a public method of a component, called with the state that its page carries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory
from django.urls import include, path
from tetra import Library

from . import TOKEN, Request, bare, post

urlpatterns = [path("tetra/", include("tetra.urls")), *bare.page_patterns]


def requests() -> dict[str, Request]:
    library = Library.registry["tetra_app"]["default"]
    for built in (library.js_path, library.styles_path):  # names that its build leaves behind
        Path(built).parent.mkdir(parents=True, exist_ok=True)
        Path(f"{built}.filename").write_text(Path(built).name, encoding="utf-8")
    session: Any = SessionStore()  # the key of what it encrypts
    session.create()
    call = post(
        {"Cookie": f"csrftoken={TOKEN}; sessionid={session.session_key}"},
        payload(library.components["saver"], session),
        path="/tetra/call/",
    )
    return {"call": call, "acall": call, **bare.pages()}


def payload(component: Any, session: Any) -> dict[str, Any]:
    """Return what the client sends, with the state of a component that was rendered."""
    request: Any = RequestFactory().get("/")
    request.COOKIES["csrftoken"] = TOKEN
    request.META["CSRF_COOKIE"] = TOKEN
    request.user = AnonymousUser()
    request.session = session
    request.tetra_components_used = set()
    html = str(component.as_tag(request)).replace("\\u002D", "-").replace("\\u003D", "=")
    found = re.search(r"gAAAA[\w=-]+", html)
    assert found, html
    return {
        "id": "1",
        "protocol": "tetra-1.0",
        "payload": {
            "app_name": "tetra_app",
            "library_name": "default",
            "component_name": "saver",
            "method": "save",
            "args": ["Milk", "3"],
            "state": {},
            "children_state": [],
            "encrypted_state": found[0],
        },
    }
