"""Put a call in place of a view's own handler, inside everything that guards the view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial, wraps
from typing import Any, ClassVar, TypeVar

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.decorators import classonlymethod
from django.views import View

from .details import NO_CALL, HyperDetails
from .dispatch import Call, adispatch, dispatch
from .errors import CallRefused
from .registry import MARK, NO_ACTIONS, Action, Actions, action_of, is_action, members_of
from .states import keep_from_cache

FunctionView = TypeVar("FunctionView", bound=Callable[..., Any])

ACTIONS = "hyper_actions"  # on views: their actions, by name
HIDDEN = (
    "that hides its actions: from the middleware, and from the audit. Let what stands around "
    "it use functools.wraps, or put @with_actions(…) or ActionMixin on the view of the URL."
)


class ActionMixin(View):
    """Give a class-based view actions; it may stand anywhere among the bases.

    An action runs in place of the handler (``get``, ``post``), so the mixins,
    decorators, `dispatch` and transaction of the view hold for it too.
    """

    hyper_actions: ClassVar[Actions] = NO_ACTIONS

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _check_order(cls)
        cls.hyper_actions = _actions_of_class(cls)

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805
        cls.hyper_actions = _actions_of_class(cls)  # a class decorator may have changed them
        view = super().as_view(**initkwargs)
        setattr(view, ACTIONS, cls.hyper_actions)
        return view

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if details_of(request, self.hyper_actions, self).action is not None:
            self._hide_handler(request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        details: HyperDetails = getattr(request, "hyper", NO_CALL)
        if not details.entered:
            details = details_of(request, self.hyper_actions, self)
            if details.action is not None:
                raise CallRefused(
                    "unknown_action",
                    f"{type(self).__qualname__}.setup() did not call super().setup(), so the "
                    "action cannot run in place of the handler. Call it.",
                )
        if details.action is not None and (request.method or "").lower() not in vars(self):
            self._hide_handler(request)  # a dispatch() before this one changed the method
        # A decorator of dispatch() may have asked for the cache after setup().
        keep_from_cache(request, details)
        return super().dispatch(request, *args, **kwargs)

    def _hide_handler(self, request: HttpRequest) -> None:
        """Put the call in place of the handler that View.dispatch() takes from the instance."""
        method = (request.method or "").lower()
        if method in self.http_method_names:
            setattr(self, method, partial(_run_in_place, self, method))

    def _render_page(self, request: HttpRequest, *_: Any, **__: Any) -> Any:
        """Run the view's own GET handler, which a GET call hides on the instance.

        An action may have given the view other arguments since it began.
        """
        self.request = request
        name = "get" if "get" in self.http_method_names else ""
        handler = getattr(type(self), name, type(self).http_method_not_allowed)
        return handler(self, request, *self.args, **self.kwargs)


def with_actions(*functions: Callable[..., Any]) -> Callable[[FunctionView], FunctionView]:
    """Give a function view actions; stands closest to the function.

    Args:
        functions: Each marked with ``@action``; they get the request as the first argument.

    Raises:
        TypeError: At import; one is no action, two have one name, or something already
            decorates the view, which its actions would skip.
    """
    actions = _by_name(map(action_of, functions), "with_actions()")

    def decorate(view: FunctionView) -> FunctionView:
        _check_function_view(view)
        if iscoroutinefunction(view):

            @wraps(view)
            async def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                details = details_of(request, actions, request)
                if details.action is not None:
                    call = Call(request, details, actions, request, kwargs, view, True, args)
                    return await adispatch(call)
                return await view(request, *args, **kwargs)

        else:

            @wraps(view)
            def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                details = details_of(request, actions, request)
                if details.action is not None:
                    call = Call(request, details, actions, request, kwargs, view, False, args)
                    return dispatch(call)
                return view(request, *args, **kwargs)

        setattr(run, ACTIONS, actions)
        return run  # type: ignore[return-value]

    return decorate


def details_of(request: HttpRequest, actions: Actions, owner: Any) -> HyperDetails:
    """Return `request.hyper` for a view that has actions; a form's field may name one.

    Args:
        owner: What the actions get as their first argument.

    Raises:
        ImproperlyConfigured: The middleware did not see the request.
    """
    details: HyperDetails | None = getattr(request, "hyper", None)
    if details is None:
        raise ImproperlyConfigured(
            "request.hyper is missing. Add 'django_hyper.middleware.HyperMiddleware' to "
            "MIDDLEWARE, after CsrfViewMiddleware and AuthenticationMiddleware."
        )
    is_hidden = details is NO_CALL  # the middleware saw no actions at this URL
    if is_hidden:
        request.hyper = details = HyperDetails(request.META, None)  # type: ignore[attr-defined]
        details.read_query(request)
    details.enter(actions, owner)
    if details.action is None:
        details.read_field(request)
    keep_from_cache(request, details)
    if is_hidden and details.action is not None:
        raise CallRefused("unknown_action", f"{request.path} leads to a view {HIDDEN}")
    return details


def _run_in_place(
    view: ActionMixin, method: str, request: HttpRequest, *args: Any, **kwargs: Any
) -> Any:
    """Run the action in place of the handler that it hides."""
    delattr(view, method)  # the view and its handler would hold each other
    details: HyperDetails = request.hyper  # type: ignore[attr-defined]
    actions, page = view.hyper_actions, view._render_page
    is_async_view = is_async(type(view))  # type: ignore[arg-type]
    run = adispatch if is_async_view else dispatch
    return run(Call(request, details, actions, view, view.kwargs, page, is_async_view))


@cache
def is_async(view_class: Any) -> bool:
    """Whether the handlers are coroutine functions; Django looks at each at every access."""
    return bool(view_class.view_is_async)


def _check_order(cls: type) -> None:
    """Refuse a class with a guard behind `View`, whose methods call none of a class after it.

    Django never asks such a guard; and `ActionMixin`, a `View` itself, would put one there
    that ``class Page(Guard, View)`` had in front.

    Raises:
        TypeError: A base behind `View` has a `dispatch`, a `setup` or an `as_view`.
    """
    for base in cls.__mro__[cls.__mro__.index(View) + 1 : -1]:
        if vars(base).keys() & {"dispatch", "setup", "as_view"}:
            raise TypeError(
                f"{cls.__qualname__} has {base.__qualname__} behind View, so its guard would "
                "never be asked. Put it, or the base that derives from it, first."
            )


def _actions_of_class(cls: type) -> Actions:
    """Return the actions that instances of `cls` have, by name.

    Raises:
        TypeError: Two have one name, or a decorator stands above ``@action``.
    """
    members = {name: _unbound(member) for name, member in members_of(cls).items()}
    marked = {name: each for name, each in members.items() if hasattr(each, MARK)}
    for name in marked:
        if hasattr(View, name) or name in View.http_method_names:
            raise TypeError(
                f"{cls.__qualname__} got an action as its {name!r}, which Django calls itself. "
                "Give the function another name."
            )
    return _by_name(map(action_of, marked.values()), cls.__qualname__)


def _unbound(member: Any) -> Any:
    """Return the action inside a static or class method, so that it is refused by name."""
    is_bound_otherwise = isinstance(member, (classmethod, staticmethod))
    return member.__func__ if is_bound_otherwise and hasattr(member.__func__, MARK) else member


def _by_name(actions: Iterable[Action], owner: str) -> Actions:
    found: dict[str, Action] = {}
    for action in actions:
        other = found.setdefault(action.name, action)
        if other is not action:
            raise TypeError(
                f"{owner} got two actions called {action.name!r}: {other.label} and "
                f"{action.label}. Name one of them: @action('another_name')."
            )
    return Actions(found.items())


def _check_function_view(view: Any) -> None:
    name = getattr(view, "__qualname__", view)
    if hasattr(view, "view_class") or isinstance(view, type):
        raise TypeError(
            f"with_actions() got the class-based view {name}; expected a function. "
            "Let the class derive from ActionMixin instead."
        )
    if hasattr(view, "__wrapped__") or is_action(view):
        raise TypeError(
            f"with_actions() got {name}, which a decorator has wrapped already; its actions "
            "would skip that decorator. Put @with_actions(…) closest to the function."
        )
