"""Cannot be imported."""

from __future__ import annotations

raise ValueError("secret")
