from __future__ import annotations

from django.db import models


class Todo(models.Model):
    title = models.CharField(max_length=200)

    class Meta:
        app_label = "site"

    def __str__(self) -> str:
        return self.title
