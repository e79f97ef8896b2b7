"""The settings of the servers that Chromium talks to; `CSRF` names how tokens travel."""

from __future__ import annotations

import os
from pathlib import Path

from tests_py.settings import *  # noqa: F403
from tests_py.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "tests_py.browser.site.urls"
LOGIN_URL = "login"
MIDDLEWARE = ["tests_py.browser.site.edge.edge", *MIDDLEWARE]
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]
MODULES = Path(__file__).resolve().parents[3] / "node_modules"
STATICFILES_DIRS = [("htmx2", MODULES / "htmx.org/dist"), ("htmx4", MODULES / "htmx4/dist")]
DATABASES["default"] |= {"OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"}}  # type: ignore[dict-item]
# Tables are made from the models: quicker than by migrations.
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}

match os.environ.get("CSRF"):
    case "session":
        CSRF_USE_SESSIONS = True
    case "hidden cookie":
        CSRF_COOKIE_HTTPONLY = True
    case "other names":
        CSRF_COOKIE_NAME = "xsrf-token"
        CSRF_HEADER_NAME = "HTTP_X_XSRF_TOKEN"
