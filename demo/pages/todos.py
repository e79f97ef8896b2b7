"""A list that is added to, ticked off and deleted from."""

from __future__ import annotations

import json

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Reply, Signals, Toast, action

from .models import Todo


class TodoPage(ActionMixin, TemplateView):
    template_name = "todos.html"
    extra_context = {"title": "Todos"}

    def todos(self) -> str:
        return json.dumps(list(Todo.objects.values("id", "title", "done")))

    @action
    def create_todo(self, title: str) -> Reply:
        title = title.strip()
        if not title:
            raise ValueError("Title is required")
        if Todo.objects.count() >= 20:
            raise ValueError("The list is full. Delete a todo first.")
        todo = Todo.objects.create(title=title[:100])
        created = {"id": todo.id, "title": todo.title, "done": False}
        return Reply(created, Signals(title=""))

    @action
    def set_done(self, todo_id: int, done: bool) -> bool:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.done = done
        todo.save()
        return todo.done

    @action
    def delete_todo(self, todo_id: int) -> Toast:
        todo = get_object_or_404(Todo, id=todo_id)
        todo.delete()
        return Toast(f"Deleted “{todo.title}”")
