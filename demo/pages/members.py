"""A page behind login: what guards the view guards its actions."""

from __future__ import annotations

from django.contrib.auth import get_user_model, logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Toast, action

from .models import Note

User = get_user_model()


class MembersPage(LoginRequiredMixin, ActionMixin, TemplateView):
    template_name = "members.html"
    extra_context = {"title": "Members"}

    def members(self) -> QuerySet:
        return User.objects.exclude(pk=self.request.user.pk)

    def note(self) -> Note | None:
        return Note.objects.filter(user=self.request.user).first()

    @action
    def save_note(self, text: str) -> Toast:
        Note.objects.update_or_create(user=self.request.user, defaults={"text": text[:500]})
        return Toast("Note saved")

    @action
    def end_session(self) -> Toast:
        logout(self.request)
        return Toast("Your session has ended. Now save the note.")

    @action(rate_limit="3/m")
    def wave(self, member_id: int) -> Toast:
        member = get_object_or_404(User, pk=member_id)
        return Toast(f"You waved to {member.get_full_name()}")

    @action(permission_required="auth.delete_user")
    def remove_member(self, member_id: int) -> None:
        get_object_or_404(User, pk=member_id).delete()
