"""The application that django-unicorn looks for components in."""

from __future__ import annotations
