"""Read what a request asks for: ``request.hyper``, and the raw arguments."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.core.files.uploadhandler import (
    MemoryFileUploadHandler,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from .errors import CallRefused
from .protocol import (
    DATA_FIELD,
    DATA_META,
    FORM_TYPES,
    HTMX,
)

if TYPE_CHECKING:
    from .details import HyperDetails

Source = dict[str, Any] | MultiValueDict[str, Any]  # of JSON, or of text and files


JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"

# Those of other makers may close their files when they like.
OWN_HANDLERS = (TemporaryFileUploadHandler, MemoryFileUploadHandler)

# Encodings that Python has for itself: of no text, or of halves of characters, which nothing
# can encode again. https://docs.python.org/3/library/codecs.html#python-specific-encodings
NO_CHARSETS = frozenset(
    "base64 bz2 hex quopri rot-13 uu zlib "
    "idna punycode undefined unicode-escape raw-unicode-escape utf-7".split()
)

decode = msgspec.json.Decoder().decode


@dataclass(slots=True)  # not frozen: that takes four times as long to make
class RawArguments:
    """What was sent, before anything is believed; the first source that has a name wins."""

    route: Mapping[str, Any]  # of the URL pattern; above all sources
    sources: Sequence[Source]
    objects: Sequence[dict[str, Any]]  # those of the sources that came as JSON
    is_form: bool
    form_sources: Sequence[Source]  # what a Django form reads: the query of a GET alone
    files: MultiValueDict[str, Any] | None = None


def check_charset(request: HttpRequest) -> None:
    """Forget a charset that no page can have, as Django does with one that it does not know.

    A urlencoded body is always UTF-8. Django refuses another charset wherever it reads the
    fields, in the page for its own refusal too, and so ends with a 500.
    """
    is_urlencoded = request.content_type == URLENCODED
    if is_urlencoded or codecs.lookup(str(request.encoding)).name in NO_CHARSETS:
        request.encoding = None  # type: ignore[assignment]  # the default


def read_call(
    request: HttpRequest, details: HyperDetails, route: Mapping[str, Any]
) -> RawArguments:
    """Read everything that may hold arguments.

    Raises:
        CallRefused: ``bad_request`` or ``too_large``; the body is not whole, no JSON or
            has too many names. Django raises its own when it cannot read the body.
    """
    query: list[Source] = [request.GET] if request.META.get("QUERY_STRING") else []
    header = request.META.get(DATA_META)
    objects = [_read_header(header)] if header else []
    if request.method in ("GET", "HEAD"):
        sources = [*objects, *query]
        return RawArguments(route, sources, objects, False, sources)
    if request.content_type in FORM_TYPES:
        # htmx posts to the URL of the page, whose query may have names of the fields.
        by_field = details.by_field or details.caller == HTMX
        return _read_form(request, route, objects, query, by_field=by_field)
    if body := _read_body(request):
        objects.append(_decode(body, "the body"))
    return RawArguments(route, [*objects, *query], objects, False, objects)


def _read_form(
    request: HttpRequest,
    route: Mapping[str, Any],
    objects: list[dict[str, Any]],
    query: list[Source],
    *,
    by_field: bool,
) -> RawArguments:
    fields, files = _fields_and_files(request)
    if data := fields.get(DATA_FIELD):
        objects.append(_decode(data, "_data"))
    texts: list[Source] = [fields, *query] if by_field else [*query, fields]
    sources = [*objects, *texts, files]
    return RawArguments(route, sources, objects, True, [*objects, fields], files)


def _fields_and_files(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    if request.content_type == "multipart/form-data":
        return _read_multipart(request)
    body = _read_body(request)  # checks that it is whole
    if request.method == "POST":
        return request.POST, MultiValueDict()
    return QueryDict(body, encoding=request.encoding), MultiValueDict()


def _read_multipart(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    promised = _promised_length(request)
    if request.method == "POST":
        parts: Any = request.POST, request.FILES
    else:
        parts = request.parse_file_upload(request.META, request)
        request._files = parts[1]  # type: ignore[attr-defined]  # so that Django closes them
    length = _count_read(request)
    if length < promised:
        raise _torn(promised, length)
    if any(file.closed for file in _files_of_handlers(request)):
        raise CallRefused(
            "too_large",
            "an upload handler stopped the upload (StopUpload) or skipped its last file (SkipFile)",
        )
    fields, files = parts
    return fields, files


def drop_uploads(request: HttpRequest) -> None:
    """Remove the temporary file of an upload that was refused in the middle.

    Django keeps it until the garbage collector comes to the handler.
    """
    if request.content_type == "multipart/form-data":
        for file in _files_of_handlers(request):
            file.close()


def _files_of_handlers(request: HttpRequest) -> Iterator[Any]:
    """Yield what Django's own handlers wrote last; it is open while the upload is whole."""
    for handler in request.upload_handlers:
        if type(handler) in OWN_HANDLERS and hasattr(handler, "file"):
            yield handler.file


def _count_read(request: HttpRequest) -> int:
    """Return how many bytes of the body came; Django's parser takes a torn one for whole."""
    stream: Any = request._stream  # which the parser has read to its end
    position: int = stream._pos if hasattr(stream, "_pos") else stream.tell()  # WSGI, ASGI
    return position


def _promised_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    if text == "0" and "HTTP_TRANSFER_ENCODING" in request.META and hasattr(request, "environ"):
        raise _unreadable("got a chunked body, which Django does not read under WSGI")
    if not text.isdecimal():
        raise _unreadable(f"got {text[:20]!r} as its Content-Length")
    return int(text)


def _torn(promised: int, length: int) -> CallRefused:
    return _unreadable(f"got {length} bytes of a body of {promised}")


def _read_body(request: HttpRequest) -> bytes:
    """Return the whole body of a JSON or urlencoded request."""
    promised = _promised_length(request)
    body = request.body
    if len(body) < promised:
        raise _torn(promised, len(body))
    if body and request.content_type != JSON and request.content_type not in FORM_TYPES:
        raise _unreadable(f"got a body of type {request.content_type!r}")
    return body


def _read_header(text: str) -> dict[str, Any]:
    if not text.isascii():  # servers take other bytes for Latin-1
        raise _unreadable("got X-Hyper-Data that is not ASCII")
    return _decode(text, "X-Hyper-Data")


def _decode(text: str | bytes, source: str) -> dict[str, Any]:
    """Return a JSON object; msgspec refuses NaN, broken UTF-8 and endless nesting."""
    try:
        value = decode(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"got {source} that is no JSON: {error}") from error
    if type(value) is not dict:
        raise _unreadable(f"got {source} that is JSON but no object")
    most: int | None = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if most and len(value) > most:
        raise CallRefused("too_large", f"{source} has {len(value)} names; at most {most} may come")
    return value


def _unreadable(what: str) -> CallRefused:
    return CallRefused(
        "bad_request",
        f"the request {what}; expected a JSON object or a form, whole. "
        "Send it with $action(), or as application/json in UTF-8.",
    )
