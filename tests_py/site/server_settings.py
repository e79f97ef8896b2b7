"""The settings of the real servers: as the tests', with a transaction for each request."""

from __future__ import annotations

import os

from tests_py.settings import *  # noqa: F403
from tests_py.settings import DATABASES

DATABASES["default"]["ATOMIC_REQUESTS"] = True  # type: ignore[assignment]

FILE_UPLOAD_TEMP_DIR = os.environ.get("TEST_UPLOADS")
HYPER_IDEMPOTENT_SECONDS = int(os.environ.get("TEST_MARK_SECONDS", "120"))
