"""A model form with a file, its messages at its fields."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.views.generic import TemplateView

from django_hyper import ActionMixin, Item, Signals, Toast, action

from .models import Profile

MAX_PICTURE_BYTES = 2 * 1024 * 1024


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ("avatar", "name", "email", "bio", "birthday", "language", "newsletter")
        widgets = {
            "avatar": forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
            "bio": forms.Textarea({"rows": 3}),
            "birthday": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"avatar": "PNG, JPEG or WebP, at most 2 MB."}

    def clean_avatar(self) -> Any:
        picture = self.cleaned_data["avatar"]
        if isinstance(picture, UploadedFile):
            if picture.size > MAX_PICTURE_BYTES:
                raise forms.ValidationError("This file is too large: at most 2 MB.")
            kind = kind_of(picture)
            if kind is None:
                raise forms.ValidationError("This is no picture: send PNG, JPEG or WebP.")
            # The server tells the browser the type by this ending, never by the visitor's.
            picture.name = f"{secrets.token_hex(8)}.{kind}"
        return picture

    def clean_birthday(self) -> Any:
        birthday = self.cleaned_data["birthday"]
        if birthday and birthday > timezone.localdate():
            raise forms.ValidationError("This day is yet to come.")
        return birthday

    def clean(self) -> None:
        if self.cleaned_data.get("newsletter") and self.cleaned_data.get("email") == "":
            raise forms.ValidationError("The newsletter needs an email address.")


def kind_of(picture: UploadedFile) -> str | None:
    """Return the kind that the first bytes of a file tell, whatever it is called."""
    start = picture.read(12)
    picture.seek(0)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "webp" if start[:4] == b"RIFF" and start[8:] == b"WEBP" else None


def profile_form(view: ProfilePage, data: Any, files: Any) -> ProfileForm:
    return ProfileForm(data, files, instance=view.profile())


class ProfilePage(ActionMixin, TemplateView):
    template_name = "profile.html"
    extra_context = {"title": "Profile"}

    def profile(self) -> Profile:
        return Profile.objects.first() or Profile()

    @action(form=profile_form)
    def save(self, form: ProfileForm) -> list[Item]:
        before = form.initial["avatar"]
        profile = form.save()
        if before and "avatar" in form.changed_data:
            before.storage.delete(before.name)
        picture = profile.avatar.url if profile.avatar else ""
        return [Toast("Profile saved"), Signals(name=profile.name, picture=picture)]
