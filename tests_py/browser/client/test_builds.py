"""The built plugin in Chromium, with both builds of Alpine."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Site
from ..visits import wait_for
from .visits import SUCCESS, save, title_of, told

pytestmark = pytest.mark.browser


def test_the_policy_of_the_csp_build_forbids_eval(page: Page, site: Site, faults) -> None:  # C01
    faults.append("eval|Content Security Policy")
    page.goto("/csp/form/")
    # In a task of its own: DevTools lift the policy while they evaluate.
    page.evaluate("""() => {
      const script = document.createElement('script')
      script.nonce = document.querySelector('script[src]').nonce
      script.textContent = 'setTimeout(() => { ran = 1; ran = eval("2") })'
      document.head.append(script)
    }""")

    wait_for(page, "window.ran")
    assert page.evaluate("ran") == 1


def test_markup_shows_a_call_from_its_press_to_its_end(page, site, build) -> None:  # C01 C23 E13
    page.goto(f"/{build}/form/?action=wait")
    button = page.get_by_role("button", name="Save")
    title_of(page).fill("One")

    button.click()
    expect(button).to_be_disabled()
    expect(page.locator("#calls")).to_have_text("1")
    assert told(page) == ["beforeRequest"]
    site.open("One")

    expect(page.locator("#result")).to_have_text("One")
    expect(page.locator("#status")).to_have_text("200")
    expect(page.locator("#ended")).to_have_text("1")
    expect(button).to_be_enabled()
    expect(page.locator("#calls")).to_have_text("0")
    assert told(page) == SUCCESS


def test_an_error_is_gone_when_the_next_call_begins(page, site, build) -> None:  # C24
    page.goto(f"/{build}/form/?action=wait")
    save(page, "")
    expect(page.get_by_role("alert")).to_have_text("Title is required")
    expect(page.locator("#code")).to_have_text("invalid")

    save(page, "One")
    expect(page.locator("#calls")).to_have_text("1")
    expect(page.get_by_role("alert")).to_be_empty()
    site.open("One")

    expect(page.locator("#result")).to_have_text("One")


def test_focus_caret_and_typed_values_stay(page, site, build, tmp_path) -> None:  # C26
    chosen = tmp_path / "chosen.txt"
    chosen.write_text("text")
    read = """() => {
      const [title, notes] = document.querySelectorAll('[x-model]')
      const where = document.activeElement
      return [title.value, notes.value, where === notes, where.selectionStart, where.selectionEnd]
    }"""
    page.goto(f"/{build}/form/")
    page.get_by_label("File").set_input_files(chosen)
    notes = page.get_by_label("Notes")
    notes.fill("Not lost")
    notes.evaluate("area => area.setSelectionRange(1, 4)")

    for title, ended in (("", "1"), ("One", "2")):  # refused, then done
        title_of(page).evaluate(
            """(input, title) => {
              input.value = title
              input.dispatchEvent(new Event('input'))
              input.form.requestSubmit()
            }""",
            title,
        )
        expect(page.locator("#ended")).to_have_text(ended)

        assert page.evaluate(read) == [title, "Not lost", True, 1, 4]
        assert page.evaluate("document.querySelector('[type=file]').files[0].name") == "chosen.txt"
    assert site.titles == ["One"]


def test_each_component_shows_its_own_calls_and_those_inside(page, site, build) -> None:  # C23
    page.goto(f"/{build}/rows/")
    read = (
        "[...document.querySelectorAll('[id]')].filter(e => e.textContent == 'busy').map(e => e.id)"
    )

    def busy() -> set[str]:
        return set(page.evaluate(read))

    expect(page.locator("#far-9")).to_have_text("Far")
    assert busy() == set()

    page.locator("#row-3").click()
    in_row_3 = {"row-3", "far-3"}
    assert busy() == {"table", *in_row_3}  # not `deep-3`: a component inside reads $lane

    page.locator("#deep-5").click()
    in_row_5 = {"row-5", "far-5", "deep-5"}
    assert busy() == {"table", *in_row_3, *in_row_5}

    page.locator("#far-7").click()  # teleported out of its row, and still in it
    in_row_7 = {"row-7", "far-7"}
    assert busy() == {"table", *in_row_3, *in_row_5, *in_row_7}

    site.open("row-3")
    expect(page.locator("#row-3")).to_have_text("Row")
    assert busy() == {"table", *in_row_5, *in_row_7}
    site.open("far-7")
    expect(page.locator("#far-7")).to_have_text("Far")
    assert busy() == {"table", *in_row_5}
    site.open("deep-5")
    expect(page.locator("#table")).to_be_empty()
    assert busy() == set()


def test_a_form_with_directives_needs_no_expression(page, site, build) -> None:  # P01 P02 P13
    page.goto(f"/{build}/directives/")
    form = page.locator("form")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Title is required")

    title_of(page).fill("Milk")
    page.keyboard.press("Enter")
    expect(form).to_have_attribute("data-hyper-pending", "true")
    expect(page.get_by_role("button")).to_have_text(re.compile("Saving"))
    page.keyboard.press("Enter")  # the second press is not sent
    site.open("Milk")
    expect(form).not_to_have_attribute("data-hyper-pending", "true")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert site.titles == ["Milk"]
