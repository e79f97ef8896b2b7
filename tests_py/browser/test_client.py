"""The built plugin in Chromium, with both builds of Alpine, against real servers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests_py.site.processes import wait_until

from .conftest import CHROMIUM, FLAGS, SITES, Site, open_context
from .site.urls import HOSTILE

pytestmark = pytest.mark.browser

# Notes what the plugin tells, as `told`, on every page that the visitor opens.
LISTEN = """
window.told = []
for (const name of ['beforeRequest', 'afterRequest', 'requestBlocked', 'requestReplaced',
    'requestAborted', 'requestSuccess', 'requestError', 'requestException', 'requestRetry',
    'loginRequired']) {
  addEventListener(`hyper:${name}`, () => told.push(name))
}
"""

SUCCESS = ["beforeRequest", "requestSuccess", "afterRequest"]
REFUSED = ["beforeRequest", "requestError", "afterRequest"]


@pytest.fixture
def site(site_urls) -> Site:
    return Site(site_urls["default"])
