"""A formset whose rows come and go in the browser."""

from __future__ import annotations

import json
from decimal import Decimal

from django import forms
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action

MAX_TOTAL = 10_000


class LineForm(forms.Form):
    product = forms.CharField(max_length=60)
    qty = forms.IntegerField(label="Quantity", min_value=1, max_value=999, initial=1)
    price = forms.DecimalField(label="Price in €", min_value=0, max_digits=7, decimal_places=2)

    def sum(self) -> Decimal:
        return self.cleaned_data["qty"] * self.cleaned_data["price"]


class BaseLines(forms.BaseFormSet):
    def filled(self) -> list[LineForm]:
        return [line for line in self if line.has_changed()]

    def total(self) -> Decimal:
        return sum((line.sum() for line in self.filled()), Decimal())

    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.filled():
            raise forms.ValidationError("An invoice has at least one line.")
        if self.total() > MAX_TOTAL:
            raise forms.ValidationError(
                f"This comes to {self.total():,.2f}\u00a0€; allowed are {MAX_TOTAL:,}\u00a0€."
            )

    @classmethod
    def get_default_prefix(cls) -> str:
        return "items"


Lines = forms.formset_factory(LineForm, BaseLines, extra=2, max_num=20, validate_max=True)


class InvoicePage(ActionMixin, TemplateView):
    template_name = "invoice.html"
    extra_context = {"title": "Invoice"}

    def lines(self) -> str:
        formset = self.request.hyper.states.send.form
        rows = [{field.name: field.value() or "" for field in line} for line in formset]
        return json.dumps([{"id": i, "sent": None, **row} for i, row in enumerate(rows)])

    @action(form=Lines)
    def send(self, form: BaseLines) -> str:
        lines = len(form.filled())
        return f"Sent: {lines} line{'s'[: lines > 1]}, {form.total():,.2f}\u00a0€."
