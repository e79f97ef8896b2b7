"""Calls that overlap, in Chromium against real servers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests_py.site.processes import wait_until

from .visits import SUCCESS, save, title_of, told, wait_for_calls

pytestmark = pytest.mark.browser


def test_the_last_one_sent_wins_when_it_is_answered_first(page, site, build) -> None:  # C10 C25
    page.goto(f"/{build}/form/?action=wait")
    for number, title in enumerate(("a", "b", "c"), 1):
        save(page, title)
        wait_for_calls(site, number)
    replaced = ["beforeRequest", "requestReplaced", "requestAborted", "afterRequest"]

    site.open("c")
    expect(page.locator("#result")).to_have_text("c")
    site.open("b", "a")
    wait_until(lambda: len(site.titles) == 3)

    expect(page.locator("#result")).to_have_text("c")
    expect(page.locator("#calls")).to_have_text("0")
    assert told(page) == [*replaced, *replaced, *SUCCESS]


@pytest.mark.parametrize("order", ["abc", "bca", "cab", "cba"])
def test_of_calls_that_overlap_the_last_one_begun_is_shown(page, site, order) -> None:  # C12 C25
    page.goto("/csp/form/?action=wait&options={ sync: 'none' }")
    for number, title in enumerate("abc", 1):
        save(page, title)
        wait_for_calls(site, number)

    for ended, title in enumerate(order, 1):
        site.open(title)
        expect(page.locator("#ended")).to_have_text(str(ended))
        shown = "c" if "c" in order[:ended] else ""
        expect(page.locator("#result")).to_have_text(shown)
        expect(page.locator("#calls")).to_have_text(str(3 - ended))

    expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert site.titles == list(order)


def test_a_call_in_flight_blocks_the_next(page, site, build) -> None:  # C11 E03
    page.goto(f"/{build}/form/?action=wait&options={{ sync: 'block' }}")
    save(page, "One")
    wait_until(lambda: site.seen)

    save(page, "Two")
    title_of(page).press("Enter")
    site.open("One", "Two")

    expect(page.locator("#result")).to_have_text("One")
    assert told(page) == ["beforeRequest", *2 * ["requestBlocked"], *SUCCESS[1:]]
    assert site.titles == ["One"]
    assert site.statuses == [200]


def test_twenty_queued_calls_are_stored_in_order(page, site, build) -> None:  # C29
    page.goto(f"/{build}/form/?action=save_slowly&options={{ sync: 'queue' }}")
    page.evaluate("""() => {
      const [form, title] = document.querySelectorAll('form, [x-model=title]')
      for (let number = 1; number <= 20; number += 1) {
        title.value = number
        title.dispatchEvent(new Event('input'))
        form.requestSubmit()
      }
    }""")

    expect(page.locator("#ended")).to_have_text("20", timeout=10_000)
    expect(page.locator("#result")).to_have_text("20")
    assert told(page) == 20 * SUCCESS
    assert site.titles == [str(number) for number in range(1, 21)]
