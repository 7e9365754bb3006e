"""Runs a use case again when the database chose another transaction to go first.

Locks are taken in one order, so deadlocks are rare; two first uses of one idempotency key or one
reference can still collide on a unique index. Run again, the loser finds what the winner wrote and
answers with that, or with a refusal that says so.
"""

import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 8
_CONFLICTS = frozenset({"40001", "40P01"})
"""serialization_failure, deadlock_detected. Source: PostgreSQL manual, appendix A."""


def retried(use_case: Callable[P, T]) -> Callable[P, T]:
    """Run a use case again, at most 8 times in all, after a pause that grows by chance."""

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                return use_case(*args, **kwargs)
            except DBAPIError as error:
                if not _is_conflict(error):
                    raise
            time.sleep(secrets.randbelow(10 * 2**attempt) / 1000)
        return use_case(*args, **kwargs)

    return run


def _is_conflict(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or (
        getattr(error.orig, "sqlstate", None) in _CONFLICTS
    )
