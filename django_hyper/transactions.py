"""Follow the transactions that a view runs in, as ``ATOMIC_REQUESTS`` opens them.

That of a ``TestCase`` is none: what a test sees is what happens without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections, transaction


def open_aliases() -> list[str]:
    """Return the databases that have a transaction open."""
    return [
        connection.alias
        for connection in connections.all(initialized_only=True)
        if connection.atomic_blocks and not _is_of_a_test(connection)
    ]


def _is_of_a_test(connection: Any) -> bool:
    return bool(connection.atomic_blocks[-1]._from_testcase)


@contextmanager
def savepoints() -> Iterator[None]:
    """Roll back what a failed action wrote, where the view runs in a transaction."""
    with ExitStack() as stack:
        for alias in open_aliases():
            stack.enter_context(transaction.atomic(using=alias))
        yield


def after_commit(store: Callable[[], Any]) -> None:
    """Call `store` when the transaction of the view has committed, or now if it has none."""
    aliases = open_aliases()
    if aliases:
        transaction.on_commit(store, using=aliases[0])
    else:
        store()
