"""Pages whose actions have a form."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.views import View
from django.views.generic import TemplateView

from django_hyper import ActionMixin, action, with_actions

from .models import Todo
from .spy import entered


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=10)
    age = forms.IntegerField(min_value=0, required=False)
    colors = forms.MultipleChoiceField(
        choices=[("r", "red"), ("g", "green")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_public = forms.BooleanField(required=False)
    when = forms.SplitDateTimeField(required=False)
    photo = forms.FileField(required=False)

    def clean(self):
        if self.cleaned_data.get("name") == "nobody":
            raise ValidationError("Nobody is not somebody.")


class AnyForm(forms.Form):
    day = forms.DateField(required=False)
    meta = forms.JSONField(required=False)
    tags = forms.MultipleChoiceField(choices=[("1", "a"), ("2", "b")], required=False)
    key = forms.UUIDField(required=False)
    number = forms.DecimalField(required=False)
    is_true = forms.NullBooleanField(required=False)


class TodoForm(forms.ModelForm):
    class Meta:
        model = Todo
        fields = ["title"]


class UniqueForm(TodoForm):
    def clean_title(self):
        if Todo.objects.filter(title=self.cleaned_data["title"]).exists():
            raise ValidationError("There is one already.")


class LineForm(forms.Form):
    product = forms.CharField()
    qty = forms.IntegerField(min_value=1)

    def clean(self):
        if self.cleaned_data.get("product") == "none":
            raise ValidationError("A line needs a product.")


class LineSet(forms.BaseFormSet):
    def clean(self):
        if len(self.forms) > 2:
            raise ValidationError("At most two lines.")


Lines = forms.formset_factory(LineForm, formset=LineSet, can_delete=True, extra=1)


def read_profile(form, **more):
    entered.append(form.cleaned_data["name"])
    photo = form.cleaned_data["photo"]
    return {
        **{name: form.cleaned_data[name] for name in ("name", "age", "colors", "is_public")},
        "photo": photo.read().decode() if photo else None,
        **more,
    }


class FormsMixin:
    @action(form=ProfileForm)
    def save(self, form: ProfileForm, level: int = 0):
        if form.cleaned_data["name"] == "taken":
            raise ValidationError({"name": ["This name is taken."], "other": ["Odd."]})
        return read_profile(form, level=level)

    @action(form=ProfileForm)
    def save_more(self, **kwargs):
        return read_profile(kwargs.pop("form"), more=sorted(kwargs))

    @action(form=ProfileForm, methods=["GET"])
    def look(self, form):
        return read_profile(form)

    @action(form=AnyForm)
    def take(self, form):
        return form.cleaned_data

    @action(form=TodoForm)
    def create_todo(self, form):
        return form.save().title

    def todo_form(self, data, files):
        todo = get_object_or_404(Todo, pk=self.kwargs.get("pk", 1))  # type: ignore[attr-defined]
        return TodoForm(data, files, instance=todo, prefix="todo")

    @action(form=todo_form)
    def rename(self, form):
        if form.cleaned_data["title"] == "taken":
            raise ValidationError({"todo-title": "This title is taken."})
        return form.save().pk

    @action(form=todo_form, rate_limit="1/h")
    def rename_rarely(self, form):
        return form.save().pk

    @action(form=UniqueForm)
    def create_unique(self, form, title: int):
        return form.save().pk

    @action(form=lambda view, data, files: Lines(data, files, prefix="items"))
    def order(self, form, level: int = 0):
        entered.append("order")
        if form.cleaned_data[0].get("product") == "gone":
            raise ValidationError({"items-0-product": ["Sold out."]})
        return [each.get("qty") for each in form.cleaned_data]


class ClassPage(FormsMixin, ActionMixin, TemplateView):
    template_name = "post.html"


class AsyncPage(FormsMixin, ActionMixin, View):
    async def get(self, request, pk=None):
        return TemplateResponse(request, "post.html")


@action(form=ProfileForm)
async def save(request, form):
    return read_profile(form)


@action(form=Lines)
def order(request, form):
    return [each.get("qty") for each in form.cleaned_data]


@with_actions(save, order)
def function_page(request):
    return TemplateResponse(request, "post.html")


urlpatterns = [
    path("class/", ClassPage.as_view()),
    path("class/<int:pk>/", ClassPage.as_view()),
    path("aclass/", AsyncPage.as_view()),
    path("aclass/<int:pk>/", AsyncPage.as_view()),
    path("function/", function_page),
]
