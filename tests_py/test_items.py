from __future__ import annotations

import dataclasses
from importlib.util import find_spec

import django
import pytest
from django.utils.translation import gettext_lazy as _

from django_hyper import HTML, Event, History, Item, Redirect, Reply, Signals, Store, Toast


@pytest.mark.parametrize(
    ("item", "event", "data"),
    [
        (Toast("Saved"), "toast", {"message": "Saved", "level": "success", "tags": ""}),
        (
            Toast("Oh", level="error", tags="big red"),
            "toast",
            {"message": "Oh", "level": "error", "tags": "big red"},
        ),
        (Event("done"), "dispatch_event", {"name": "done", "detail": None, "target": None}),
        (
            Event("cart:changed", {"count": 3}, target="#cart"),
            "dispatch_event",
            {"name": "cart:changed", "detail": {"count": 3}, "target": "#cart"},
        ),
        (Redirect("/done/"), "redirect", {"url": "/done/", "external": False}),
        (
            Redirect("https://example.com/", external=True),
            "redirect",
            {"url": "https://example.com/", "external": True},
        ),
        (History(push="/a/"), "history", {"push": "/a/", "replace": None}),
        (History(replace="?page=2"), "history", {"push": None, "replace": "?page=2"}),
        (
            HTML("<p>a"),
            "patch_html",
            {"content": "<p>a", "target": None, "swap": "morph"},
        ),
        (
            HTML("", "#row-3", "delete"),
            "patch_html",
            {"content": "", "target": "#row-3", "swap": "delete"},
        ),
        (
            Signals(count=3, a=[1]),
            "patch_signals",
            {"signals": {"count": 3, "a": [1]}, "store": {}},
        ),
        (Store(count=3), "patch_signals", {"signals": {}, "store": {"count": 3}}),
        (Signals(), "patch_signals", {"signals": {}, "store": {}}),
    ],
)
def test_what_of_an_item_travels(item, event, data):
    assert isinstance(item, Item)
    assert (item.event, item.data()) == (event, data)


@pytest.mark.parametrize("kind", [Signals, Store])
def test_signals_and_store_take_any_name(kind):
    values = {"self": 1, "values": 2, "data": 3, "event": 4}

    assert kind(**values).values == values


@pytest.mark.parametrize("item", [Toast("a"), Event("a"), Redirect("/"), HTML("a"), History("/")])
def test_an_item_is_frozen(item):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(item, dataclasses.fields(item)[0].name, "other")


def test_an_item_of_ones_own_says_what_travels():
    with pytest.raises(TypeError, match="data"):
        Item()  # type: ignore[abstract]


@pytest.mark.parametrize(
    ("reply", "result", "items"),
    [
        (Reply(), None, ()),
        (Reply({"id": 7}), {"id": 7}, ()),
        (Reply(None, Toast("a"), Event("b")), None, (Toast("a"), Event("b"))),
    ],
)
def test_a_reply_has_a_result_and_items_in_order(reply, result, items):
    assert (reply.result, tuple(reply.items)) == (result, items)


@pytest.mark.parametrize("value", [None, "Saved", {"message": "a"}, [Toast("a")], Toast, Reply()])
def test_a_reply_refuses_what_is_no_item(value):
    with pytest.raises(TypeError, match=r"Reply\(\) got .* as an item; expected Toast, "):
        Reply(None, Toast("a"), value)


SWAPS = "morph inner outer before after prepend append delete none".split()


@pytest.mark.parametrize("swap", SWAPS)
def test_html_is_swapped_in_each_of_these_ways(swap):
    assert HTML("a", swap=swap).swap == swap


@pytest.mark.parametrize("swap", ["innerHTML", "", "Morph", None])
def test_html_refuses_another_swap(swap):
    with pytest.raises(TypeError, match=f"got {swap!r} for `swap`; expected one of morph, inner, "):
        HTML("a", swap=swap)


@pytest.mark.parametrize("content", [None, b"<p>", 1, ["<p>"], Toast("a")])
def test_html_refuses_what_is_no_text(content):
    with pytest.raises(TypeError, match=r"as its content; expected text\. .* HTML\.render\("):
        HTML(content)


def test_the_content_of_html_may_be_lazy():
    assert str(HTML(_("This field is required.")).content) == "This field is required."


@pytest.mark.parametrize("urls", [{}, {"push": "/a/", "replace": "/b/"}])
def test_history_has_one_url(urls):
    with pytest.raises(TypeError, match=r"History\(\) got push=.*; expected one of them"):
        History(**urls)


@pytest.fixture
def template(settings):
    """Make a template, by its name."""

    def make(name, source):
        loader = ("django.template.loaders.locmem.Loader", {name: source})
        options = settings.TEMPLATES[0]["OPTIONS"] | {"loaders": [loader]}
        settings.TEMPLATES = [settings.TEMPLATES[0] | {"APP_DIRS": False, "OPTIONS": options}]
        return name

    return make


@pytest.mark.parametrize("context", [None, {}, {"name": "<b>"}])
def test_html_is_made_from_a_template_with_its_escaping_and_the_request(rf, template, context):
    name = template("row.html", "<p>{{ name }} {{ request.path }}")

    item = HTML.render(rf.get("/here/"), name, context, target="#row", swap="inner")

    escaped = "&lt;b&gt;" if context else ""
    assert item == HTML(f"<p>{escaped} /here/", "#row", "inner")


@pytest.mark.skipif(
    django.VERSION < (6,) and not find_spec("template_partials"),
    reason="Django 6 has partials, and django-template-partials",
)
def test_html_is_made_from_a_partial_of_a_template(rf, settings, template):
    source = "{% partialdef rows %}<tr>{{ name }}{% endpartialdef %}<table>{% partial rows %}"
    if django.VERSION < (6,):
        source = "{% load partials %}" + source
    name = template("page.html", source)
    if django.VERSION < (6,):
        wrap = "template_partials.loader.Loader"
        options = settings.TEMPLATES[0]["OPTIONS"]
        options |= {"loaders": [(wrap, options["loaders"])]}
        options["libraries"] = {"partials": "template_partials.templatetags.partials"}

    item = HTML.render(rf.get("/"), f"{name}#rows", {"name": "&"})

    assert item == HTML("<tr>&amp;")
