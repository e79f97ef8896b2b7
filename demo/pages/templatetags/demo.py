"""Show a page's own source, and the links between the pages."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import HtmlDjangoLexer, PythonLexer

register = template.Library()

INCLUDE = re.compile(r'{% include "([^"]+)" %}')


class Source(NamedTuple):
    """A file that makes the page, as it is on disk."""

    name: str
    path: str
    code: SafeString


@register.simple_tag
def sources(view: Any) -> list[Source]:
    """Return the files that make a page: those that run, read again each time."""
    python = Path(inspect.getfile(type(view)))
    html = template_file(view.template_name)
    parts = dict.fromkeys(INCLUDE.findall(html.read_text(encoding="utf-8")))
    return [
        Source("Python", shown_path(python), highlighted(python, PythonLexer())),
        template_source("HTML", html),
        *(template_source(Path(part).name, template_file(part)) for part in parts),
    ]


def template_source(name: str, file: Path) -> Source:
    return Source(name, shown_path(file), highlighted(file, HtmlDjangoLexer()))


def template_file(name: str) -> Path:
    return Path(get_template(name).origin.name)


def shown_path(file: Path) -> str:
    return str(file.relative_to(settings.BASE_DIR.parent))


def highlighted(file: Path, lexer: Any) -> SafeString:
    code = highlight(file.read_text(encoding="utf-8"), lexer, HtmlFormatter(nowrap=True))
    return mark_safe(code)


@register.simple_tag(takes_context=True)
def page_link(context: Context, name: str, text: str) -> SafeString:
    """Return the link to a page; to the one shown it says so."""
    match = context["request"].resolver_match
    current = match is not None and match.url_name == name
    return format_html(
        '<a href="{}"{}>{}</a>',
        reverse(name),
        mark_safe(' aria-current="page"') if current else "",
        text,
    )
