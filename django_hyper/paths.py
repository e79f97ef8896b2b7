"""URLs of this site, as a header may carry them."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes


def path_of(request: HttpRequest, query: QueryDict | None = None) -> str:
    """Return the escaped path of the request, without its query or with another.

    A path may begin with two slashes and would then name a host, or hold a line break.
    """
    path = escape_leading_slashes(escape_uri_path(request.path))
    return f"{path}?{query.urlencode()}" if query else path
