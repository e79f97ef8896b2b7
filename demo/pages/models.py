"""What the pages keep."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
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


class Article(models.Model):
    """A product of the page Import, kept apart from those of the page Search."""

    number = models.CharField(
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^P\d{4}$", "A number is P and four digits.")],
    )
    name = models.CharField(max_length=60)
    price = models.DecimalField(
        max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal())]
    )
    stock = models.PositiveIntegerField()


class Import(models.Model):
    """How far an import has come."""

    lines = models.PositiveIntegerField()
    saved = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    is_over = models.BooleanField(default=False)

    @property
    def done(self) -> int:
        return self.saved + self.rejected


class Rejection(models.Model):
    """A line that was not imported."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField()
    reason = models.TextField()
    cells = models.JSONField()

    class Meta:
        ordering = ["line"]


class Quote(models.Model):
    """A product of the page Live table, whose price moves around its base."""

    name = models.CharField(max_length=60)
    base = models.DecimalField(max_digits=8, decimal_places=2)
    note = models.CharField(blank=True, max_length=40)


class Sentence(models.Model):
    """A sentence of the project's docs, in a table of SQLite's full-text search (FTS5)."""

    id = models.AutoField(primary_key=True, db_column="rowid")
    place = models.TextField()  # "docs/reference.md, Forms"
    title = models.TextField()  # of its section
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "pages_sentence"
