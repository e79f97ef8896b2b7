"""A visitor of the site of these tests, whose pages note what the plugin tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ..conftest import Site, open_context
from .visits import LISTEN, assert_faults, missing


@pytest.fixture
def site(site_urls) -> Site:
    return Site(site_urls["default"])


@pytest.fixture(params=["alpine", "csp"])
def build(request) -> str:
    """Which build of Alpine the pages have; with ``csp`` their policy forbids eval."""
    return request.param


@pytest.fixture
def faults() -> list[str]:
    """What the console may complain about: patterns, one for each complaint."""
    return []


@pytest.fixture
def context(browser: Browser, site: Site, faults) -> Iterator[BrowserContext]:
    """Be a visitor; only the expected faults may have happened in the end."""
    with open_context(browser, site.url) as (context, happened):
        context.add_init_script(LISTEN)
        yield context
        for _ in range(100):  # the console may tell of a fault after the page has shown it
            if context.pages and missing(happened, faults):
                context.pages[0].wait_for_timeout(50)

    assert_faults(happened, faults)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
