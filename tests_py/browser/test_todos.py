"""The page Todos, with JavaScript and without; it has no script of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .visits import open_plain, watch_posts

pytestmark = pytest.mark.browser


def field_of(page: Page) -> Locator:
    return page.get_by_label("What needs doing?")


def todos_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Todos").get_by_role("listitem")


def test_todos_with_the_keyboard_alone(page: Page) -> None:  # S29
    page.goto("/todos/")
    field, todos = field_of(page), todos_of(page)
    error = page.locator("[x-action=create_todo]").get_by_role("alert")
    before = todos.count()
    field.focus()

    page.keyboard.press("Enter")
    expect(error).to_have_text("Title is required")  # S10
    expect(field).to_be_focused()

    page.keyboard.type("Learn the fiddle")
    page.keyboard.press("Enter")
    expect(todos).to_have_count(before + 1)
    expect(todos.last).to_contain_text("Learn the fiddle")
    expect(error).to_be_hidden()
    expect(field).to_have_value("")
    expect(field).to_be_focused()

    for _ in range(2 * before + 3):  # past Add and Cancel, then two buttons for each todo
        page.keyboard.press("Tab")
    check = todos.last.get_by_role("checkbox")
    expect(check).to_be_focused()
    page.keyboard.press("Space")
    expect(check).to_be_checked()
    expect(check).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(todos).to_have_count(before)
    expect(page.get_by_role("list", name="Todos")).to_be_focused()
    expect(page.locator(".hyper-toast")).to_contain_text("Deleted “Learn the fiddle”")
    page.reload()
    expect(todos).to_have_count(before)


def test_a_title_that_is_too_long_is_told_at_its_field(page: Page) -> None:  # P13
    page.goto("/todos/")
    field_of(page).fill("x" * 101)

    page.get_by_role("button", name="Add").click()

    expect(field_of(page)).to_have_accessible_description(
        "Ensure this value has at most 100 characters (it has 101)."
    )
    expect(field_of(page)).to_have_attribute("aria-invalid", "true")
    expect(field_of(page)).to_be_focused()
    expect(field_of(page)).to_have_value("x" * 101)


def test_the_form_closes_and_opens_with_the_focus(page: Page) -> None:
    page.goto("/todos/")
    opener = page.get_by_role("button", name="New todo")
    expect(opener).to_be_hidden()

    page.get_by_role("button", name="Cancel").click()
    expect(field_of(page)).to_be_hidden()
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    expect(field_of(page)).to_be_focused()


def test_the_form_says_that_it_is_saving(page: Page) -> None:  # S29, P01
    page.goto("/todos/")
    form = page.locator("[x-action=create_todo]")
    held: list[Route] = []
    page.route("**/todos/", lambda route: held.append(route))
    page.get_by_role("button", name="Add").click()

    expect(form.get_by_role("button", name="Saving…")).to_be_visible()
    expect(form.get_by_role("button", name="Cancel")).to_be_disabled()
    held[0].continue_()
    expect(form.get_by_role("button", name="Add")).to_be_visible()
    expect(form.get_by_role("button", name="Cancel")).to_be_enabled()


def test_two_todos_in_one_press(page: Page) -> None:  # C11
    page.goto("/todos/")
    before = todos_of(page).count()
    field_of(page).fill("Press once")

    page.get_by_role("button", name="Add").evaluate("button => (button.click(), button.click())")

    expect(todos_of(page)).to_have_count(before + 1)
    page.reload()
    expect(todos_of(page)).to_have_count(before + 1)


def test_a_todo_that_is_gone_says_so_in_its_row(page: Page) -> None:  # C23
    page.goto("/todos/")
    field_of(page).fill("Vanish")
    page.keyboard.press("Enter")
    row = todos_of(page).filter(has_text="Vanish")
    expect(row).to_have_count(1)
    other = page.context.new_page()
    other.goto("/todos/")
    other.get_by_role("button", name="Delete Vanish").click()
    expect(other.get_by_role("button", name="Delete Vanish")).to_have_count(0)

    row.get_by_role("checkbox").click()

    expect(row.get_by_role("alert")).to_contain_text("not found")
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    expect(todos_of(page).first.get_by_role("alert")).to_have_count(0)


def test_todos_without_javascript(plain_page: Page) -> None:  # S29, S30
    page = plain_page
    url = open_plain(page, "/todos/")
    todos = todos_of(page)
    before = todos.count()
    posts = watch_posts(page)

    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Title is required", exact=True)).to_be_visible()
    field_of(page).fill("x" * 101)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Ensure this value has at most 100 characters")).to_be_visible()
    expect(field_of(page)).to_have_value("x" * 101)

    field_of(page).fill("Learn the fiddle")
    page.get_by_role("button", name="Add").click()
    expect(todos).to_have_count(before + 1)
    expect(field_of(page)).to_have_value("")
    assert page.url == url

    todos.last.get_by_role("checkbox").click()
    expect(todos.last.get_by_role("checkbox")).to_be_checked()
    todos.last.get_by_role("checkbox").click()
    expect(todos.last.get_by_role("checkbox")).not_to_be_checked()
    todos.last.get_by_role("button", name="Delete Learn the fiddle").click()
    expect(todos).to_have_count(before)
    expect(page.locator(".toasts")).to_contain_text("Deleted “Learn the fiddle”")
    assert page.url == url
    assert len(posts) == 6

    page.reload()
    expect(page.locator(".toasts")).not_to_contain_text("Deleted")
    assert len(posts) == 6


def test_the_list_follows_the_database_and_keeps_what_is_typed(page: Page) -> None:  # S29
    page.goto("/todos/")
    other = page.context.new_page()
    other.goto("/todos/")
    field_of(other).fill("From another tab")
    other.keyboard.press("Enter")
    expect(todos_of(other).last).to_contain_text("From another tab")
    field_of(page).fill("Half a")

    todos_of(page).first.get_by_role("checkbox").click()

    expect(todos_of(page).last).to_contain_text("From another tab")
    expect(todos_of(page).first.get_by_role("checkbox")).to_be_focused()
    expect(field_of(page)).to_have_value("Half a")
    todos_of(page).last.get_by_role("button", name="Delete From another tab").click()
    expect(todos_of(page).filter(has_text="From another tab")).to_have_count(0)
