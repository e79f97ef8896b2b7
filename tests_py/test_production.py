"""What ``docs/production.md`` shows of settings and code, run as it stands there."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import time

import django
import pytest
from django.core.cache import caches

from .site.document import block, configured_redis, names_of, settings_of

# Content-Security-Policy


@pytest.fixture(params=["Django 6", "django-csp"])
def policy(request, settings):
    """Set one of the policies of the document."""
    if request.param == "Django 6" and django.VERSION < (6, 0):
        pytest.skip("Django has it since 6.0")
    known = {"MIDDLEWARE": settings.MIDDLEWARE}
    for name, value in names_of(settings_of(f"settings.py, {request.param}"), known).items():
        if name.isupper():
            setattr(settings, name, value)


def nonce_of(answer):
    (nonce,) = re.findall(r"script-src 'nonce-([^']+)'", answer["Content-Security-Policy"])
    return nonce


def test_the_policy_names_the_nonce_of_each_script(call, policy):
    answers = [call.request("GET", "/production/") for _ in range(2)]

    nonces = [nonce_of(answer) for answer in answers]
    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        written = re.findall(r'<script[^>]* nonce="([^"]*)"', answer.text)
        assert written == 3 * [nonce]
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_call_has_a_policy_too(call, policy):
    assert "default-src 'self'" in call("/production/", "tell")["Content-Security-Policy"]


# Addresses

client_address = names_of(block("python", "# project/addresses.py"), {})["client_address"]


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        pytest.param("192.0.2.1", "192.0.2.1", id="one proxy"),
        pytest.param("1.2.3.4, 192.0.2.1", "192.0.2.1", id="forged"),
        pytest.param("1.2.3.4,192.0.2.1", "192.0.2.1", id="without a space"),
        pytest.param("2001:db8::1", "2001:db8::/64", id="IPv6"),
        pytest.param("2001:db8::ffff:1", "2001:db8::/64", id="the same network"),
        pytest.param("1.2.3.4, unknown", "10.0.0.1", id="no address"),
        pytest.param("", "10.0.0.1", id="empty"),
        pytest.param(None, "10.0.0.1", id="no header"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_proxy_saw(rf, forwarded, expected):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.1")

    assert client_address(request) == expected


def test_two_proxies_are_counted_from_the_right(rf, monkeypatch):
    monkeypatch.setitem(client_address.__globals__, "TRUSTED_HOPS", 2)
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 192.0.2.1, 10.0.0.2"})

    assert client_address(request) == "192.0.2.1"


# Redis


@pytest.fixture
def redis_process(settings, tmp_path):
    """A Redis with the settings of the document, as a process that can be stopped."""
    with configured_redis(tmp_path) as (url, process):
        caches_of = names_of(settings_of(), {})["CACHES"]
        caches_of["default"]["LOCATION"] = url
        settings.CACHES = caches_of
        yield process


def stop(process):
    process.send_signal(signal.SIGSTOP)
    return lambda: process.send_signal(signal.SIGCONT)


def end(process):
    process.terminate()
    process.wait(10)
    return lambda: None


def fill(process):
    caches["default"]._cache.get_client().config_set("maxmemory", 1)
    return lambda: None


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Debian's redis-server")
@pytest.mark.parametrize("fault", [stop, end, fill])
def test_what_needs_redis_does_not_run_without_it(call, db, redis_process, fault):  # F09
    call("/production/", "begin")
    sent = {"headers": {"X-Hyper-Request-ID": "1"}}
    assert call("/production/", "limited").status_code == 200

    mend = fault(redis_process)
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        stack.callback(mend)
        refused = [call("/production/", "limited"), call("/production/", "pay", **sent)]
        seconds = time.monotonic() - begun
        others = [call("/production/", "tell"), call("/production/", "pay")]

    assert [answer.json()["code"] for answer in refused] == ["busy", "busy"]
    assert [answer["Retry-After"] for answer in refused] == ["5", "5"]
    assert [answer.status_code for answer in refused + others] == [503, 503, 200, 200]
    assert seconds < 20
