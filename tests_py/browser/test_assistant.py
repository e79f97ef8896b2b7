"""The page Assistant: an answer over POST, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from .visits import open_plain, watch_posts

pytestmark = pytest.mark.browser

GUARDS = "The guards are checked in this order: method, login, permissions, test, rate;"

# Each text of the answer, as it comes, and whether the region was busy then.
STEPS = """() => {
  window.steps = []
  const region = document.querySelector('.reply')
  new MutationObserver(() => window.steps.push([region.innerText, region.ariaBusy]))
    .observe(region, { childList: true, subtree: true, characterData: true })
}"""


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def reply_of(page: Page) -> Locator:
    return page.locator(".reply")


def test_an_answer_comes_word_by_word_and_is_read_as_a_whole(page: Page) -> None:  # S07, E10
    page.goto("/assistant/")
    page.evaluate(STEPS)
    posts = watch_posts(page)

    ask(page, "Which guards does an action have?")
    expect(reply_of(page)).to_have_attribute("aria-busy", "true")
    expect(reply_of(page)).to_contain_text(GUARDS)
    expect(reply_of(page)).not_to_have_attribute("aria-busy", "true", timeout=15_000)

    steps = page.evaluate("window.steps")
    assert len(steps) > 20
    assert all(later.startswith(text) for (text, _), (later, _) in pairwise(steps))
    assert {busy for _, busy in steps} == {"true"}
    assert len(posts) == 1
    expect(reply_of(page)).to_have_attribute("aria-live", "polite")
    expect(page.locator(".sources")).to_contain_text("docs/reference.md, @action")
    expect(page.get_by_label("Your question")).to_have_value("Which guards does an action have?")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_stop_ends_an_answer_where_it_is(page: Page) -> None:  # S07
    page.goto("/assistant/")
    ask(page, "Which guards does an action have?")
    expect(reply_of(page)).to_contain_text("The guards are")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Stopped.", exact=True)).to_be_visible()
    expect(reply_of(page)).not_to_contain_text("arguments to their annotations")
    expect(stop).to_have_attribute("aria-disabled", "true")
    expect(stop).to_be_focused()


def test_the_next_question_takes_the_place_of_an_answer(page: Page) -> None:  # C10
    page.goto("/assistant/")
    ask(page, "Which guards does an action have?")
    expect(reply_of(page)).to_contain_text("The guards are")

    ask(page, "csrf")

    expect(reply_of(page)).to_contain_text("{% csrf_token %} makes Django set its CSRF cookie.")
    expect(reply_of(page)).not_to_contain_text("The guards are")
    expect(page.get_by_text("Stopped.", exact=True)).to_be_hidden()


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("pizza margherita", id="unknown words"),
        pytest.param('" OR NEAR(*^-: {a} AND', id="the syntax of FTS5"),
        pytest.param("'; pizza; --'", id="SQL"),
        pytest.param("the \u2028 ___ ²", id="no words"),
    ],
)
def test_a_question_that_the_docs_do_not_answer_is_told_so(page: Page, question: str) -> None:
    page.goto("/assistant/")

    ask(page, question)

    expect(reply_of(page)).to_contain_text("The docs say nothing about this.")
    expect(page.locator(".sources")).to_be_hidden()
    expect(page.locator("form [role=alert]")).to_be_hidden()


def test_an_empty_or_endless_question_is_refused(page: Page) -> None:
    page.goto("/assistant/")
    ask(page, "Which guards does an action have?")
    expect(page.locator(".sources")).to_be_visible()
    ask(page, " ")
    expect(page.locator("form").get_by_role("alert")).to_have_text("Ask something first.")
    expect(page.locator(".sources")).to_be_hidden()

    ask(page, "x" * 201)
    expect(page.get_by_label("Your question")).to_have_accessible_description(
        "Ensure this value has at most 200 characters (it has 201)."
    )


def test_the_answer_without_javascript_comes_at_once(plain_page: Page) -> None:  # S29, S30
    page = plain_page
    url = open_plain(page, "/assistant/")
    ask(page, " ")
    expect(page.get_by_text("Ask something first.", exact=True)).to_be_visible()

    ask(page, "Which guards does an action have?")

    expect(reply_of(page)).to_contain_text(GUARDS)
    expect(page.locator(".sources")).to_contain_text("docs/reference.md, @action")
    expect(page.get_by_label("Your question")).to_have_value("Which guards does an action have?")
    assert page.url == url
