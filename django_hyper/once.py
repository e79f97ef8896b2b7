"""Run an idempotent action at most once for each request id, and keep its answer.

The mark and the answer are kept in Django's default cache, so it must be one that all
processes share. What a repeat gets is what the first one got, headers and cookies too.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.datastructures import MultiValueDict

from .errors import CallRefused, busy
from .protocol import ATTEMPT_META, REQUEST_ID_FIELD
from .transactions import after_commit

if TYPE_CHECKING:
    from .dispatch import Call
    from .registry import Action
    from .requests import RawArguments, Source

logger = logging.getLogger("django_hyper")

mark_seconds = 120  # HYPER_IDEMPOTENT_SECONDS; longer than any run
kept_seconds = 24 * 60 * 60

CHANGING_FIELDS = {REQUEST_ID_FIELD, "csrfmiddlewaretoken"}  # say nothing of the data


class Kept(NamedTuple):
    """What is known of one request id; without a status the first run has not ended."""

    fingerprint: str
    status: int | None = None
    headers: Mapping[str, str] = {}
    cookies: SimpleCookie | None = None
    content: bytes = b""


class Claim:
    """The right to run once."""

    def __init__(self, key: str, fingerprint: str) -> None:
        self._key = key
        self._fingerprint = fingerprint
        self.is_kept = False  # an answer is stored; else a repeat may run

    def keep(self, response: HttpResponseBase) -> None:
        """Store the answer, once what the action wrote is certain.

        Raises:
            TypeError: It is a stream, which nobody could be given twice.
        """
        if not isinstance(response, HttpResponse):
            raise TypeError(
                f"an idempotent action gave {response!r}; expected what can be kept for a "
                "repeat. Drop idempotent=True, or return a value or an HttpResponse."
            )
        headers = dict(response.headers)
        status, content = response.status_code, response.content
        kept = Kept(self._fingerprint, status, headers, response.cookies, content)
        if status < 400:
            after_commit(lambda: self._store(kept))

    def _store(self, kept: Kept) -> None:
        self.is_kept = True  # what is written stays written, so no repeat may run
        try:
            cache.set(self._key, kept, kept_seconds)
        except Exception:  # each cache has its own; the answer is made and must go out
            logger.exception("the answer of an idempotent action could not be kept")

    def release(self) -> None:
        """Forget a run that came to nothing, so that a repeat may run."""
        cache.delete(self._key)


def must_ask(action: Action, request: HttpRequest) -> bool:
    """Whether a call may be a repeat that must not run."""
    return action.idempotent or ATTEMPT_META in request.META


def claim(call: Call, action: Action, raw: RawArguments) -> Claim | HttpResponse | None:
    """Return the right to run, or the answer that is kept; ``None`` where nothing is.

    Raises:
        CallRefused: ``conflict``: the first run has not ended, came with other data, or the
            action may not be repeated; ``bad_request``: nobody to keep it for; ``busy``:
            the cache cannot be reached.
    """
    details = call.details
    if not action.idempotent:
        if details.attempt > 1 and call.request.method != "GET":
            raise _conflict(f"{action.label} is not idempotent and got attempt {details.attempt}")
        return None
    if not details.request_id:
        return None
    key = _digest(action.label, details.caller, _caller(call.request, action), details.request_id)
    fingerprint = _fingerprint(raw)
    try:
        if cache.add(key, Kept(fingerprint), _mark_seconds()):
            return Claim(key, fingerprint)
        kept: Kept | None = cache.get(key)
    except Exception as error:  # each cache has its own; without a mark nothing may run
        raise busy(
            f"{action.label} is idempotent and the cache cannot be reached: {error!r}."
        ) from error
    return _answer_again(kept, fingerprint, action)


def _answer_again(kept: Kept | None, fingerprint: str, action: Action) -> HttpResponse:
    if kept is None or (kept.fingerprint == fingerprint and kept.status is None):
        raise _conflict(f"{action.label} got a repeat while the first call still runs")
    if kept.fingerprint != fingerprint:
        raise _conflict(f"{action.label} got a request id again, with other data")
    response = HttpResponse(kept.content, status=kept.status, headers=dict(kept.headers))
    response.cookies = SimpleCookie(kept.cookies or {})
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _conflict(why: str) -> CallRefused:
    return CallRefused("conflict", f"{why}. A new call needs a request id of its own.")


def _mark_seconds() -> int:
    seconds: int = getattr(settings, "HYPER_IDEMPOTENT_SECONDS", mark_seconds)
    return seconds


def _caller(request: HttpRequest, action: Action) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"user-{user.pk}"
    session: Any = getattr(request, "session", None)
    if session is not None:
        session.get("")  # a key that no session has is dropped when it is loaded
        if session.session_key:
            return f"session-{session.session_key}"
    raise CallRefused(
        "bad_request",
        f"{action.label} is idempotent and got an anonymous caller without a session, so there is "
        "nobody to keep its answer for. Ask for login, or begin a session on the page.",
    )


def _digest(*parts: str) -> str:
    text = "\0".join(parts)
    return f"django_hyper:once:{hashlib.blake2b(text.encode(), digest_size=20).hexdigest()}"


def _fingerprint(raw: RawArguments) -> str:
    """Return what tells the data of two calls apart."""
    digest = hashlib.blake2b(repr(sorted(raw.route.items())).encode(), digest_size=20)
    for source in raw.sources:
        for name, values in sorted(_lists(source)):
            digest.update(f"\0{name}\0".encode())
            for value in values:
                for part in _bytes_of(value):
                    digest.update(part)
    return digest.hexdigest()


def _lists(source: Source) -> Iterator[tuple[str, list[Any]]]:
    for name in source:
        if name in CHANGING_FIELDS:
            continue
        yield name, source.getlist(name) if isinstance(source, MultiValueDict) else [source[name]]


def _bytes_of(value: Any) -> Iterator[bytes]:
    if isinstance(value, UploadedFile):
        yield from value.chunks()
        value.seek(0)
    else:
        yield repr(value).encode("utf-8", "surrogatepass") + b"\0"
