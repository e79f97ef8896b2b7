"""The page Import: a stream that follows an upload, and can be stopped."""

from __future__ import annotations

import csv
import re
import runpy
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Download, FilePayload, Locator, Page, expect

from .conftest import ROOT
from .visits import PRODUCTS, import_products, open_plain

pytestmark = pytest.mark.browser

HEAD = "number,name,price,stock"

# Lines of a file, and what is wrong with each.
LINES = [
    ("P9001,Oar,5.00,3", ""),
    ("P9002,,5.00,3", "name: This field is required."),
    ("P9003,Oar,five,many", "price: Enter a number. stock: Enter a whole number."),
    ("X9,Oar,5.00,3", "number: A number is P and four digits."),
    ("P9001,Oar,5.00,3", "P9001 is in line 2 already."),
    ("P9004,Oar,5.00", "3 cells; expected 4."),
    ("P9005,Oar,-1,3", "price: Ensure this value is greater than or equal to 0."),
    ("P9006,\xff,5.00,3", "This line is not UTF-8."),
    ('P9007,"Oar, long",5.00,3', ""),
]
LISTED = [f"Line {number} {fault}" for number, (_, fault) in enumerate(LINES, start=2) if fault]

# Values of the bar, as they come, until the import itself begins.
PROGRESS = """() => {
  window.shares = []
  const bar = document.querySelector('.course progress')
  new MutationObserver(() => bar.max === 1 && window.shares.push(bar.value))
    .observe(bar, { attributeFilter: ['value'] })
}"""


def csv_file(lines: Iterable[str], head: str = HEAD) -> FilePayload:
    text = "\n".join([head, *lines])
    return {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode("latin-1")}


def count_of(page: Page) -> int:
    """Return how many products the database has, as the server says now."""
    page.goto(page.url)
    return int(page.locator(".found").inner_text().split()[0])


def faults_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Rejected lines").get_by_role("listitem")


def words_of(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def outcome_of(page: Page) -> Locator:
    return page.locator(".answer")


def rows_of(download: Download) -> list[list[str]]:
    assert download.suggested_filename == "rejected.csv"
    return list(csv.reader(StringIO(Path(download.path()).read_text(encoding="utf-8"))))


def download_rejected(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download them").click()
    return rows_of(download.value)


@pytest.mark.slow
def test_5000_products_with_their_faults_as_they_are_found(page: Page) -> None:  # S07, C31
    page.goto("/import/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download 5,000 products").click()
    assert Path(download.value.path()).read_bytes() == PRODUCTS.read_bytes()

    import_products(page)
    expect(faults_of(page).first).to_contain_text("price: This field is required.")
    expect(page.get_by_role("button", name="Importing…")).to_be_visible()
    expect(page.locator(".course")).to_contain_text(re.compile(r"[1-4]\d\d\d of 5000 lines"))

    expect(outcome_of(page)).to_have_text(
        "All 5000 lines: 4950 saved, 50 rejected.", timeout=60_000
    )
    expect(page.get_by_role("progressbar")).to_have_js_property("position", 1)
    expect(faults_of(page)).to_have_count(50)
    rows = download_rejected(page)
    assert rows[:2] == [
        ["line", "reason", *HEAD.split(",")],
        ["39", "price: This field is required.", "P0038", "Small Light Clay Lamp", "", "182"],
    ]
    assert len(rows) == 51

    before = count_of(page)  # of a page that was loaded again: it tells of the last import too
    assert len(words_of(faults_of(page).all_inner_texts())) == 50
    import_products(page)
    expect(outcome_of(page)).to_have_text(re.compile(r"All .* 4950 saved"), timeout=60_000)
    assert count_of(page) == before


def test_stop_stops_on_the_server_with_the_keyboard_too(page: Page) -> None:  # S07, F02
    page.goto("/import/")
    before = count_of(page)
    lines = [f"P{number},Sail,9.00,1" for number in range(5_001, 8_001)]
    import_products(page, csv_file([*lines, "P8001,Never reached"]))
    expect(page.locator(".course")).to_contain_text(re.compile(r"\d\d of 3001 lines"))

    page.keyboard.press("Tab")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")

    # The server says this once the generator is closed, so nothing can follow.
    expect(outcome_of(page)).to_contain_text("Stopped after")
    told = [int(number) for number in re.findall(r"\d+", outcome_of(page).inner_text())]
    done, lines_in_all, saved, rejected = told
    assert (lines_in_all, saved, rejected) == (3_001, done, 0)
    assert done < lines_in_all
    expect(page.locator(".course")).to_contain_text(f"{done} of 3001 lines")
    expect(stop).to_be_focused()
    expect(stop).to_have_attribute("aria-disabled", "true")
    assert count_of(page) == before + saved


def test_stop_while_the_file_is_sent_says_so(page: Page) -> None:  # C26, F06
    page.goto("/import/")
    page.route("**/import/", lambda route: None)  # it never arrives
    import_products(page, csv_file(["P9001,Oar,5.00,3"]))
    expect(page.locator(".course")).to_contain_text("Sending the file")

    page.get_by_role("button", name="Stop").click()

    expect(outcome_of(page)).to_have_text("Stopped before a line was read.")
    expect(page.locator(".course")).to_be_hidden()
    page.unroute("**/import/")
    page.get_by_role("button", name="Import").click()
    expect(outcome_of(page)).to_have_text("All 1 lines: 1 saved, 0 rejected.")


def test_each_fault_of_a_line_is_told(page: Page) -> None:
    import_products(page, csv_file(line for line, _ in LINES))

    expect(outcome_of(page)).to_have_text("All 9 lines: 2 saved, 7 rejected.")
    assert words_of(faults_of(page).all_inner_texts()) == LISTED


def test_the_bar_follows_the_upload(page: Page) -> None:  # C19
    page.goto("/import/")
    page.evaluate(PROGRESS)

    import_products(page, csv_file(["x" * 80] * 20_000, head="no head"))

    expect(page.locator("[x-error=file]")).to_have_text(f"The first line must be: {HEAD}")
    shares = [share for share in page.evaluate("window.shares") if share]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    expect(page.locator(".course")).to_be_hidden()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        pytest.param(csv_file([], head="\n"), "The first line must be", id="empty"),
        pytest.param(csv_file(['"' + "x" * 140_000]), "This is no CSV.", id="an endless cell"),
        pytest.param(csv_file(["x" * 80] * 30_000), "too large", id="too large"),
    ],
)
def test_a_file_that_is_no_list_of_products_is_refused(page: Page, file, message) -> None:
    import_products(page, file)

    expect(page.locator("[x-error=file]")).to_contain_text(message)
    expect(page.get_by_label("CSV file")).to_be_focused()


def test_the_import_without_javascript_runs_to_its_end(plain_page: Page) -> None:  # S29, S30
    page = plain_page
    url = open_plain(page, "/import/")

    import_products(page, csv_file(["wrong"], head="no head"))
    expect(page.locator("[x-error=file]")).to_have_text(f"The first line must be: {HEAD}")
    import_products(page, csv_file(line for line, _ in LINES))

    expect(outcome_of(page)).to_have_text("All 9 lines: 2 saved, 7 rejected.")
    assert page.url == url
    assert words_of(faults_of(page).all_inner_texts()) == LISTED
    assert [row[:2] for row in download_rejected(page)[1:]] == [
        [str(number), fault] for number, (_, fault) in enumerate(LINES, start=2) if fault
    ]


def test_the_file_is_what_its_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "demo/make_products.py"))
    made = tmp_path / "products.csv"
    script["main"].__globals__["FILE"] = made

    script["main"]()

    assert made.read_bytes() == PRODUCTS.read_bytes()
