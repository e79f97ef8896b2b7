"""A list that is added to, ticked off and deleted from, with JavaScript and without."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView
from msgspec import Meta

from django_hyper import ActionMixin, Item, Signals, Toast, action

from .models import Todo


class TodoPage(ActionMixin, TemplateView):
    template_name = "todos.html"
    extra_context = {"title": "Todos"}

    def todos(self) -> QuerySet[Todo]:
        return Todo.objects.all()

    @action
    def create_todo(self, title: Annotated[str, Meta(max_length=100)]) -> dict[str, object]:
        if not title.strip():
            raise ValueError("Title is required")
        if Todo.objects.count() >= 20:
            raise ValueError("The list is full. Delete a todo first.")
        todo = Todo.objects.create(title=title.strip())
        return {"id": todo.id, "title": todo.title, "done": False}

    @action
    def set_done(self, todo_id: int, done: bool) -> Signals:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.done = done
        todo.save()
        return Signals(todo={"done": done})

    @action
    def delete_todo(self, todo_id: int) -> list[Item]:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.delete()
        return [Toast(f"Deleted “{todo.title}”"), Signals(todo={"gone": True})]
