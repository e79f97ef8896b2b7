"""What visitors of the site of these tests do, and what the plugin tells them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from tests_py.site.processes import wait_until

from ..conftest import Site

# Notes what the plugin tells, as `told`, on every page that the visitor opens.
LISTEN = """
window.told = []
for (const name of ['beforeRequest', 'afterRequest', 'requestBlocked', 'requestReplaced',
    'requestAborted', 'requestSuccess', 'requestError', 'requestException', 'requestRetry',
    'loginRequired']) {
  addEventListener(`hyper:${name}`, () => told.push(name))
}
"""

SUCCESS = ["beforeRequest", "requestSuccess", "afterRequest"]
REFUSED = ["beforeRequest", "requestError", "afterRequest"]


def title_of(page: Page) -> Locator:
    return page.get_by_label("Title")


def save(page: Page, title: str) -> None:
    """Type a title and press Enter."""
    title_of(page).fill(title)
    title_of(page).press("Enter")


def wait_for_calls(site: Site, count: int) -> None:
    wait_until(lambda: len(site.seen) == count)


def told(page: Page) -> list[str]:
    return page.evaluate("told")


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("ann")
    page.get_by_role("button", name="Log in").click()


def assert_faults(happened: list[str], expected: list[str]) -> None:
    unexpected = [each for each in happened if not any(re.search(one, each) for one in expected)]
    assert (unexpected, missing(happened, expected)) == ([], [])


def missing(happened: list[str], expected: list[str]) -> list[str]:
    return [one for one in expected if not any(re.search(one, each) for each in happened)]
