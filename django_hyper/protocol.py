"""Names on the wire, shared with the client through ``wire/``."""

from __future__ import annotations

# Keys of request.META: Django builds request.headers anew on first use, which costs
# more than the rest of a call.
ACTION_META = "HTTP_X_HYPER_ACTION"
DATA_META = "HTTP_X_HYPER_DATA"
TARGET_META = "HTTP_X_HYPER_TARGET"
REQUEST_ID_META = "HTTP_X_HYPER_REQUEST_ID"
ATTEMPT_META = "HTTP_X_HYPER_ATTEMPT"
HTMX_META = "HTTP_HX_REQUEST"
BOOSTED_META = "HTTP_HX_BOOSTED"

ACTION_FIELD = "_action"
DATA_FIELD = "_data"
REQUEST_ID_FIELD = "_request_id"

# Names in a request that belong to the protocol, to Django or to Python.
RESERVED_NAMES = frozenset(
    {ACTION_FIELD, DATA_FIELD, REQUEST_ID_FIELD, "csrfmiddlewaretoken", "self", "request"}
)

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

ALPINE, HTMX, PAGE = "alpine", "htmx", "page"

VARY = "X-Hyper-Action, HX-Request"
