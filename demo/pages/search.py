"""Search as you type, on a server as slow as you like."""

from __future__ import annotations

import asyncio
import random
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView
from msgspec import Meta

from django_hyper import ActionMixin, Signals, action

from .models import Product


class SearchPage(ActionMixin, TemplateView):
    template_name = "search.html"
    extra_context = {"title": "Search"}

    async def get(self, request: HttpRequest) -> HttpResponse:
        return super().get(request)

    @action(methods=("GET",))
    async def search(
        self, query: str = "", slow: Annotated[int, Meta(ge=0, le=2000)] = 0
    ) -> Signals:
        # Each call takes its own time, so answers come back in any order.
        await asyncio.sleep(random.uniform(0, slow) / 1000)
        found = Product.objects.filter(name__icontains=query)
        products = [as_row(product, query) async for product in found[:24]]
        return Signals(count=await found.acount(), products=products)


def as_row(product: Product, query: str) -> dict[str, object]:
    """Return a product with its name in three parts, the match in the middle."""
    start = product.name.lower().find(query.lower())
    end = start + len(query)
    return {
        "id": product.id,
        "before": product.name[:start],
        "match": product.name[start:end],
        "after": product.name[end:],
        "category": product.category,
        "price": product.price,
    }
