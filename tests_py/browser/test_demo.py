"""The pages of the demo, as a visitor uses them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import watch
from .visits import log_in

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/todos/",
    "/profile/",
    "/invoice/",
    "/htmx/",
    "/search/",
    "/orders/",
    "/import/",
    "/assistant/",
    "/live/",
    "/members/",
    "/login/",
]

FAINT_TEXTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor
      if (rgb(colour)[3] === 255) return colour
    }
    return 'white'
  }
  const faults = new Set()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue
    const [one, two] = [getComputedStyle(element).color, ground(element)].map(light)
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
    if (ratio < 4.5) faults.add(`${element.outerHTML.slice(0, 80)}: ${ratio.toFixed(2)}`)
  }
  return [...faults]
}"""


def test_home_calls_python(page: Page) -> None:  # S01, C01, S10
    page.goto("/")
    page.get_by_role("button", name="Call Python").click()
    expect(page.get_by_role("alert")).to_have_text("Type your name first.")

    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Call Python").click()

    expect(page.locator("form").get_by_role("status")).to_contain_text("Hello Ada!")
    expect(page.get_by_role("alert")).to_be_empty()  # S14


def test_the_newest_search_wins_on_a_slow_server(page: Page) -> None:  # C10, C25
    page.goto("/search/")
    expect(page.locator("#shown")).to_have_text("1")
    page.get_by_label("The server takes").fill("2000")
    products = page.locator(".products li")
    expect(products.first).to_be_visible()

    page.get_by_label("Search 2,000 products").press_sequentially("oak lamp", delay=60)

    expect(page.locator(".found")).to_contain_text("4 found", timeout=8_000)
    assert all("Oak Lamp" in text for text in products.all_text_contents())
    sent, replaced, shown = (
        int(page.locator(each).inner_text()) for each in ("#sent", "#replaced", "#shown")
    )
    assert sent == replaced + shown
    assert replaced >= 3  # the delays are random: now and then an answer overtakes the next key
    page.wait_for_timeout(2_100)  # by now every older answer would have come
    expect(page.locator(".found")).to_contain_text("4 found")


def test_a_refused_order_says_why_while_others_archive(page: Page) -> None:  # C15, C23
    page.goto("/orders/")
    rows = {number: page.get_by_role("row", name=str(number)) for number in (1003, 1004, 1005)}
    for row in rows.values():
        row.get_by_role("button").click()
    expect(page.locator(".bar p")).to_have_text("In flight: 3")
    for row in rows.values():
        expect(row.get_by_role("button")).to_contain_text("Archiving…")

    expect(rows[1004].get_by_role("alert")).to_contain_text("Order 1004 is not paid")
    for number in (1003, 1005):
        expect(rows[number].get_by_role("button")).to_contain_text("Archived")
        expect(rows[number].get_by_role("alert")).to_be_empty()
    expect(rows[1004].get_by_role("button")).to_have_accessible_name("Archive order 1004")
    expect(page.locator(".bar p")).to_have_text("In flight: 0")

    page.get_by_role("button", name="Restore all").click()
    expect(page.locator(".hyper-toast")).to_contain_text("All orders are back.")
    expect(rows[1003].get_by_role("button")).to_be_enabled()


def test_a_message_of_the_server_goes_by_its_button_or_by_time(page: Page) -> None:  # E11
    for leave in (
        lambda toast: toast.get_by_role("button", name="Dismiss").click(),
        lambda toast: toast.evaluate("toast => toast.getAnimations()[0].finish()"),
    ):
        page.goto("/orders/")
        page.get_by_role("button", name="Restore all").click()
        toast = page.locator(".toasts > .hyper-toast.success")  # after the redirect
        expect(toast).to_contain_text("All orders are back.")

        leave(toast)

        expect(toast).to_have_count(0)
        assert page.locator(".toasts").inner_text() == ""


def test_a_session_that_ended_keeps_the_text(page: Page) -> None:  # F08, F07, E12, S25
    log_in(page)
    field = page.get_by_label("A note to yourself")
    field.fill("Not lost")
    page.get_by_role("button", name="End my session").click()
    expect(page.locator(".hyper-toast")).to_contain_text("Your session has ended")
    notice = page.locator(".notice p")
    expect(notice).to_be_hidden()

    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Save").click()

    assert answer.value.status == 401
    expect(notice).to_be_visible()
    expect(field).to_have_value("Not lost")
    assert page.url.endswith("/members/")

    with page.expect_popup() as popup:
        notice.get_by_role("link").click()
    other = popup.value
    other.get_by_label("Name").fill("demo")
    other.get_by_label("Password").fill("demo")
    other.get_by_role("button", name="Log in").click()
    other.wait_for_url("**/members/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".hyper-toast").last).to_contain_text("Note saved")
    expect(notice).to_be_hidden()
    page.reload()
    expect(field).to_have_value("Not lost")


def test_permissions_and_rates_hold(page: Page) -> None:  # S22, S23
    log_in(page)
    hana = page.get_by_role("listitem").filter(has_text="Hana Ito")
    hana.get_by_role("button", name="Remove").click()
    expect(hana.get_by_role("alert")).to_have_text("You may not do this.")

    ada = page.get_by_role("listitem").filter(has_text="Ada Berg")
    wave = ada.get_by_role("button", name="Wave")
    statuses = [200]
    while statuses[-1] == 200 and len(statuses) < 8:  # a minute may begin in between
        with page.expect_response(lambda response: response.request.method == "POST") as answer:
            wave.click()
        statuses.append(answer.value.status)

    assert len(statuses) > 4
    assert statuses[-1] == 429
    expect(ada.get_by_role("alert")).to_have_text("Too many tries. Please wait a moment.")


@pytest.mark.parametrize("path", PAGES)
def test_pages_send_a_strict_policy_and_show_their_source(page: Page, path: str) -> None:
    if path == "/members/":
        log_in(page)

    response = page.goto(path)

    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "script-src 'nonce-" in policy
    assert "unsafe" not in policy
    if path != "/login/":
        source = page.get_by_role("region", name="demo/pages/")
        expect(source).to_contain_text("@action")
        page.get_by_role("radio", name="HTML", exact=True).check()
        expect(source).to_contain_text(re.compile(r"\$action\(|x-action|hx-get="))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_can_be_read(browser: Browser, demo_url: str, scheme) -> None:
    context = browser.new_context(
        base_url=demo_url, viewport={"width": 360, "height": 740}, color_scheme=scheme
    )
    faults = watch(context)
    page = context.new_page()
    log_in(page)
    for path in PAGES:
        page.goto(path)
        page.locator("main h1").wait_for()
        width = page.evaluate("document.documentElement.scrollWidth")
        contrasts = page.evaluate(FAINT_TEXTS)

        assert (path, width, contrasts) == (path, 360, [])
    context.close()
    assert faults == []
