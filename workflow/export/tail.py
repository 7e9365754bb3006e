"""The last line of an export: how many entries it has, and where each chain ends."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TAIL_FORMAT = 1
"""The version of the export's layout."""


class TailError(ValueError):
    """A text is not an export's last line."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What the last line says.

    `heads` maps chains to the leaf hash of their last exported entry; `partial` names the
    chains of which the export holds a selection only ('*': all of them).
    """

    count: int
    heads: Mapping[str, str]
    partial: Sequence[str]


def write_tail(tail: Tail) -> str:
    """Return the last line as JSON, names in order."""
    body = {
        "count": tail.count,
        "format": TAIL_FORMAT,
        "heads": dict(tail.heads),
        "partial": list(tail.partial),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_tail(text: str) -> Tail:
    """Return what a last line says. Raises: TailError unless `write_tail` wrote it."""
    try:
        body: Any = json.loads(text)
        tail = Tail(body["count"], body["heads"], body["partial"])
        same = write_tail(tail) == text
    except (ValueError, TypeError, KeyError, RecursionError) as cause:
        raise TailError("not the last line of an export") from cause
    if not same or type(tail.count) is not int:
        raise TailError("the last line is not written as the export writes it")
    return tail
