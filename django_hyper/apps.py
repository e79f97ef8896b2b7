"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig


class DjangoHyperConfig(AppConfig):
    name = "django_hyper"
    verbose_name = "django-hyper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers them
