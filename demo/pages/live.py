"""A table of 1,000 rows whose prices and order change while you type in it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView
from msgspec import Meta

from django_hyper import HTML, ActionMixin, Event, History, Item, Refresh, Signals, action

from .models import Quote

MOVES_EVERY = 20  # seconds; each price at its own time, so about 50 in a second


def move_of(quote: Quote, now: int) -> int:
    return (now + quote.id) // MOVES_EVERY


def price_of(quote: Quote, now: int) -> str:
    """Return the price at a time, the same for everybody who asks."""
    factor = random.Random(f"{quote.id} {move_of(quote, now)}").uniform(0.8, 1.2)
    return f"{float(quote.base) * factor:.2f}"


class LivePage(ActionMixin, TemplateView):
    template_name = "live.html"
    extra_context = {"title": "Live table"}
    columns = {"name": "Product", "price": "Price", "note": "Note"}

    def sorted_by(self) -> str:
        chosen = self.request.GET.get("sort")
        return chosen if chosen in self.columns else "name"

    def quotes(self) -> list[Quote]:
        quotes, now = list(Quote.objects.order_by("name")), int(time.time())
        for quote in quotes:
            quote.price = price_of(quote, now)
        if self.sorted_by() == "price":
            quotes.sort(key=lambda quote: float(quote.price))
        if self.sorted_by() == "note":
            quotes.sort(key=lambda quote: (not quote.note, quote.note))
        return quotes

    @action(methods=("GET",))
    def sort(self) -> list[Item]:
        """Show the table as the URL of the call sorts it."""
        return [Refresh("#quotes"), History(replace=self.request.get_full_path())]

    @action(methods=("GET",))
    async def prices(self) -> AsyncGenerator[list[Item], None]:
        """Tell each price that moves, for as long as somebody listens."""
        quotes = [quote async for quote in Quote.objects.all()]
        before = int(time.time())
        while True:
            await asyncio.sleep(1)
            now = int(time.time())
            moved = [quote for quote in quotes if move_of(quote, now) != move_of(quote, before)]
            before = now
            prices = [HTML(price_of(each, now), f"#price-{each.id}", "inner") for each in moved]
            yield [*prices, Event("prices:moved")]

    @action
    def save_note(self, quote_id: int, note: Annotated[str, Meta(max_length=40)]) -> Signals:
        quote = get_object_or_404(Quote, pk=quote_id)
        quote.note = note
        quote.save()
        return Signals(saved=f"Note on {quote.name} saved")
