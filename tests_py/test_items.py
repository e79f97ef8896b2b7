from __future__ import annotations

import dataclasses

import pytest

from django_hyper import Event, Item, Redirect, Reply, Signals, Store, Toast


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


@pytest.mark.parametrize("item", [Toast("a"), Event("a"), Redirect("/")])
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
