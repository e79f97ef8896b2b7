"""The Django application."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register


class DjangoHyperConfig(AppConfig):
    name = "django_hyper"
    verbose_name = "django-hyper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check, "django_hyper")


def check(**kwargs: Any) -> list[CheckMessage]:
    """Run the checks; they import what actions need, which start-up does not."""
    from .checks import run

    return run()
