"""One button, one function."""

from __future__ import annotations

from django.utils import timezone
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action


class HomePage(ActionMixin, TemplateView):
    template_name = "home.html"
    extra_context = {"title": "django-hyper"}

    @action
    def greet(self, name: str) -> str:
        name = name.strip()
        if not name:
            raise ValueError("Type your name first.")
        return f"Hello {name}! My clock says {timezone.now():%H:%M:%S} UTC."
