"""The application that tetra looks for components in."""

from __future__ import annotations
