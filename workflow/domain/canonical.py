"""The one byte form of a record: a subset of RFC 8785 (JSON Canonicalization Scheme).

Two programs that agree on a record must agree on its bytes, or no hash of it can be
compared. The subset leaves out what implementations differ about: floats, integers
beyond 2^53-1, lone surrogates and object names outside ASCII.

Source: RFC 8785, sections 3.2.2 (strings, literals) and 3.2.3 (sorting).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

MAX_INTEGER = 2**53 - 1
"""The largest integer every JSON reader keeps exactly. Source: RFC 8785, 3.2.2.3."""

Json: TypeAlias = "bool | int | str | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"
"""A value the subset can write."""

_encode = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    # Called for mappings that are no dict, such as read-only ones; others were refused before.
    default=dict,
).encode


class CanonicalError(ValueError):
    """A value has no canonical form, or bytes are not in it."""


def canonical_bytes(value: Json) -> bytes:
    """Return the value's only byte form.

    Raises: CanonicalError when the value lies outside the subset.
    """
    try:
        _check(value)
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError as cause:
        raise CanonicalError("a text holds half of a surrogate pair") from cause
    except RecursionError as cause:
        raise CanonicalError("the value is nested too deeply") from cause


def parse_canonical(content: bytes) -> Json:
    """Return the value whose canonical form these bytes are.

    Raises: CanonicalError when they are not JSON, or not exactly the canonical form:
    a space, another order, a repeated name or another escape is enough.
    """
    try:
        value: Json = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as cause:
        raise CanonicalError("not JSON in UTF-8") from cause
    if canonical_bytes(value) != content:
        raise CanonicalError("not in canonical form")
    return value


def _check(value: Json) -> None:
    """Refuse what the standard library would write, but not as RFC 8785 does."""
    # Most values are texts, and there are millions of them: those are not asked twice.
    if type(value) is str or value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise CanonicalError("an integer exceeds 2^53-1")
    elif isinstance(value, Mapping):
        _check_names(value)
        _check_all(value.values())
    elif isinstance(value, list | tuple):
        _check_all(value)
    else:
        raise CanonicalError(f"a {type(value).__name__} has no canonical form")


def _check_all(values: Iterable[Json]) -> None:
    for value in values:
        if type(value) is not str:
            _check(value)


def _check_names(names: Iterable[Any]) -> None:
    # Outside ASCII, sorting by UTF-16 units (the RFC) and by code points (Python) differ.
    try:
        ascii_only = "".join(names).isascii()
    except TypeError:
        ascii_only = False
    if not ascii_only:
        raise CanonicalError("an object name is not ASCII text")
