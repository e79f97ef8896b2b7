"""The settings of the real servers: as the tests', with a transaction for each request."""

from __future__ import annotations

from tests_py.settings import *  # noqa: F403
from tests_py.settings import DATABASES

DATABASES["default"]["ATOMIC_REQUESTS"] = True  # type: ignore[assignment]
