"""Notes which bodies were entered, for tests that prove that none was."""

from __future__ import annotations

from typing import Any

entered: list[Any] = []

INTENDED = "an intended fault"  # tells such a traceback from others in a log
