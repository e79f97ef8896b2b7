"""What visitors of the demo do on several of its pages."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FilePayload, Page, Request, expect

from ..site.processes import wait_until

PRODUCTS = Path(__file__).resolve().parents[2] / "demo/pages/static/demo/products.csv"


def open_plain(page: Page, path: str) -> str:
    """Go to a page without JavaScript, and return its URL."""
    page.goto(f"{path}?javascript=off" if "javascript=off" in page.url else path)
    return page.url


def watch_posts(page: Page) -> list[str]:
    """Collect the URLs that `page` posts to."""
    posts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posts.append(request.url)

    page.on("request", note)
    return posts


def log_in(page: Page) -> None:
    """Be the demo's own user, on the page behind login."""
    page.goto("/members/")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Members", exact=True)).to_be_visible()


def import_products(page: Page, file: Path | FilePayload = PRODUCTS) -> None:
    """Send a file to the page Import; its import has begun, no more."""
    if "/import/" not in page.url:
        page.goto("/import/")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()


def wait_for(page: Page, expression: str, arg: object = None) -> None:
    """Wait until an expression is true; Playwright's own way needs `unsafe-eval` in the page."""
    wait_until(lambda: page.evaluate(expression, arg))
