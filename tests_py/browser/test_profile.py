"""The page Profile: a model form with a file."""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from .visits import open_plain, wait_for

pytestmark = pytest.mark.browser

PROGRESS = """() => {
  window.shares = []
  const bar = document.querySelector('progress')
  new MutationObserver(() => bar.hidden || window.shares.push(bar.value))
    .observe(bar, { attributeFilter: ['value'] })
}"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# One grey pixel, so that the browser can show it.
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    [
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\x00\x80")),
        chunk(b"IEND", b""),
    ]
)
MEGABYTE = 1024 * 1024


def picture(name: str = "me.png", data: bytes = PNG) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def save(page: Page) -> int:
    """Press Save, and return the status of the answer."""
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Save").click()
    return answer.value.status


def fill(page: Page, **more: str) -> None:
    values = {"Name": "Ada Berg", "Email": "ada@example.com", "About you": "", "Birthday": ""}
    for label, value in {**values, **more}.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Language").select_option("Deutsch")
    page.get_by_label("Send me the newsletter").check()


def state_of(page: Page) -> dict[str, Any]:
    """Return what the visitor has typed and chosen."""
    return {
        "name": page.get_by_label("Name").input_value(),
        "email": page.get_by_label("Email").input_value(),
        "language": page.get_by_label("Language").input_value(),
        "newsletter": page.get_by_label("Send me the newsletter").is_checked(),
    }


FAULTY = {"name": "Bela", "email": "nowhere", "language": "de", "newsletter": True}


def test_a_refused_form_keeps_what_was_typed_and_chosen(page: Page) -> None:  # P13, C26
    page.goto("/profile/")
    fill(page, Name="Bela", Email="nowhere", Birthday="2999-01-01")
    page.get_by_label("Picture").set_input_files(picture())

    assert save(page) == 422

    email, birthday = page.get_by_label("Email"), page.get_by_label("Birthday")
    expect(email).to_be_focused()
    for field, text in ((email, "Enter a valid email address."), (birthday, "is yet to come.")):
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(text if field == email else f"This day {text}")
    assert page.locator("form [aria-invalid=true]").count() == 2
    assert state_of(page) == FAULTY
    assert page.get_by_label("Picture").evaluate("input => input.files[0].name") == "me.png"

    email.fill("bela@example.com")
    birthday.fill("1990-02-03")
    assert save(page) == 200
    expect(page.locator(".hyper-toast")).to_contain_text("Profile saved")
    expect(page.locator("form [aria-invalid=true]")).to_have_count(0)
    expect(page.locator(".person")).to_have_text("Bela")
    page.reload()
    assert state_of(page) == {**FAULTY, "email": "bela@example.com"}
    expect(birthday).to_have_value("1990-02-03")


def test_a_saved_picture_is_shown_and_replaces_the_one_before(page: Page) -> None:
    page.goto("/profile/")
    fill(page)
    image = page.get_by_role("img", name="Your picture")
    sources = []
    for name in ("first.svg", "second.png"):  # the server believes the bytes, not the name
        page.get_by_label("Picture").set_input_files(picture(name))
        with page.expect_response("**/media/avatars/*.png") as answer:
            save(page)
        assert answer.value.headers["content-type"] == "image/png"
        assert answer.value.headers["x-content-type-options"] == "nosniff"
        wait_for(page, "document.querySelector('.person img').naturalWidth === 1")
        sources.append(image.get_attribute("src"))

    assert all(one != other for one, other in pairwise(sources))
    assert [page.request.get(str(source)).status for source in sources] == [404, 200]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        pytest.param(picture(data=b"<script>alert(1)</script>"), "This is no picture", id="HTML"),
        pytest.param(picture("a.svg", b"<svg></svg>"), "This is no picture", id="SVG"),
        pytest.param(picture(data=PNG + bytes(2 * MEGABYTE)), "too large", id="too large"),
    ],
)
def test_a_file_that_is_no_small_picture_is_refused(page: Page, file, message) -> None:
    page.goto("/profile/")
    fill(page)
    page.get_by_label("Picture").set_input_files(file)
    before = page.locator(".person img").get_attribute("src")

    assert save(page) == 422

    expect(page.locator("[x-error=avatar]")).to_contain_text(message)
    expect(page.get_by_label("Picture")).to_be_focused()
    assert page.locator(".person img").get_attribute("src") == before


def test_the_bar_follows_the_upload(page: Page) -> None:  # C27
    page.goto("/profile/")
    fill(page)
    bar = page.locator("progress")
    page.evaluate(PROGRESS)
    page.get_by_label("Picture").set_input_files(picture(data=PNG + bytes(MEGABYTE)))
    expect(bar).to_be_hidden()

    assert save(page) == 200

    expect(bar).to_be_hidden()
    shares = page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_message_of_no_field_is_the_forms(page: Page) -> None:  # C28
    page.goto("/profile/")
    fill(page, Email="")

    assert save(page) == 422

    expect(page.locator("form").get_by_role("alert")).to_have_text(
        "The newsletter needs an email address."
    )


def test_the_profile_without_javascript(plain_page: Page) -> None:  # S29, S30
    page = plain_page
    url = open_plain(page, "/profile/")
    fill(page, Name="Bela", Email="nowhere")
    page.get_by_label("Picture").set_input_files(picture())

    assert save(page) == 422
    expect(page.get_by_label("Email")).to_have_accessible_description(
        "Enter a valid email address."
    )
    expect(page.get_by_label("Email")).to_have_attribute("aria-invalid", "true")
    assert state_of(page) == FAULTY

    page.get_by_label("Email").fill("bela@example.com")
    page.get_by_label("Picture").set_input_files(picture())
    assert save(page) == 303
    expect(page.locator(".toasts")).to_contain_text("Profile saved")
    expect(page.get_by_role("img", name="Your picture")).to_be_visible()
    assert state_of(page) == {**FAULTY, "email": "bela@example.com"}
    assert page.url == url
