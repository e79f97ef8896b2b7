"""A list that is added to, ticked off and deleted from: by Alpine, by htmx, without JavaScript."""

from __future__ import annotations

from typing import Annotated, Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView
from msgspec import Meta

from django_hyper import HTML, ActionMixin, Event, History, Item, Refresh, Toast, action

from .models import Todo

Title = Annotated[str, Meta(max_length=100)]


class TodoPage(ActionMixin, TemplateView):
    template_name = "todos.html"
    extra_context = {"title": "Todos"}

    def todos(self) -> QuerySet[Todo]:
        return Todo.objects.all()

    @action
    def create_todo(self, title: Title) -> Refresh:
        if not title.strip():
            raise ValueError("Title is required")
        if Todo.objects.count() >= 20:
            raise ValueError("The list is full. Delete a todo first.")
        Todo.objects.create(title=title.strip())
        return Refresh("#todos")

    @action
    def set_done(self, todo_id: int, done: bool) -> Refresh:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.done = done
        todo.save()
        return Refresh("#todos")

    @action
    def delete_todo(self, todo_id: int) -> list[Item]:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.delete()
        deleted = Event("todo:deleted", target="#todos")
        return [Toast(f"Deleted “{todo.title}”"), Refresh("#todos"), deleted]


class HtmxPage(TodoPage):
    """The same actions, answered with HTML."""

    template_name = "htmx/page.html"
    extra_context = {"title": "htmx"}
    choices = ("all", "open", "done")

    def todos(self) -> QuerySet[Todo]:
        chosen = {"open": {"done": False}, "done": {"done": True}}
        return super().todos().filter(**chosen.get(self.request.GET.get("show", ""), {}))

    def left(self) -> str:
        return f"{Todo.objects.filter(done=False).count()} left to do"

    @action
    def create_todo(self, title: Title) -> list[Item]:
        super().create_todo(title)
        created = Todo.objects.latest("id")
        form = HTML.render(self.request, "htmx/form.html")
        return [form, *self.row(created.id, "#todos", "append"), self.new_left()]

    @action
    def set_done(self, todo_id: int, done: bool) -> list[Item]:
        super().set_done(todo_id, done)
        return [*(self.row(todo_id) or [HTML("")]), self.new_left()]

    @action
    def delete_todo(self, todo_id: int) -> list[Item]:
        toast, *_ = super().delete_todo(todo_id)
        return [HTML(""), self.new_left(), toast, Event("todo:deleted")]

    @action(methods=("GET",))
    def show_todos(self, show: Literal["all", "open", "done"] = "all") -> list[Item]:
        return [Refresh("#list"), History(push=f"?show={show}")]

    def row(self, todo_id: int, target: str | None = None, swap: str = "morph") -> list[Item]:
        """Return the row of a todo, if the list shows it."""
        return [
            HTML.render(self.request, "htmx/todo.html", {"todo": todo}, target, swap)
            for todo in self.todos().filter(id=todo_id)
        ]

    def new_left(self) -> HTML:
        return HTML(self.left(), "#left", "inner")
