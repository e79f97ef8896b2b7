"""What no answer can do to a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ..conftest import open_context
from ..site import HOSTILE
from .visits import LISTEN, SUCCESS, assert_faults, save, told

pytestmark = pytest.mark.browser


FORGED_URLS = [
    "javascript:window.hacked=1",
    " java\tscript:window.hacked=1",
    "JAVASCRIPT:window.hacked=1",
    "data:text/html,<script>window.hacked=1</script>",
    "blob:http://localhost:1/0",
    "file:///etc/passwd",
]
FOREIGN_URLS = ["//localhost:1/", "\\\\localhost:1/", "/\\localhost:1/", "http://localhost:1/"]


def test_a_redirect_goes_to_a_page_of_this_site(page, build) -> None:  # S16
    page.goto(f"/{build}/form/?action=leave")

    save(page, f"/{build}/fresh/")

    page.wait_for_url(f"**/{build}/fresh/")
    expect(page).to_have_title("Fresh")


def test_a_redirect_off_site_must_be_said_to_be_meant(page, site, build) -> None:  # F12
    abroad = site.url.replace("127.0.0.1", "localhost") + f"/{build}/fresh/"
    page.goto(f"/{build}/form/?action=leave")
    save(page, abroad)
    expect(page.locator("#code")).to_have_text("bad_request")
    assert page.url.startswith(site.url)

    page.goto(f"/{build}/form/?action=leave_site")
    save(page, abroad)

    page.wait_for_url(abroad)
    expect(page).to_have_title("Fresh")


@pytest.mark.parametrize(
    ("action", "urls"),
    [("forge", [*FORGED_URLS, *FOREIGN_URLS]), ("forge_external", FORGED_URLS)],
)
def test_a_forged_redirect_is_refused_in_the_page_too(browser, site, action, urls) -> None:  # F12
    # Without the policy, which would stop some of them as well.
    with open_context(browser, site.url, bypass_csp=True) as (context, faults):
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto(f"/alpine/form/?action={action}")
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))

        for number, url in enumerate(urls, 1):
            save(page, url)
            expect(page.locator("#ended")).to_have_text(str(number))

            assert page.evaluate("window.hacked") is None
        assert requested == len(urls) * [page.url]
        assert told(page) == len(urls) * SUCCESS
    assert len(faults) == len(urls)
    assert_faults(faults, [r"\[hyper\] a redirect to .+ is refused"])


def test_texts_in_the_configuration_cannot_leave_their_script(page, build) -> None:  # C01
    page.goto(f"/{build}/form/")

    config = page.evaluate("JSON.parse(document.querySelector('script#hyper-config').textContent)")

    assert config["messages"]["hostile"] == HOSTILE
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelector('#hyper-config').nonce") != ""
