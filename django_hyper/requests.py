"""Read what a request asks for: ``request.hyper``, and the raw arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict

from .errors import CallRefused
from .failures import Failure
from .protocol import (
    ACTION_FIELD,
    ACTION_META,
    ALPINE,
    ATTEMPT_META,
    DATA_FIELD,
    DATA_META,
    FORM_TYPES,
    HTMX,
    HTMX_META,
    PAGE,
    REQUEST_ID_FIELD,
    REQUEST_ID_META,
    TARGET_META,
)
from .states import States

Source = dict[str, Any] | MultiValueDict[str, Any]  # of JSON, or of text and files


JSON = "application/json"

decode = msgspec.json.Decoder().decode


class HyperDetails:
    """What a request says of an action, as ``request.hyper``; true for an action request."""

    __slots__ = (
        "_states",
        "action",
        "answered",
        "by_field",
        "entered",
        "failure",
        "names",
        "request",
    )

    def __init__(self, request: HttpRequest, action: str | None) -> None:
        self.request = request
        self.action = action
        self.by_field = False  # named by a POST field alone: a plain browser post
        self.answered = False  # the action was entered and its answer is made
        self.entered = False  # the view has looked whether an action is named
        self.failure: tuple[Exception, Failure] | None = None
        self.names: Iterable[str] = ()  # of the actions of this view
        self._states: States | None = None

    def __bool__(self) -> bool:
        return self.action is not None

    @property
    def caller(self) -> str:
        """Who asks: ``"alpine"``, ``"htmx"`` or ``"page"``."""
        if ACTION_META in self.request.META:
            return ALPINE
        return HTMX if self.request.META.get(HTMX_META) == "true" else PAGE

    @property
    def target(self) -> str | None:
        """The selector that the caller wants HTML put into."""
        return self.request.META.get(TARGET_META)

    @property
    def request_id(self) -> str | None:
        """The id of the logical call, the same in a repeat."""
        if header := self.request.META.get(REQUEST_ID_META):
            return str(header)
        return self.request.POST.get(REQUEST_ID_FIELD) if self.by_field else None

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        text = self.request.META.get(ATTEMPT_META, "")
        is_number = text.isascii() and text.isdigit() and len(text) < 6
        return max(int(text), 1) if is_number else 1

    @property
    def states(self) -> States:
        """The state of each action of this view, by name."""
        if self._states is None:
            self._states = States(self.names)
        return self._states


class NoCall:
    """``request.hyper`` of a request for a view without actions. There is one of it."""

    __slots__ = ()

    action = target = request_id = failure = None
    attempt = 1
    caller = PAGE
    answered = entered = False

    def __bool__(self) -> bool:
        return False

    @property
    def states(self) -> States:
        return States(())


NO_CALL = NoCall()


@dataclass(frozen=True, slots=True)
class RawArguments:
    """What was sent, before anything is believed; the first source that has a name wins."""

    route: Mapping[str, Any]  # of the URL pattern; above all sources
    sources: Sequence[Source]
    objects: Sequence[dict[str, Any]]  # those of the sources that came as JSON
    is_form: bool


def read_field(request: HttpRequest) -> str | None:
    """Return the action that a form's field names; reads the body of forms alone."""
    if request.method != "POST" or request.content_type not in FORM_TYPES:
        return None
    return request.POST.get(ACTION_FIELD)


def read_call(details: HyperDetails, route: Mapping[str, Any]) -> RawArguments:
    """Read everything that may hold arguments.

    Raises:
        CallRefused: ``bad_request`` or ``too_large``; the body is not whole, not
            readable or too large.
    """
    request = details.request
    query: list[Source] = [request.GET] if request.META.get("QUERY_STRING") else []
    header = request.META.get(DATA_META)
    objects = [_decode(header, "X-Hyper-Data")] if header else []
    if request.method in ("GET", "HEAD"):
        return RawArguments(route, [*objects, *query], objects, False)
    if request.content_type in FORM_TYPES:
        return _read_form(details, route, objects, query)
    if body := _read_body(request):
        objects.append(_decode(body, "the body"))
    return RawArguments(route, [*objects, *query], objects, False)


def _read_form(
    details: HyperDetails,
    route: Mapping[str, Any],
    objects: list[dict[str, Any]],
    query: list[Source],
) -> RawArguments:
    fields, files = _fields_and_files(details.request)
    if data := fields.get(DATA_FIELD):
        objects.append(_decode(data, "_data"))
    texts: list[Source] = [fields, *query] if details.by_field else [*query, fields]
    return RawArguments(route, [*objects, *texts, files], objects, True)


def _fields_and_files(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    try:
        if request.content_type == "multipart/form-data":
            return _read_multipart(request)
        body = _read_body(request)  # checks that it is whole
        if request.method == "POST":
            return request.POST, MultiValueDict()
        return QueryDict(body, encoding=request.encoding), MultiValueDict()
    except UnreadablePostError as error:
        raise _unreadable(str(error)) from error


def _read_multipart(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    promised = _promised_length(request)
    if request.method == "POST":
        parts: Any = request.POST, request.FILES
    else:
        parts = request.parse_file_upload(request.META, request)
    _check_length(promised, _count_read(request))
    fields, files = parts
    return fields, files


def _count_read(request: HttpRequest) -> int:
    """Return how many bytes of the body came; Django's parser takes a torn one for whole."""
    stream: Any = request._stream  # which the parser has read to its end
    position: int = stream._pos if hasattr(stream, "_pos") else stream.tell()  # WSGI, ASGI
    return position


def _promised_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal():
        raise _unreadable(f"got {text[:20]!r} as its Content-Length")
    return int(text)


def _check_length(promised: int, length: int) -> None:
    if length < promised:
        raise _unreadable(f"got {length} bytes of a body of {promised}")


def _read_body(request: HttpRequest) -> bytes:
    """Return the whole body of a JSON or urlencoded request."""
    promised = _promised_length(request)
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise CallRefused("too_large", f"the body is larger than allowed: {error}") from error
    except UnreadablePostError as error:
        raise _unreadable(str(error)) from error
    _check_length(promised, len(body))
    if body and request.content_type != JSON and request.content_type not in FORM_TYPES:
        raise _unreadable(f"got a body of type {request.content_type!r}")
    return body


def _decode(text: str | bytes, source: str) -> dict[str, Any]:
    """Return a JSON object; msgspec refuses NaN, broken UTF-8 and endless nesting."""
    try:
        value = decode(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"got {source} that is no JSON: {error}") from error
    if type(value) is not dict:
        raise _unreadable(f"got {source} that is JSON but no object")
    return value


def _unreadable(what: str) -> CallRefused:
    return CallRefused(
        "bad_request",
        f"the request {what}; expected a JSON object or a form, whole. "
        "Send it with $action(), or as application/json in UTF-8.",
    )
