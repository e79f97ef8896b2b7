"""A network that fails, in Chromium against real servers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ..conftest import open_context
from ..site.edge import ANSWERS
from .visits import REFUSED, log_in, save, title_of, told

pytestmark = pytest.mark.browser


def test_offline_nothing_is_sent_and_what_was_typed_stays(  # F04
    page, context, site, build, faults
) -> None:
    faults.append("You are offline")
    page.goto(f"/{build}/form/")
    context.set_offline(True)
    expect(page.locator("#online")).to_have_text("offline")

    save(page, "One")

    expect(page.get_by_role("alert")).to_have_text("You are offline. Please try again later.")
    expect(page.locator("#code")).to_have_text("offline")
    expect(title_of(page)).to_have_value("One")
    expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert told(page) == ["requestException"]

    context.set_offline(False)
    expect(page.locator("#online")).to_have_text("online")
    assert site.seen == []  # nothing was kept to be sent later
    title_of(page).press("Enter")
    expect(page.locator("#result")).to_have_text("One")
    expect(page.get_by_role("alert")).to_be_empty()
    assert site.titles == ["One"]


@pytest.mark.parametrize("action", ["lose", "cut"])
def test_a_lost_answer_is_told_and_its_call_not_repeated(page, site, build, action, faults) -> None:
    # F05 C28
    faults += ["The connection was lost", "net::ERR"]
    page.goto(f"/{build}/form/?action={action}&fresh=1")  # each request on its own connection

    save(page, "One")

    expect(page.get_by_role("alert")).to_have_text("The connection was lost. Please try again.")
    expect(page.locator("#code")).to_have_text("network")
    expect(title_of(page)).to_have_value("One")
    expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert told(page) == ["beforeRequest", "requestException", "afterRequest"]
    assert site.titles == ["One"]


def test_what_the_browser_itself_repeats_has_the_same_id(page, site, faults) -> None:  # F05 C28
    faults += ["The connection was lost", "net::ERR"]
    page.goto("/csp/form/?action=lose")  # over connections that are kept

    save(page, "One")
    expect(page.locator("#ended")).to_have_text("1")

    assert told(page) == ["beforeRequest", "requestException", "afterRequest"]
    assert {(call["id"], call["attempt"]) for call in site.seen} == {(site.seen[0]["id"], None)}


def test_what_is_idempotent_runs_once_though_the_browser_repeats_it(page, site, faults) -> None:
    # F05 C28
    faults += ["The connection was lost", "net::ERR"]
    page.goto("/csp/members/?action=lose_once")  # over connections that are kept
    log_in(page)
    page.wait_for_url("**/csp/members/**")

    save(page, "One")
    expect(page.locator("#ended")).to_have_text("1")

    assert len(site.seen) > 1
    assert {(call["id"], call["attempt"]) for call in site.seen} == {(site.seen[0]["id"], None)}
    assert site.titles == ["One"]


def test_a_repeat_that_was_asked_for_says_so(page, site, faults) -> None:  # F05 E12
    faults.append("net::ERR")
    page.goto("/csp/form/?action=lose&fresh=1&options={ retry: 1 }")

    save(page, "One")
    expect(page.locator("#ended")).to_have_text("1")

    first, second = site.seen
    assert (first["attempt"], second["attempt"]) == (None, "2")
    assert first["id"] == second["id"]
    assert told(page)[:2] == ["beforeRequest", "requestRetry"]


def test_what_is_no_answer_of_an_action_is_not_put_into_the_page(  # C30 F05
    page, site, build, faults
) -> None:
    for number, action in enumerate(ANSWERS, 1):
        faults.append(rf"\[hyper\] '{action}' was answered with")
        page.goto(f"/{build}/form/?action={action}")

        save(page, "One")

        expect(page.locator("#code")).to_have_text("unexpected_answer")
        expect(page.get_by_role("alert")).to_have_text(
            "The answer could not be read. Please try again."
        )
        expect(title_of(page)).to_have_value("One")
        expect(page.locator("h1")).to_have_count(0)
        assert told(page) == REFUSED
        assert len(site.seen) == number  # no repeat, and the redirect was not followed


def test_a_lost_connection_is_told_in_the_language_of_the_page(browser, site, build) -> None:  # C21
    with open_context(browser, site.url, locale="de-DE") as (context, _):
        page = context.new_page()
        page.goto(f"/{build}/form/?action=cut")
        expect(page.locator("html")).to_have_attribute("lang", "de")

        save(page, "Eins")

        expect(page.get_by_role("alert")).to_have_text(
            "Die Verbindung ist abgebrochen. Bitte versuchen Sie es noch einmal."
        )
