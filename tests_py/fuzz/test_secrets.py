"""Any exception of the application: no caller reads its text."""

from __future__ import annotations

import pytest
from django.core import exceptions, signing
from django.db import DatabaseError, IntegrityError
from django.http import Http404
from django.template import TemplateDoesNotExist
from django.utils.datastructures import MultiValueDictKeyError
from hypothesis import event, given
from hypothesis import strategies as st

from ..conftest import Caller
from ..site import fuzz_urls
from ..site.kinds import KINDS
from .requests import Sent
from .test_calls import send

SECRET = "s3cret"
EXCEPTIONS = (
    *(Exception, RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(OSError, ConnectionError, TimeoutError, ImportError, NameError, ZeroDivisionError),
    *(RecursionError, MemoryError, AssertionError, NotImplementedError, EOFError, UnicodeError),
    *(DatabaseError, IntegrityError, Http404, TemplateDoesNotExist, MultiValueDictKeyError),
    *(signing.BadSignature, exceptions.PermissionDenied, exceptions.SuspiciousOperation),
    *(exceptions.BadRequest, exceptions.ObjectDoesNotExist, exceptions.ImproperlyConfigured),
    *(exceptions.FieldError, exceptions.RequestDataTooBig, exceptions.DisallowedHost),
)
callers = st.sampled_from([{"X-Hyper-Action": ""}, {"HX-Request": "true"}, {}])
actions = st.sampled_from(["fail", "afail", "tell", "atell"])


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@given(st.sampled_from(EXCEPTIONS), callers, actions, st.sampled_from(KINDS))
def test_no_exception_shows_its_text(world, kind, headers, action, page):  # S10
    fuzz_urls.script[:] = [kind(f"{SECRET} {action}")]
    named = {**headers, "X-Hyper-Action": action} if "X-Hyper-Action" in headers else headers
    sent = Sent("", "POST", f"/fuzz/{page}/", f"_action={action}", named)

    answer = send(Caller(world), sent)

    event(f"{kind.__name__} {answer.status_code}")
    assert answer.status_code >= 400 or b"event: error" in answer.whole
    assert SECRET not in answer.whole.decode()
    assert SECRET not in str(answer.headers) + str(answer.cookies)
