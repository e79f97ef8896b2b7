"""``{% hyper_scripts %}``, ``{% hyper_config %}`` and ``{% action_field %}``."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe

from .. import config
from ..protocol import ACTION_FIELD, REQUEST_ID_FIELD
from ..registry import declared

register = template.Library()

CONFIG_ID = "hyper-config"


@register.simple_tag(takes_context=True)
def hyper_config(context: Context) -> SafeString:
    """Write the inert script that configures the client; for pages with a bundler."""
    script = json_script(config.hyper_config(_request(context)), CONFIG_ID)
    opening, rest = script.split(">", 1)
    return format_html("{}{}>{}", mark_safe(opening), _nonce(context), mark_safe(rest))  # noqa: S308


@register.simple_tag(takes_context=True)
def hyper_scripts(context: Context, csp: bool = False, alpine: bool = True) -> SafeString:
    """Write the configuration, the plugin and Alpine, deferred and in that order.

    Args:
        csp: Take Alpine's build that needs no ``unsafe-eval``.
        alpine: Leave Alpine out when the page loads its own, after this tag.
    """
    names = ["hyper.js"]
    if alpine:
        names.append("alpine-csp.js" if csp else "alpine.js")
    nonce = _nonce(context)
    scripts = format_html_join(
        "\n",
        '<script defer src="{}"{}></script>',
        ((static(f"django_hyper/{name}"), nonce) for name in names),
    )
    return format_html("{}\n{}", hyper_config(context), scripts)


@register.simple_tag
def action_field(name: str) -> SafeString:
    """Write the hidden field by which a form names its action without JavaScript.

    For an idempotent action it also writes a fresh request id, so that a double press runs once.

    Raises:
        TemplateSyntaxError: No action is called that.
    """
    named = [action for action in declared if action.name == name]
    if not named:
        raise template.TemplateSyntaxError(
            f"{{% action_field %}} got {name!r}; expected the name of an action. "
            "Mark a function with @action, or fix the name."
        )
    fields = [(ACTION_FIELD, name)]
    if any(action.idempotent for action in named):
        fields.append((REQUEST_ID_FIELD, uuid.uuid4().hex))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


def _request(context: Context) -> HttpRequest | None:
    """Return the request of a `RequestContext` too, where no context processor names it."""
    request: HttpRequest | None = context.get("request") or getattr(context, "request", None)
    return request


def _nonce(context: Context) -> SafeString:
    """Return the nonce attribute, where a middleware gives the page a nonce.

    Django 6 calls it `_csp_nonce`, django-csp and projects `csp_nonce`; each is lazy, and
    false until it is first written.
    """
    request = _request(context)
    nonce: Any = getattr(request, "csp_nonce", None)
    if nonce is None:
        nonce = getattr(request, "_csp_nonce", None)
    return format_html(' nonce="{}"', nonce) if nonce is not None else SafeString("")
