"""How much is tried: the same few examples in each run of the tests, many others by `make fuzz`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# Building a whole request takes some time, and the database is one for all examples of a test.
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "bounded", deadline=None, suppress_health_check=SLOW, database=None, derandomize=True
)
settings.register_profile(
    "fuzz", deadline=None, suppress_health_check=SLOW, max_examples=2_000, print_blob=True
)
settings.load_profile("bounded")


@pytest.fixture(autouse=True)
def _uncounted(no_cover):
    """Count no coverage: the other tests reach every branch, and it doubles the time of these."""
