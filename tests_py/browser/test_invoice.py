"""The page Invoice: a formset whose lines come and go."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from .visits import open_plain, watch_posts

pytestmark = pytest.mark.browser

REQUIRED = "This field is required."


def products(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Product")


def prices(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="Price")


def quantities(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="Quantity")


def fill(page: Page, *lines: tuple[str, str, str]) -> None:
    """Type lines of product, quantity and price into as many as there are."""
    for index, line in enumerate(lines):
        for controls, text in zip((products, quantities, prices), line, strict=True):
            controls(page).nth(index).fill(text)


def send(page: Page) -> Response:
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Send").click()
    return answer.value


def total(page: Page) -> Locator:
    return page.locator("output")


def test_the_total_follows_the_typing_and_the_lines(page: Page) -> None:
    page.goto("/invoice/")
    expect(total(page)).to_have_text("0.00 €")

    fill(page, ("Boat", "2", "100.10"), ("Oar", "3", "0.10"))
    expect(total(page)).to_have_text("200.50 €")
    page.get_by_role("button", name="Add a line").click()
    expect(products(page).last).to_be_focused()
    prices(page).last.fill("7")
    expect(total(page)).to_have_text("207.50 €")
    page.get_by_role("button", name="Remove line 1").click()
    expect(total(page)).to_have_text("7.30 €")
    expect(page.get_by_role("button", name="Add a line")).to_be_focused()


def test_messages_stay_with_their_lines(page: Page) -> None:  # P13, C26
    page.goto("/invoice/")
    page.get_by_role("button", name="Add a line").click()
    fill(page, ("Boat", "1", "5"), ("Oar", "0", "2"), ("Sail", "1", ""))

    assert send(page).status == 422

    described = expect(quantities(page).nth(1))
    described.to_have_accessible_description("Ensure this value is greater than or equal to 1.")
    expect(quantities(page).nth(1)).to_be_focused()
    expect(prices(page).nth(2)).to_have_accessible_description(REQUIRED)
    expect(page.locator("form [aria-invalid=true]")).to_have_count(2)

    page.get_by_role("button", name="Remove line 1").click()
    expect(products(page)).to_have_count(2)
    expect(products(page).first).to_have_value("Oar")
    expect(quantities(page).first).to_have_attribute("aria-invalid", "true")
    expect(prices(page).last).to_have_accessible_description(REQUIRED)
    page.get_by_role("button", name="Add a line").click()
    expect(products(page)).to_have_count(3)
    expect(page.locator("form [aria-invalid=true]")).to_have_count(2)

    quantities(page).first.fill("4")
    products(page).last.fill("Rope")
    assert send(page).status == 422
    expect(quantities(page).first).not_to_have_attribute("aria-invalid", "true")
    for index in (1, 2):
        expect(prices(page).nth(index)).to_have_accessible_description(REQUIRED)


def test_lines_are_sent_without_gaps(page: Page) -> None:
    page.goto("/invoice/")
    for _ in range(2):
        page.get_by_role("button", name="Add a line").click()
    fill(page, ("Boat", "1", "5"), ("Oar", "2", "2"), ("Sail", "1", "3"), ("Rope", "2", "1"))
    page.get_by_role("button", name="Remove line 2").click()
    expect(products(page)).to_have_count(3)

    answer = send(page)

    sent = dict(parse_qsl(answer.request.post_data, keep_blank_values=True))
    assert {name: value for name, value in sent.items() if name.startswith("items-")} == {
        "items-TOTAL_FORMS": "3",
        "items-INITIAL_FORMS": "0",
        "items-0-product": "Boat",
        "items-0-qty": "1",
        "items-0-price": "5",
        "items-1-product": "Sail",
        "items-1-qty": "1",
        "items-1-price": "3",
        "items-2-product": "Rope",
        "items-2-qty": "2",
        "items-2-price": "1",
    }
    expect(page.locator(".answer")).to_have_text("Sent: 3 lines, 10.00 €.")


@pytest.mark.parametrize(
    ("price", "message"),
    [
        pytest.param("10001", "This comes to 10,001.00 €; allowed are 10,000 €.", id="too much"),
        pytest.param(None, "An invoice has at least one line.", id="no line"),
    ],
)
def test_a_rule_of_the_whole_invoice(page: Page, price: str | None, message: str) -> None:  # C28
    page.goto("/invoice/")
    if price:
        fill(page, ("Boat", "1", price))
    else:
        for _ in range(2):
            page.get_by_role("button", name="Remove line 1").click()
        expect(products(page)).to_have_count(0)

    assert send(page).status == 422

    expect(page.locator("form").get_by_role("alert")).to_have_text(message)
    if price:
        expect(products(page).first).to_have_value("Boat")


def test_the_invoice_without_javascript(plain_page: Page) -> None:  # S29, S30
    page = plain_page
    url = open_plain(page, "/invoice/")
    posts = watch_posts(page)
    answer = page.locator(".answer")
    expect(page.get_by_role("button", name="Add a line")).to_be_hidden()

    fill(page, ("Boat", "1", "5"), ("Oar", "2", ""))
    assert send(page).status == 422
    expect(prices(page).nth(1)).to_have_accessible_description(REQUIRED)
    expect(products(page).nth(1)).to_have_value("Oar")

    prices(page).nth(1).fill("2.50")
    assert send(page).status == 303
    expect(answer).to_have_text("Sent: 2 lines, 10.00 €.")
    assert page.url == url

    page.reload()
    expect(products(page).first).to_have_value("")
    expect(answer).to_be_empty()
    assert len(posts) == 2
