"""A minute of the soak; `make soak` takes longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from . import soak

seconds = 50  # the servers start and end in the rest of the minute

pytestmark = [
    pytest.mark.slow,
    pytest.mark.no_cover,  # the visitors are no code of ours, and shall not be slow
    pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Debian's redis-server"),
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux"),
]


def test_servers_are_after_a_minute_of_visitors_as_before(tmp_path):
    results = soak.soak(seconds, tmp_path)

    assert [fault for result in results for fault in result.faults()] == []
    # Every kind of call was made and answered, and some were cut off.
    for result in results:
        assert {*result.tally.calls} == {*soak.KINDS_OF_CALLS}
        assert result.tally.cut.total() > 10
