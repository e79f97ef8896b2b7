"""The answers to htmx, in Chromium with htmx 2 and with htmx 4."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import open_context
from .visits import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(params=[2, 4])
def version(request) -> int:
    return request.param


@pytest.fixture
def page(browser: Browser, site_urls, version) -> Iterator[Page]:
    with open_context(browser, site_urls["default"]) as (context, faults):
        page = context.new_page()
        page.goto(f"/htmx/{version}/?page=1")
        assert page.evaluate("htmx.version ?? htmx.config.version").startswith(str(version))
        yield page

    assert faults == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def cells(page: Page) -> list[str]:
    return page.locator("#table :is(td, th)").all_inner_texts()


def test_one_answer_does_it_all(page: Page) -> None:  # SPEC 2.6
    entries = page.evaluate("history.length")
    page.get_by_label("Title").fill("two")
    press(page, "Add")

    expect(page.locator("#rows #two")).to_have_text("two")
    expect(page.locator("#count")).to_have_text("2")
    expect(page.locator("#last")).to_have_text("two")
    assert cells(page) == ["changed", "two"]
    assert page.locator("ul").all_inner_texts() == ["last", "first\nlast"]
    assert page.locator("#note").inner_html() == "<i>new</i> text"
    assert page.locator("#old, [hx-swap-oob]").count() == 0
    page.wait_for_url("**/?page=2")
    assert page.evaluate("history.length") == entries + 1
    expect(page.locator("#answer")).to_be_empty()
    wait_for(page, "told.length === 3")
    assert sorted(page.evaluate("told"), key=str) == [
        ["cart:changed", "cart", 2],
        ["hyper:toast", "form", {"message": "Added two", "level": "success", "tags": ""}],
        ["hyper:toast", "form", {"message": "Größe 😀", "level": "warning", "tags": ""}],
    ]

    press(page, "move")

    expect(page.locator("#note")).to_have_text("moved")
    expect(page.locator("#two")).to_have_text("2")
    assert cells(page) == ["Head", "zero", "cell", "2", "three"]
    assert page.locator("table").count() == 1


def test_a_url_and_a_failure_and_where_a_redirect_leads(page: Page, version) -> None:  # F08 F12
    press(page, "name")
    page.wait_for_url("**/?page=3")
    expect(page.locator("#answer")).to_be_empty()

    press(page, "refuse")
    expect(page.locator("#answer").get_by_role("alert")).to_have_text("Title is required")

    press(page, "leave")
    page.wait_for_url("**/?left=1")
    press(page, "enter")
    page.wait_for_url(f"**/login/?next=/htmx/{version}/%3Fleft%3D1")
