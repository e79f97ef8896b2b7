"""A long import that tells how far it is, and that can be stopped."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Generator

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Reply, Signals, action

from .models import Article, Import

COLUMNS = ["number", "name", "price", "stock"]
MAX_BYTES = 2 * 1024 * 1024
BATCH = 25  # lines in a transaction; an import stops between two

Row = tuple[int, list[str]]  # the number of the line, its cells


class ImportForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="Columns: number, name, price, stock. At most 2 MB.",
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> list[Row]:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("This file is too large: at most 2 MB.")
        text = file.read().decode("utf-8-sig", "replace")
        reader = csv.reader(io.StringIO(text, newline=""))
        try:
            rows = [(reader.line_num, row) for row in reader if row]
        except csv.Error as error:
            raise forms.ValidationError("This is no CSV.") from error
        if not rows or rows[0][1] != COLUMNS:
            raise forms.ValidationError("The first line must be: number,name,price,stock")
        return rows[1:]


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = COLUMNS

    def validate_unique(self) -> None:
        """Accept a number that is known: the product replaces the one that has it."""


def save_rows(job: Import, rows: list[Row], seen: dict[str, int]) -> dict[int, str]:
    """Save the rows that can be saved, and return what is wrong with the others, by line."""
    good, faults = [], {}
    for line, row in rows:
        form = ArticleForm(dict(zip(COLUMNS, row, strict=False)))
        if fault := fault_of(line, row, seen) or words_of(form):
            faults[line] = fault
            job.rejections.create(line=line, reason=fault, cells=row)
        else:
            good.append(form.instance)
    Article.objects.bulk_create(
        good, update_conflicts=True, unique_fields=["number"], update_fields=COLUMNS[1:]
    )
    job.saved += len(good)
    job.rejected += len(faults)
    job.save()
    return faults


def fault_of(line: int, row: list[str], seen: dict[str, int]) -> str:
    """Return what is wrong with a line as such."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} cells; expected {len(COLUMNS)}."
    if "\ufffd" in "".join(row):
        return "This line is not UTF-8."
    if (first := seen.setdefault(row[0], line)) != line:
        return f"{row[0]} is in line {first} already."
    return ""


def words_of(form: forms.Form) -> str:
    """Return what is wrong with the cells of a line."""
    return " ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in errors)


class ImportPage(ActionMixin, TemplateView):
    template_name = "import.html"
    extra_context = {"title": "Import"}

    def last(self) -> Import | None:
        return Import.objects.last()

    def count(self) -> int:
        return Article.objects.count()

    @action(form=ImportForm)
    def import_products(self, form: ImportForm) -> Generator[Signals, None, str]:
        rows, seen = form.cleaned_data["file"], {}
        job = Import.objects.create(lines=len(rows))
        try:
            yield Signals(job={"id": job.pk, "lines": job.lines})
            while batch := rows[job.done : job.done + BATCH]:
                with transaction.atomic():
                    faults = save_rows(job, batch, seen)
                yield Signals(job={"done": job.done, "faults": faults}, count=self.count())
                time.sleep(0.02)  # so that you can watch
        finally:  # also where the visitor stops it
            job.is_over = True
            job.save()
        return told(job)

    @action(methods=("GET",))
    def outcome(self, job: int) -> Reply:
        """Return how far an import came that was stopped a moment ago."""
        deadline = time.monotonic() + 5
        found = get_object_or_404(Import, pk=job)
        while not found.is_over and time.monotonic() < deadline:
            time.sleep(0.05)
            found.refresh_from_db()
        faults = dict(found.rejections.values_list("line", "reason"))
        course = Signals(job={"done": found.done, "faults": faults}, count=self.count())
        return Reply(told(found), course)

    @action(methods=("GET",))
    def rejected_lines(self, job: int) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="rejected.csv"'
        writer = csv.writer(response)
        writer.writerow(["line", "reason", *COLUMNS])
        for each in get_object_or_404(Import, pk=job).rejections.all():
            writer.writerow([each.line, each.reason, *each.cells])
        return response


def told(job: Import) -> str:
    came = "All" if job.done == job.lines else f"Stopped after {job.done} of"
    return f"{came} {job.lines} lines: {job.saved} saved, {job.rejected} rejected."
