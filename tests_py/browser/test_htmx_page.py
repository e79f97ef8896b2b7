"""The page htmx: the todos once more, whose actions answer with HTML."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from .conftest import open_context
from .visits import open_plain, watch_posts

pytestmark = pytest.mark.browser


def field_of(page: Page) -> Locator:
    return page.get_by_label("What needs doing?")


def todos_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Todos").get_by_role("listitem")


def left(page: Page) -> int:
    return int(page.locator("#left").inner_text().split()[0])


def add(page: Page, title: str) -> Locator:
    """Add a todo, and return its row."""
    field_of(page).fill(title)
    field_of(page).press("Enter")
    row = todos_of(page).filter(has_text=title)
    expect(row).to_have_count(1)
    return row


def test_htmx_with_the_keyboard_alone(page: Page) -> None:  # SPEC 2.6
    page.goto("/htmx/")
    field, todos = field_of(page), todos_of(page)
    count, open_count = todos.count(), left(page)
    field.focus()

    page.keyboard.press("Enter")
    expect(page.locator(".create").get_by_role("alert")).to_have_text("Title is required")
    expect(field).to_have_accessible_description("Title is required")
    expect(field).to_be_focused()

    page.keyboard.type("Learn the fiddle")
    page.keyboard.press("Enter")
    expect(todos).to_have_count(count + 1)
    expect(page.locator("#left")).to_have_text(f"{open_count + 1} left to do")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(0)

    for _ in range(2 * count + 5):  # past Add and three links, then two buttons for each todo
        page.keyboard.press("Tab")
    check = todos.last.get_by_role("checkbox", name="Learn the fiddle")
    expect(check).to_be_focused()
    page.keyboard.press("Space")
    expect(check).to_be_checked()
    expect(check).to_be_focused()
    expect(page.locator("#left")).to_have_text(f"{open_count} left to do")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(todos).to_have_count(count)
    expect(page.get_by_role("list", name="Todos")).to_be_focused()
    expect(page.locator(".hyper-toast.success")).to_contain_text("Deleted “Learn the fiddle”")
    page.reload()
    expect(todos).to_have_count(count)


def test_each_choice_of_todos_has_a_url(page: Page) -> None:
    page.goto("/htmx/")
    row = add(page, "Come and go")
    count = todos_of(page).count()
    entries = page.evaluate("history.length")

    page.get_by_role("link", name="Open").click()
    page.wait_for_url("**/htmx/?show=open")
    expect(page.get_by_role("link", name="Open")).to_be_focused()
    expect(page.get_by_role("link", name="Open")).to_have_attribute("aria-current", "true")
    row.get_by_role("checkbox").click()
    expect(row).to_have_count(0)

    page.get_by_role("link", name="Done").click()
    page.wait_for_url("**/htmx/?show=done")
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert page.evaluate("history.length") == entries + 2

    page.go_back()
    page.wait_for_url("**/htmx/?show=open")
    expect(page.get_by_role("link", name="Open")).to_have_attribute("aria-current", "true")
    expect(row).to_have_count(0)
    page.go_back()
    page.wait_for_url(re.compile("/htmx/$"))
    expect(todos_of(page)).to_have_count(count)

    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_a_press_while_it_saves_sends_nothing(page: Page) -> None:
    page.goto("/htmx/")
    count = todos_of(page).count()
    held: list[Route] = []
    page.route("**/htmx/", lambda route: held.append(route))
    field_of(page).fill("Press once")

    button = page.locator("#add")
    button.evaluate("button => (button.click(), button.click())")
    expect(button).to_have_accessible_name("Saving…")
    assert len(held) == 1
    held[0].continue_()
    page.unroute("**/htmx/")

    expect(todos_of(page)).to_have_count(count + 1)
    expect(button).to_have_accessible_name("Add")
    todos_of(page).last.get_by_role("button", name="Delete").click()
    expect(todos_of(page)).to_have_count(count)


def test_a_todo_that_is_gone_says_so_in_its_row(page: Page) -> None:
    page.goto("/htmx/")
    row = add(page, "Vanish")
    other = page.context.new_page()
    other.goto("/htmx/")
    other.get_by_role("button", name="Delete Vanish").click()
    expect(other.get_by_role("button", name="Delete Vanish")).to_have_count(0)

    row.get_by_role("checkbox").click()

    expect(row.get_by_role("alert")).to_contain_text("not found")
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(1)


def test_a_lost_connection_is_a_toast(browser: Browser, demo_url: str) -> None:
    with open_context(browser, demo_url) as (context, _):  # the console tells of it too
        page = context.new_page()
        page.goto("/htmx/")
        context.set_offline(True)

        page.get_by_role("button", name="Add").click()

        expect(page.locator(".hyper-toast.error")).to_contain_text("The connection was lost.")


def test_htmx_without_javascript(plain_page: Page) -> None:  # S30
    page = plain_page
    open_plain(page, "/htmx/")
    todos = todos_of(page)
    posts = watch_posts(page)

    page.get_by_role("button", name="Add").click()
    expect(page.locator(".create .error")).to_have_text("Title is required")
    row = add(page, "Without a script")
    page.get_by_role("link", name="Open").click()
    row.get_by_role("checkbox").click()
    expect(row).to_have_count(0)
    page.get_by_role("link", name="Done").click()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)

    expect(page.locator(".toasts")).to_contain_text("Deleted “Without a script”")
    expect(todos.filter(has_text="Without a script")).to_have_count(0)
    assert page.url.endswith("show=done")
    assert len(posts) == 4


def test_of_choices_pressed_quickly_the_last_counts(page: Page) -> None:
    page.goto("/htmx/")
    choices = page.get_by_role("navigation", name="Which todos")

    for name in ("All", "Open", "Done", "All", "Open"):
        choices.get_by_role("link", name=name).dispatch_event("click")

    expect(choices.get_by_role("link", name="Open")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"show=open$"))
