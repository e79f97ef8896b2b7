"""What the pages keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Todo(models.Model):
    title = models.CharField(max_length=100)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]


class Profile(models.Model):
    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        GERMAN = "de", "Deutsch"
        SPANISH = "es", "Español"
        FRENCH = "fr", "Français"

    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    bio = models.TextField("about you", blank=True, max_length=300)
    birthday = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    newsletter = models.BooleanField("Send me the newsletter", default=False)
    avatar = models.FileField("picture", blank=True, upload_to="avatars")


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
