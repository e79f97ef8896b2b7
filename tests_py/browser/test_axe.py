"""No page of the demo violates a rule of axe-core, whatever it is doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, Request, Route, expect

from .conftest import ROOT
from .visits import import_products, log_in

pytestmark = pytest.mark.browser

VIOLATIONS = """async (options) => (await axe.run(options)).violations.map(({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 120)).join(' ')}`)"""

# What the colour scheme can change.
COLOURS = {"runOnly": ["color-contrast"]}

Audit = Callable[[], dict[str, list[str]]]


class Case(NamedTuple):
    """A page, what a visitor presses to see an error, and where that is then shown."""

    path: str
    press: Callable[[Page], Any]
    error: str = "main form [role=alert]"
    has_pending: bool = True


def click(name: str) -> Callable[[Page], Any]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def save_profile(page: Page) -> None:
    page.get_by_label("Email").fill("nowhere")
    page.get_by_label("Picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    click("Save")(page)


def send_invoice(page: Page) -> None:
    page.get_by_role("textbox", name="Product").first.fill("Boat")
    click("Send")(page)


def write_too_much(page: Page) -> None:
    page.locator("#quotes input").first.fill("x" * 41)
    page.keyboard.press("Tab")


def search_too_slowly(page: Page) -> None:
    page.get_by_label("The server takes").evaluate(
        "input => (input.max = 3000, input.value = 3000, input.dispatchEvent(new Event('change')))"
    )


def log_in_wrongly(page: Page) -> None:
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill("wrong")
    click("Log in")(page)


CASES = {
    "Home": Case("/", click("Call Python")),
    "Todos": Case("/todos/", click("Add")),
    "Todos without": Case(
        "/todos/?javascript=off", click("Add"), ":text-is('Title is required')", False
    ),
    "Profile": Case("/profile/", save_profile, "[x-error=avatar]"),
    "Profile without": Case("/profile/?javascript=off", save_profile, "[x-error=avatar]", False),
    "Invoice": Case("/invoice/", send_invoice, ".line .price .error >> visible=true"),
    "Invoice without": Case("/invoice/?javascript=off", send_invoice, ".price .error", False),
    "htmx": Case("/htmx/", click("Add")),
    "htmx without": Case("/htmx/?javascript=off", click("Add"), ".create .error", False),
    "Search": Case("/search/", search_too_slowly, "main [role=alert]"),
    "Orders": Case("/orders/", click("Archive order 1004"), "tr:nth-child(4) [role=alert]"),
    "Import": Case("/import/", click("Import"), "[x-error=file]"),
    "Import without": Case("/import/?javascript=off", click("Import"), "[x-error=file]", False),
    "Assistant": Case("/assistant/", click("Ask")),
    "Assistant without": Case(
        "/assistant/?javascript=off", click("Ask"), ":text-is('Ask something first.')", False
    ),
    "Live table": Case("/live/", write_too_much, "main [role=alert]"),
    "Members": Case("/members/", click("Remove Hana Ito"), "li:nth-child(3) [role=alert]"),
    "Log in": Case("/login/", log_in_wrongly, has_pending=False),
}


@pytest.fixture
def audit(page: Page) -> Audit:
    """Return a function that tells the violations of the page as it is, by colour scheme."""
    source = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    page.emulate_media(
        color_scheme="light", reduced_motion="reduce"
    )  # axe would take a fading colour for faint

    def run() -> dict[str, list[str]]:
        page.evaluate(source)
        light = page.evaluate(VIOLATIONS, {})
        page.emulate_media(color_scheme="dark")
        return {"light": light, "dark": page.evaluate(VIOLATIONS, COLOURS)}

    return run


def open_case(page: Page, case: Case) -> None:
    if case.path == "/members/":
        log_in(page)
    page.goto(case.path)
    page.wait_for_load_state()


CLEAN: dict[str, list[str]] = {"light": [], "dark": []}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_idle_page_has_no_violation(page: Page, audit: Audit, case: Case) -> None:
    open_case(page, case)

    assert audit() == CLEAN


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_page_with_an_error_has_no_violation(page: Page, audit: Audit, case: Case) -> None:
    open_case(page, case)

    case.press(page)
    expect(page.locator(case.error).first).not_to_be_empty()

    assert audit() == CLEAN


def is_call(request: Request) -> bool:
    return not {"x-hyper-action", "hx-request"}.isdisjoint(request.headers)


PENDING = {name: case for name, case in CASES.items() if case.has_pending}


@pytest.mark.parametrize("case", PENDING.values(), ids=PENDING)
def test_a_pending_page_has_no_violation(page: Page, audit: Audit, case: Case) -> None:
    open_case(page, case)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if is_call(route.request):
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", hold)

    with page.expect_request(is_call):
        case.press(page)

    assert audit() == CLEAN
    assert held
    for route in held:
        route.continue_()


def test_a_page_that_is_streamed_to_has_no_violation(page: Page, audit: Audit) -> None:
    import_products(page)
    expect(page.locator(".faults li").first).to_be_visible()
    assert audit() == CLEAN

    page.emulate_media(color_scheme="light")
    page.goto("/assistant/")
    page.get_by_label("Your question").fill("Which guards does an action have?")
    click("Ask")(page)
    expect(page.locator(".reply p").first).not_to_be_empty()
    assert audit() == CLEAN


def test_a_page_with_a_toast_has_no_violation(page: Page, audit: Audit) -> None:  # E11
    page.goto("/orders/")
    click("Restore all")(page)
    expect(page.locator(".hyper-toast")).to_contain_text("All orders are back.")

    assert audit() == CLEAN
