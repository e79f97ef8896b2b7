"""List every action of the project, and what guards it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_hyper.audit import Entry, Guard, audit
from django_hyper.parameters import ParameterInfo


class Command(BaseCommand):
    """``manage.py hyper_actions [--fail-open]``."""

    help = "List every action: where it is called, what guards it, and whether it is open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fail-open",
            action="store_true",
            help="exit with 1 if an action is open to anonymous callers without public=True",
        )

    def handle(self, *args: Any, fail_open: bool, **options: Any) -> None:
        entries = audit()
        for entry in entries:
            self.stdout.write("\n".join(describe(entry)) + "\n")
        mistaken = [entry.action.label for entry in entries if entry.is_open_by_mistake]
        self.stdout.write(f"{len(entries)} actions, {len(mistaken)} open without public=True.")
        if fail_open and mistaken:
            raise CommandError(
                f"open to anonymous callers: {', '.join(mistaken)}. Guard each by an option of "
                "@action (login_required, permission_required, user_passes_test) or of its "
                "view, or say that it is meant: @action(public=True)."
            )


def describe(entry: Entry) -> Iterator[str]:
    """Yield the lines that tell of one action."""
    info = entry.action.info
    yield entry.action.label + (f": {info.description}" if info.description else "")
    yield _line("name", info.name)
    yield _line("methods", ", ".join(info.methods) + " (idempotent)" * info.idempotent)
    form = ["form, with its fields"] if entry.action.make_form else []
    yield _line("parameters", ", ".join([*map(_parameter, info.parameters), *form]))
    yield _line("guards", _names(entry.guards))
    for place in entry.places:
        yield _line(
            "called at", f"{place.path} ({place.view_name}), guards: {_names(place.guards)}"
        )
    if not entry.places:
        yield _line("called at", "no URL")
    yield _line("open", _openness(entry))


def _line(name: str, value: str) -> str:
    return f"  {name:<11} {value or 'none'}"


def _names(guards: tuple[Guard, ...]) -> str:
    return ", ".join(guard.name for guard in guards) or "none"


def _parameter(parameter: ParameterInfo) -> str:
    annotation = parameter.annotation
    shown = getattr(annotation, "__name__", str(annotation))
    typed = parameter.name if shown == "_empty" else f"{parameter.name}: {shown}"
    return typed if parameter.required else f"{typed} = {parameter.default!r}"


def _openness(entry: Entry) -> str:
    if not entry.open_places:
        return "no"
    meant = " (public)" if entry.action.info.public else ""
    if entry.open_places == list(entry.places):
        return f"yes{meant}"
    return f"yes, at {', '.join(place.path for place in entry.open_places)}{meant}"
