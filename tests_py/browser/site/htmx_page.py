"""A page whose actions are called by htmx."""

from __future__ import annotations

from django.utils.html import format_html
from django.views.generic import TemplateView

from django_hyper import HTML, ActionMixin, Event, History, Redirect, Reply, Signals, Toast, action

ROW = '<tr id="{0}"><td>{0}</td></tr>'


class HtmxPage(ActionMixin, TemplateView):
    template_name = "htmx.html"
    extra_context = {"names": ("move", "name", "refuse", "leave", "enter")}

    @action
    def add(self, title: str) -> Reply:
        return Reply(
            None,
            HTML(format_html(ROW, title)),
            HTML('<b id="count">2</b>', "#count"),
            HTML('<tr id="one"><td>changed</td></tr>', "#one", "outer"),
            HTML("<li>last</li>", "ul:first-child, ul.marked:last-child", "append"),
            HTML("<li>first</li>", "#größe", "prepend"),
            HTML("", "#old", "delete"),
            HTML("<i>new</i> text", "#note", "inner"),
            Toast(f"Added {title}"),
            Toast("Größe 😀", "warning"),
            Event("cart:changed", {"n": 2}, target="#cart"),
            Signals(last=title),
            History(push="?page=2"),
        )

    @action
    def move(self) -> list[HTML]:
        return [
            HTML("<p>moved</p>", "#note", "inner"),
            HTML(ROW.format("three"), "#rows", "append"),
            HTML(ROW.format("zero"), "#one", "before"),
            HTML("<td>cell</td>", "#one", "inner"),
            HTML("<thead><tr><th>Head</th></tr></thead>", "#table", "prepend"),
            HTML('<tr id="two"><td>2</td></tr>', "#two"),
        ]

    @action
    def name(self) -> History:
        return History(replace="?page=3")

    @action
    def refuse(self) -> None:
        raise ValueError("Title is required")

    @action
    def leave(self) -> Redirect:
        return Redirect("?left=1")

    @action(login_required=True)
    def enter(self) -> None:
        """Do nothing."""
