"""A Django project for one contestant: the defaults of `startproject`, ``DEBUG = False``."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from contestants import CONTESTANTS

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def configure(name: str, **more: Any) -> None:
    """Give the settings of a contestant's project."""
    from django.conf import settings

    contestant = CONTESTANTS[name]
    chosen = {
        "DEBUG": False,
        "SECRET_KEY": "benchmark " * 5,
        "ALLOWED_HOSTS": ["localhost"],
        "INSTALLED_APPS": [*APPS, *contestant.apps],
        "MIDDLEWARE": [*MIDDLEWARE, *contestant.middleware],
        "ROOT_URLCONF": f"contestants.{contestant.module}",
        "STATIC_URL": "/static/",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "DATABASES": {},
        "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
        "LOGGING_CONFIG": None,
        "USE_TZ": True,
    }
    settings.configure(**{**chosen, **contestant.settings, **more})


def set_up(name: str, **more: Any) -> ModuleType:
    """Set Django up for a contestant, and return its module."""
    import django

    configure(name, **more)
    django.setup()
    logging.disable(logging.WARNING)
    return import_module(f"contestants.{CONTESTANTS[name].module}")


def application() -> Any:
    """Return the application of the contestant that the environment names, for uvicorn."""
    set_up(os.environ["CONTESTANT"])
    from django.core.asgi import get_asgi_application

    return get_asgi_application()
