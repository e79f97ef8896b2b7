"""What the pages keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Todo(models.Model):
    title = models.CharField(max_length=100)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]


class Product(models.Model):
    name = models.CharField(max_length=100)
    category = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["name"]


class Order(models.Model):
    number = models.PositiveIntegerField(unique=True)
    customer = models.CharField(max_length=80)
    total = models.DecimalField(max_digits=8, decimal_places=2)
    placed = models.DateField()
    is_paid = models.BooleanField(default=True)
    is_archived = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]


class Note(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    text = models.TextField(blank=True)
