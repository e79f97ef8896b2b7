"""Libraries of components."""

from __future__ import annotations
