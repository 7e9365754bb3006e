"""What goes into a bundle, from wherever it is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.export.row import Record
from workflow.log.tiles import Tiles


@dataclass(frozen=True, slots=True)
class Rules:
    """A published edition of a kind's rules, in the bytes that its digest is of."""

    kind: str
    number: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What goes into a bundle.

    `cosigned` is the checkpoint of an older tree that more witnesses cosigned, if there is one.
    `records` are the entries that the bundle holds, by leaf index, none beyond the checkpoint; of
    the chains in `partial` single ones. `old_sizes` are those of older trees that the bundle shall
    be proved to continue; `rules` finds editions by their digests.
    """

    checkpoint: bytes
    cosigned: bytes | None = None
    tiles: Tiles
    records: Iterable[Record]
    is_whole: bool
    partial: Sequence[str] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    policy: bytes = b""
    old_sizes: Sequence[int] = ()
    made_at: str
    rules: Callable[[Iterable[str]], Iterable[Rules]]
    with_views: bool = True
