"""The page Live table: 1,000 rows are patched while a visitor types in one of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .visits import wait_for

pytestmark = pytest.mark.browser

NAMES = "rows => rows.map(row => row.cells[0].innerText)"
PRICES = "cells => cells.map(cell => Number(cell.innerText))"
CHANGED = """before => before.join()
  !== [...document.querySelectorAll('#quotes tbody th')].map(each => each.innerText).join()"""
CARET = "[document.activeElement.id, document.activeElement.selectionStart]"


def rows_of(page: Page) -> Locator:
    return page.locator("#quotes tbody tr")


def names_of(page: Page) -> list[str]:
    return rows_of(page).evaluate_all(NAMES)


def prices_of(page: Page) -> list[float]:
    return page.locator("#quotes tbody td.number").evaluate_all(PRICES)


def pause(page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".bar")).to_contain_text("Prices stand still")


def sort_by(page: Page, column: str) -> None:
    page.get_by_role("link", name=column, exact=True).click()
    expect(page.get_by_role("columnheader", name=column)).to_have_attribute(
        "aria-sort", "ascending", timeout=15_000
    )


def caret_of(page: Page) -> Any:
    return page.evaluate(CARET)


def test_prices_move_while_one_types(page: Page) -> None:  # S07
    page.goto("/live/")
    expect(page.locator(".bar")).to_contain_text("Prices are live")
    before = prices_of(page)
    cell = rows_of(page).nth(7).get_by_role("textbox")
    cell.fill("half a word")
    cell.press("ArrowLeft")
    name = cell.get_attribute("id")

    with page.expect_event("console", lambda message: message.text == "moved"):
        page.evaluate("addEventListener('prices:moved', () => console.log('moved'))")

    after = prices_of(page)
    assert len(after) == len(before) == 1_000
    assert 0 < sum(one != other for one, other in zip(before, after, strict=True)) < 500
    assert caret_of(page) == [name, 10]
    expect(cell).to_have_value("half a word")

    pause(page)
    still = prices_of(page)
    page.wait_for_timeout(2_500)  # two moves, were there any
    assert prices_of(page) == still


def test_a_row_moves_under_the_fingers(page: Page) -> None:  # S29
    page.goto("/live/")
    pause(page)
    cell = rows_of(page).nth(3).get_by_role("textbox")
    cell.fill("typed, not saved")
    for _ in range(4):
        cell.press("ArrowLeft")
    kept = cell.element_handle()
    name, caret = caret_of(page)
    before = names_of(page)

    page.evaluate("action('sort', {}, { method: 'GET', url: '?sort=price' })")
    expect(page.get_by_role("columnheader", name="Price")).to_have_attribute(
        "aria-sort", "ascending", timeout=15_000
    )

    assert names_of(page) != before
    assert sorted(names_of(page)) == before
    assert prices_of(page) == sorted(prices_of(page))
    assert caret_of(page) == [name, caret]
    assert kept.evaluate("cell => cell === document.activeElement && cell.value") == (
        "typed, not saved"
    )
    assert page.url.endswith("/live/?sort=price")


def test_the_table_keeps_in_order_while_prices_move(page: Page) -> None:
    page.goto("/live/?sort=price")
    cell = rows_of(page).nth(4).get_by_role("textbox")
    name = cell.get_attribute("id")
    before = names_of(page)
    page.get_by_label("Keep in order").check()
    page.locator(f"#{name}").fill("the cheapest")

    wait_for(page, CHANGED, arg=before)

    assert caret_of(page) == [name, len("the cheapest")]
    expect(page.locator(f"#{name}")).to_have_value("the cheapest")


def test_a_note_is_saved_when_its_cell_is_left_and_sorted_by(page: Page) -> None:
    page.goto("/live/")
    cell = rows_of(page).nth(20).get_by_role("textbox")
    name = cell.get_attribute("id")
    cell.fill("A note")
    page.keyboard.press("Tab")
    expect(page.locator("main [role=status]")).to_have_text(re.compile("^Note on .+ saved$"))

    sort_by(page, "Note")
    expect(page.get_by_role("link", name="Note", exact=True)).to_be_focused()
    expect(rows_of(page).first.get_by_role("textbox")).to_have_attribute("id", name)

    page.reload()
    expect(rows_of(page).first.get_by_role("textbox")).to_have_value("A note")
    page.locator(f"#{name}").fill("x" * 41)
    page.keyboard.press("Tab")
    expect(page.locator("main [role=alert]")).to_contain_text("at most 40 characters")
    expect(page.locator(f"#{name}")).to_have_value("x" * 41)
