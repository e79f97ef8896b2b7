"""Fill the database of the demo; what is there already stays, but for the docs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as combinations
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from pages.docs import read_sentences
from pages.models import Order, Product, Profile, Quote, Sentence, Todo

PRODUCTS = 2_000
ORDERS = 40
QUOTES = 1_000

TODOS = ["Water the plants", "Answer Ada's letter", "Book the train to Trondheim"]

BIO = "I build small boats, and the web pages that nobody asked for."

QUALITIES = """Plain Round Narrow Folding Heavy Light Quiet Nordic Coastal Garden Winter Summer
    Everyday Sunday Travel Studio""".split()
MATERIALS = "Oak Ash Linen Wool Steel Brass Cork Glass Clay Paper Cotton Leather".split()
THINGS = {
    "Kitchen": "Bowl Jug Kettle Teapot Tray Mug Ladle".split(),
    "Living": "Lamp Stool Shelf Blanket Cushion Vase".split(),
    "Desk": "Notebook Ruler Tray Pen Folder Clock".split(),
    "Outdoors": "Lantern Bench Hammock Basket Flask".split(),
}

FIRST_NAMES = "Ada Bela Chidi Dora Emil Femi Greta Hana Ivo Jana Kofi Lena Mateo Nora".split()
LAST_NAMES = "Abara Berg Costa Dahl Eriksen Farkas Grosz Haddad Ito Jansen Kaya Lund".split()
MEMBERS = ["Ada Berg", "Chidi Abara", "Hana Ito", "Mateo Costa"]


class Command(BaseCommand):
    help = "Fill the database of the demo; what is there already stays."

    def handle(self, **options: Any) -> None:
        chance = random.Random(7)
        if not Product.objects.exists():
            Product.objects.bulk_create(make_products(chance))
        if not Order.objects.exists():
            Order.objects.bulk_create(make_orders(chance))
        if not Todo.objects.exists():
            Todo.objects.bulk_create(Todo(title=title) for title in TODOS)
        if not Profile.objects.exists():
            Profile.objects.create(name="Ada Berg", email="ada@example.com", bio=BIO)
        if not Quote.objects.exists():
            Quote.objects.bulk_create(make_quotes())
        Sentence.objects.all().delete()
        Sentence.objects.bulk_create(read_sentences())
        add_members()
        self.stdout.write(f"{PRODUCTS:,} products, {ORDERS} orders. Log in as demo, password demo.")


def make_products(chance: random.Random) -> list[Product]:
    """Return products in a shuffled order, no two of one name."""
    things = {thing: category for category, names in THINGS.items() for thing in names}
    names = sorted(combinations(QUALITIES, MATERIALS, things))
    return [
        Product(name=" ".join(name), category=things[name[2]], price=make_price(chance))
        for name in chance.sample(names, PRODUCTS)
    ]


def make_quotes() -> list[Quote]:
    """Return a thousand of the same products, from a chance of their own."""
    products = make_products(random.Random(11))[:QUOTES]
    return [Quote(name=product.name, base=product.price) for product in products]


def make_orders(chance: random.Random) -> list[Order]:
    """Return orders, the newest last; one in ten is not paid."""
    return [
        Order(
            number=1001 + index,
            customer=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            total=make_price(chance),
            placed=date(2025, 3, 1) + timedelta(days=index),
            is_paid=index % 10 != 3,
        )
        for index in range(ORDERS)
    ]


def make_price(chance: random.Random) -> Decimal:
    return Decimal(chance.randrange(400, 24_000, 10)) / 100


def add_members() -> None:
    """Add the demo's own user and some others, who cannot log in."""
    users = get_user_model().objects
    if not users.filter(username="demo").exists():
        users.create_user("demo", password="demo", first_name="Demo")
    for name in MEMBERS:
        first, last = name.split()
        users.get_or_create(
            username=first.lower(),
            defaults={"first_name": first, "last_name": last, "password": "!"},
        )
