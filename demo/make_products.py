"""Make the file that the page Import is tried with: 5,000 products, one line in a hundred faulty.

Run it again after a change: ``python demo/make_products.py``.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

LINES = 5_000
FILE = Path(__file__).parent / "pages/static/demo/products.csv"

SIZES = "Small Medium Large Huge".split()
QUALITIES = "Plain Round Folding Heavy Light Quiet Nordic Coastal Garden Travel".split()
MATERIALS = "Oak Ash Linen Wool Steel Brass Cork Glass Clay Paper".split()
THINGS = "Bowl Jug Kettle Tray Mug Lamp Stool Shelf Basket Clock Box Hook Vase".split()

# What is wrong with a line, as a change of its four cells.
FAULTS = [
    lambda number, name, price, stock: [number, name, "", stock],
    lambda number, name, price, stock: [number, name, price.replace(".", ","), stock],
    lambda number, name, price, stock: [number, name, f"-{price}", stock],
    lambda number, name, price, stock: [number, name, price, "many"],
    lambda number, name, price, stock: [number, "", price, stock],
    lambda number, name, price, stock: [number.lower(), name, price, stock],
    lambda number, name, price, stock: ["P0001", name, price, stock],
    lambda number, name, price, stock: [number, name, price],
    lambda number, name, price, stock: [number, *name.split(" ", 1), price, stock],
    lambda number, name, price, stock: [number, name, price, "-1"],
]


def make_lines(chance: random.Random) -> list[list[str]]:
    lines = []
    for index in range(LINES):
        name = " ".join(map(chance.choice, (SIZES, QUALITIES, MATERIALS, THINGS)))
        price = f"{chance.randrange(400, 24_000, 10) / 100:.2f}"
        line = [f"P{index + 1:04}", name, price, str(chance.randrange(500))]
        fault = FAULTS[index // 100 % len(FAULTS)]
        lines.append(fault(*line) if index % 100 == 37 else line)
    return lines


def main() -> None:
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["number", "name", "price", "stock"])
        writer.writerows(make_lines(random.Random(7)))


if __name__ == "__main__":
    main()
