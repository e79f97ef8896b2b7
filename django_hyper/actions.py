"""Declare the functions that the browser may call, and inspect them once, at import."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar, overload

from .forms import form_maker
from .guards import Guards, Rate
from .parameters import read_parameters
from .protocol import RESERVED_NAMES
from .registry import MARK, Action, ActionInfo, declared

Function = TypeVar("Function", bound=Callable[..., Any])

# HEAD and OPTIONS ask about a page and never run an action.
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

# A state of this name would hide what templates rely on, or what every object has.
REFUSED_NAMES = frozenset(
    "constructor prototype toString valueOf hasOwnProperty "
    "request user perms messages csrf_token view form object object_list page_obj "
    "paginator is_paginated block forloop".split()
)


@overload
def action(function: Function, /) -> Function: ...
@overload
def action(
    name: str | None = None,
    /,
    *,
    description: str | None = None,
    methods: str | Iterable[str] = ("POST",),
    login_required: bool = False,
    permission_required: str | Iterable[str] | None = None,
    user_passes_test: Callable[[Any], bool] | None = None,
    rate_limit: str | None = None,
    form: Callable[..., Any] | None = None,
    idempotent: bool = False,
    public: bool = False,
) -> Callable[[Function], Function]: ...
def action(
    name: Any = None,
    /,
    *,
    description: str | None = None,
    methods: str | Iterable[str] = ("POST",),
    login_required: bool = False,
    permission_required: str | Iterable[str] | None = None,
    user_passes_test: Callable[[Any], bool] | None = None,
    rate_limit: str | None = None,
    form: Callable[..., Any] | None = None,
    idempotent: bool = False,
    public: bool = False,
) -> Any:
    """Let the browser call this function: ``@action``, ``@action("name", …)``.

    The function stays what it is: calling it in Python is an ordinary call.

    Args:
        name: What the browser calls it: a Python identifier. The function's own name
            by default.
        description: For tools. The first line of the docstring by default.
        methods: HTTP methods it accepts. With ``"GET"`` it must only read.
        login_required: An anonymous caller gets 401.
        permission_required: A permission or several, all needed; else 403.
        user_passes_test: Gets the user; when it returns false, 403.
        rate_limit: E.g. ``"10/m"``: calls per ``s``, ``m``, ``h`` or ``d``, for each
            user, or for each address when anonymous; beyond them 429.
        form: A class of a form or formset, or a function of the view (or request), data
            and files that returns one; data is ``None`` for the form that is not bound.
            The action gets it bound and valid as ``form``; else 422, with its errors.
        idempotent: It runs at most once for each request id, and a repeat gets the same
            answer. Kept in the default cache, for each user or session.
        public: Anonymous callers are meant; only ``manage.py hyper_actions`` reads it.

    Raises:
        TypeError: At import, for a name or signature that cannot be called.
    """

    def declare(function: Function) -> Function:
        _check_is_function(function)
        required = (
            (permission_required,)
            if isinstance(permission_required, str)
            else tuple(permission_required or ())
        )
        listed = (methods,) if isinstance(methods, str) else methods
        accepted = tuple(method.upper() for method in listed)
        own_name = name or function.__name__
        _check_function(function, own_name, accepted)
        is_stream = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
        if is_stream and idempotent:
            _refuse(
                function, "got a generator as idempotent, but no stream can be kept for a repeat"
            )
        info = ActionInfo(
            name=own_name,
            description=description or _first_line(function),
            methods=accepted,
            parameters=read_parameters(function, has_form=form is not None),
            login_required=login_required,
            permission_required=required,
            user_passes_test=user_passes_test,
            rate_limit=rate_limit,
            idempotent=idempotent,
            public=public,
            is_async=inspect.iscoroutinefunction(function),
            is_stream=is_stream,
        )
        guards = Guards(
            methods=accepted,
            login_required=login_required,
            permissions=required,
            test=user_passes_test,
            rate=Rate.parse(rate_limit) if rate_limit else None,
        )
        declared_action = Action(function, info, guards, form_maker(form) if form else None)
        setattr(function, MARK, declared_action)
        declared.append(declared_action)
        return function

    if name is None or isinstance(name, str):
        return declare
    function, name = name, None
    return declare(function)


def _check_is_function(function: Any) -> None:
    is_bound_otherwise = isinstance(function, (classmethod, staticmethod))
    if is_bound_otherwise or not inspect.isfunction(inspect.unwrap(function)):
        _refuse(function, f"got {function!r}; expected a function or method")


def _check_function(function: Any, name: str, methods: Iterable[str]) -> None:
    if unknown := set(methods) - METHODS:
        _refuse(function, f"got {unknown} as methods; expected some of {sorted(METHODS)}")
    if not name.isidentifier() or keyword.iskeyword(name):
        _refuse(function, f"got {name!r} as its name; expected a Python identifier")
    if name.startswith("_") or name in REFUSED_NAMES or name in RESERVED_NAMES:
        _refuse(function, f"got {name!r} as its name, which is reserved; choose another")


def _refuse(function: Any, why: str) -> NoReturn:
    label = getattr(function, "__qualname__", function)
    raise TypeError(f"@action on {label} {why}.")


def _first_line(function: Any) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]
