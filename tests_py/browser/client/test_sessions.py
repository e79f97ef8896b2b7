"""CSRF tokens and sessions that end, under every way a token travels."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ..conftest import SITES, Site, open_context
from .visits import LISTEN, REFUSED, SUCCESS, log_in, save, title_of, told, wait_for_calls

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", SITES)
def test_a_page_that_never_set_the_cookie_can_call(browser, site_urls, kind) -> None:  # F07
    site = Site(site_urls[kind])
    with open_context(browser, site.url) as (context, faults):
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto("/csp/fresh/")

        save(page, "One")
        expect(page.locator("#result")).to_have_text("One")
        save(page, "Two")
        expect(page.locator("#result")).to_have_text("Two")

        # With the token in the page itself no call is refused.
        refused = [] if kind in ("session", "hidden cookie") else [403]
        assert site.statuses == [*refused, 200, 200]
        assert {call["attempt"] for call in site.seen} == {None}
        assert told(page) == 2 * SUCCESS
        assert site.titles == ["One", "Two"]
    assert faults == []


@pytest.mark.parametrize(
    ("kind", "path", "statuses"),
    [
        # Here both tabs are always visible; a page that was hidden reads the cookie anew.
        ("default", "form", [200, 403, 200, 200]),
        ("other names", "form", [200, 403, 200, 200]),
        # A token that stands in the page is stale, and so is one that came with a refusal.
        ("default", "fresh", [403, 200, 403, 200, 200]),
        ("session", "form", [200, 403, 200, 200]),
        ("hidden cookie", "form", [200, 403, 200, 200]),
    ],
)
def test_a_token_that_another_tab_rotates_is_renewed_unseen(  # F07 C28
    browser, site_urls, kind, path, statuses
) -> None:
    site = Site(site_urls[kind])
    with open_context(browser, site.url) as (context, faults):
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto(f"/csp/{path}/")
        save(page, "One")
        expect(page.locator("#result")).to_have_text("One")
        other = context.new_page()
        other.goto("/login/?next=/csp/members/")
        log_in(other)
        other.wait_for_url("**/members/")

        save(page, "Two")
        expect(page.locator("#result")).to_have_text("Two")
        save(page, "Three")
        expect(page.locator("#result")).to_have_text("Three")

        assert site.statuses == statuses
        assert {call["attempt"] for call in site.seen} == {None}
        assert told(page) == 3 * SUCCESS
        assert site.titles == ["One", "Two", "Three"]
    assert faults == []


def test_a_session_that_ended_leads_to_login_and_back(page, site, build) -> None:  # F08 E12
    page.goto(f"/{build}/members/?from=here")
    log_in(page)
    page.wait_for_url(f"**/{build}/members/?from=here")
    site.get("end-sessions")

    save(page, "One")
    page.wait_for_url(f"**/login/?next=/{build}/members/**")
    log_in(page)

    page.wait_for_url(f"**/{build}/members/?from=here")
    save(page, "Two")
    expect(page.locator("#result")).to_have_text("Two")
    assert site.statuses == [401, 200]
    assert site.titles == ["Two"]


def test_a_page_that_prevents_it_stays_when_the_session_ends(page, site, build) -> None:  # F08 E12
    page.goto(f"/{build}/members/?modifier=.prevent")
    log_in(page)
    page.wait_for_url("**/members/**")
    site.get("end-sessions")

    save(page, "One")

    expect(page.locator("#login")).to_have_text(
        f"/login/?next=/{build}/members/%3Fmodifier%3D.prevent"
    )
    expect(page.get_by_role("alert")).to_have_text("Please log in.")
    expect(title_of(page)).to_have_value("One")
    expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert "/members/" in page.url
    assert told(page) == [*REFUSED, "loginRequired"]
    assert site.titles == []


@pytest.mark.parametrize("kind", SITES)
def test_a_session_that_ended_is_told_wherever_the_token_is(browser, site_urls, kind) -> None:
    # F07 F08
    site = Site(site_urls[kind])
    with open_context(browser, site.url) as (context, faults):
        context.add_init_script(LISTEN)
        page = open_members(context, "save")
        site.get("end-sessions")

        save(page, "One")

        expect(page.locator("#login")).to_contain_text("/login/?next=/csp/members/")
        expect(title_of(page)).to_have_value("One")
        # A token in the session has ended with it, so it is renewed first.
        assert site.statuses == ([403, 401] if kind == "session" else [401])
        assert told(page) == [*REFUSED, "loginRequired"]
        assert site.titles == []
    assert faults == []


@pytest.mark.parametrize("kind", SITES)
def test_a_call_in_flight_outlives_a_logout_in_another_tab(browser, site_urls, kind) -> None:  # F08
    site = Site(site_urls[kind])
    with open_context(browser, site.url) as (context, faults):
        context.add_init_script(LISTEN)
        page = open_members(context, "wait")
        save(page, "One")
        wait_for_calls(site, 1)
        log_out(context)

        site.open("One", "Two")
        expect(page.locator("#result")).to_have_text("One")
        save(page, "Two")
        expect(page.locator("#login")).to_contain_text("/login/?next=/csp/members/")

        expect(title_of(page)).to_have_value("Two")
        assert told(page) == [*SUCCESS, *REFUSED, "loginRequired"]
        assert site.titles == ["One"]
    assert faults == []


def test_an_action_whose_session_was_ended_under_it_keeps_what_was_typed(  # F08 C30
    context, site, faults
) -> None:
    faults.append(r"\[hyper\] 'remember' was answered with")
    page = open_members(context, "remember")
    save(page, "One")
    wait_for_calls(site, 1)
    log_out(context)

    site.open("One")  # Django itself answers: the session cannot be stored

    expect(page.locator("#code")).to_have_text("unexpected_answer")
    expect(title_of(page)).to_have_value("One")
    expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert told(page) == REFUSED


def open_members(context: BrowserContext, action: str) -> Page:
    """Log in, and open the page that stays when the session ends."""
    page = context.new_page()
    page.goto(f"/csp/members/?modifier=.prevent&action={action}")
    log_in(page)
    page.wait_for_url("**/csp/members/**")
    return page


def log_out(context: BrowserContext) -> None:
    """Log out in another tab."""
    other = context.new_page()
    other.goto("/login/")
    with other.expect_navigation():
        other.get_by_role("button", name="Log out").click()
    other.close()
