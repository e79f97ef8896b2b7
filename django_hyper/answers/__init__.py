"""One file for each kind of caller, with one `answer` each."""

from __future__ import annotations
