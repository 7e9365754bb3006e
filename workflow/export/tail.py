"""The last line of an export: what it holds, where each chain ends, and who vouches for it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

TAIL_FORMAT = 2
"""The version of the export's layout."""

TAIL_START = '{"checkpoint":'
"""What no row begins with."""

_HEADS_AT_ONCE = 1_000

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class TailError(ValueError):
    """A text is not an export's last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which entries an export holds, and what signed tree they belong to.

    `partial` names the chains of which it holds a selection only ('*': all of them); `whole`
    says that it holds every entry of the log, in the order of the tree. `checkpoint` is the
    newest one, `cosigned` an earlier one with more cosignatures, both as notes.
    """

    partial: Sequence[str] = ()
    whole: bool = False
    checkpoint: str | None = None
    cosigned: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What the last line says.

    `heads` maps chains, in order, to the leaf hash of their last exported entry. `sha256` is
    that of every byte before the last line.
    """

    scope: Scope
    count: int
    sha256: str
    heads: Mapping[str, str] = field(default_factory=dict)


def write_tail(tail: Tail) -> str:
    """Return the last line as JSON, names in order."""
    return "".join(write_pieces(tail, sorted(tail.heads.items())))


def write_pieces(tail: Tail, heads: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the last line with heads that come in the order of their chains, a few at a time."""
    scope = tail.scope
    start = {
        "checkpoint": scope.checkpoint,
        "cosigned": scope.cosigned,
        "count": tail.count,
        "format": TAIL_FORMAT,
    }
    end = {"partial": list(scope.partial), "sha256": tail.sha256, "whole": scope.whole}
    yield _encode(start)[:-1] + ',"heads":{'
    yield from _write_heads(iter(heads))
    yield "}," + _encode(end)[1:]


def read_tail(text: str | bytes) -> Tail:
    """Return what a last line says. Raises: TailError unless `write_tail` wrote it."""
    try:
        body: Any = json.loads(text)
        tail = _read(body)
        same = _has_right_sorts(body) and write_tail(tail) == (
            text if isinstance(text, str) else text.decode()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as cause:
        raise TailError("not the last line of an export") from cause
    if not same:
        raise TailError("the last line is not written as the export writes it")
    return tail


def _write_heads(heads: Iterator[tuple[str, str]]) -> Iterator[str]:
    # A log may have a million chains: they pass, and are not collected.
    comma = ""
    while some := dict(islice(heads, _HEADS_AT_ONCE)):
        yield comma + _encode(some)[1:-1]
        comma = ","


def _read(body: Any) -> Tail:  # noqa: ANN401 - JSON of unknown make
    scope = Scope(
        partial=body["partial"],
        whole=body["whole"],
        checkpoint=body["checkpoint"],
        cosigned=body["cosigned"],
    )
    return Tail(scope=scope, count=body["count"], sha256=body["sha256"], heads=body["heads"])


def _has_right_sorts(body: Any) -> bool:  # noqa: ANN401 - as above
    notes = [body["checkpoint"], body["cosigned"]]
    texts = [*body["partial"], body["sha256"], *filter(None, notes)]
    return (
        type(body["count"]) is int
        and type(body["whole"]) is bool
        and type(body["partial"]) is list
        and all(type(text) is str for text in texts)
    )
