"""The settings of the real servers: as the tests', with a transaction for each request."""

from __future__ import annotations

import os

from tests_py.settings import *  # noqa: F403
from tests_py.settings import DATABASES, MIDDLEWARE

DATABASES["default"]["ATOMIC_REQUESTS"] = True  # type: ignore[assignment]
if "TEST_MANY_WRITERS" in os.environ:
    DATABASES["default"]["OPTIONS"] = {  # type: ignore[assignment]
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
        "transaction_mode": "IMMEDIATE",  # one that has read is refused at once when it writes
        "timeout": 20,
    }

FILE_UPLOAD_TEMP_DIR = os.environ.get("TEST_UPLOADS")
HYPER_IDEMPOTENT_SECONDS = int(os.environ.get("TEST_MARK_SECONDS", "120"))
MIDDLEWARE.insert(0, "django.middleware.gzip.GZipMiddleware")

HYPER_HEARTBEAT_SECONDS = float(os.environ.get("TEST_HEARTBEAT_SECONDS", "15"))
HYPER_MAX_STREAMS = int(os.environ.get("TEST_MAX_STREAMS", "1000"))
HYPER_WSGI_HEARTBEAT = "TEST_WSGI_HEARTBEAT" in os.environ
