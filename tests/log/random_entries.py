"""Random entries from a seed: every field now there, now not, and texts of every script.

They are compared with PyPI's rfc8785, an encoder of the whole standard that is not ours.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import rfc8785

from workflow.domain import entry
from workflow.domain.canonical import MAX_INTEGER, Json, canonical_bytes
from workflow.domain.entry import Actor, Draft, Link, Sealed, Stamp, seal_draft

T = TypeVar("T")

_TOKENS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._:/+-"
_NAMES = "abcdefghijklmnopqrstuvwxyz0123456789_.-"
_SCRIPTS = (
    (0x00, 0x1F),  # controls, which are escaped
    (0x20, 0x7E),
    (0x22, 0x22),
    (0x5C, 0x5C),
    (0x7F, 0xA0),
    (0x400, 0x4FF),
    (0x2BB, 0x2BC),  # the letters of Uzbek that are no apostrophes
    (0x2028, 0x2029),
    (0x3040, 0x30FF),
    (0x4E00, 0x9FFF),
    (0xE000, 0xF8FF),
    (0xFB00, 0xFFFF),
    (0x1F300, 0x1F6FF),
    (0x10FFF0, 0x10FFFF),
)
_FIRST_DAY = date(2026, 1, 1)
_FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def random_entries(first: int, count: int) -> Iterator[tuple[Draft, Stamp, Sealed]]:
    """Yield entries, each from a seed of its own: any of them can be made again alone."""
    for seed in range(first, first + count):
        yield _entry(random.Random(seed))  # noqa: S311 - a test's own chance


def disagreement(draft: Draft, stamp: Stamp, sealed: Sealed) -> str | None:
    """Return in what an entry's bytes are not those of the other encoder, or nothing."""
    written = entry._leaf(draft, stamp, sealed.disclosures)
    if rfc8785.dumps(written) != sealed.leaf:
        return f"the leaf {sealed.leaf!r}"
    for each in sealed.disclosures:
        disclosed: list[Json] = [each.salt, each.field, each.value]
        if rfc8785.dumps(disclosed) != canonical_bytes(disclosed):
            return f"the disclosure {disclosed!r}"
    return None


def _entry(chance: random.Random) -> tuple[Draft, Stamp, Sealed]:
    draft = _draft(chance)
    after = Link(chance.randrange(MAX_INTEGER), chance.randbytes(32) if _now(chance) else None)
    stamp = Stamp(_token(chance), _moment(chance), after)
    return draft, stamp, seal_draft(draft, stamp, lambda: chance.randbytes(16))


def _draft(chance: random.Random) -> Draft:
    return Draft(
        chain=_token(chance),
        kind=_token(chance),
        via=_token(chance),
        actor=Actor(*(_maybe(chance, _token) for _ in range(5))),
        proposal=_maybe(chance, _token),
        revision=_maybe(chance, _integer),
        revision_digest=_maybe(chance, _token),
        person=_maybe(chance, _token),
        step=_maybe(chance, _token),
        from_state=_maybe(chance, _token),
        to_state=_maybe(chance, _token),
        definition=_maybe(chance, _token),
        change=_maybe(chance, _token),
        occurred_at=_maybe(chance, _moment),
        occurred_on=_maybe(chance, _day),
        occurred_in=_maybe(chance, _token),
        facts={_name(chance): _fact(chance) for _ in range(chance.randrange(4))},
        texts={f"t{_name(chance)}": _value(chance, 3) for _ in range(chance.randrange(4))},
        signature=_maybe(chance, _signature),
    )


def _now(chance: random.Random) -> bool:
    return chance.random() < 0.5


def _maybe(chance: random.Random, make: Callable[[random.Random], T]) -> T | None:
    return make(chance) if _now(chance) else None


def _token(chance: random.Random) -> str:
    return "x" + "".join(chance.choices(_TOKENS, k=chance.randrange(24)))


def _name(chance: random.Random) -> str:
    return "n" + "".join(chance.choices(_NAMES, k=chance.randrange(6)))


def _integer(chance: random.Random) -> int:
    size = 1 << chance.randrange(54)
    return chance.choice((-1, 1)) * chance.randrange(min(size, MAX_INTEGER + 1))


def _moment(chance: random.Random) -> datetime:
    return _FIRST_MOMENT + timedelta(microseconds=chance.randrange(10**15))


def _day(chance: random.Random) -> date:
    return _FIRST_DAY + timedelta(days=chance.randrange(10_000))


def _fact(chance: random.Random) -> Json:
    one = chance.choice((_token, _integer, _now))
    return [one(chance) for _ in range(chance.randrange(3))] if _now(chance) else one(chance)


def _signature(chance: random.Random) -> Mapping[str, Json]:
    return {_name(chance): _value(chance, 2) for _ in range(chance.randrange(3))}


def _text(chance: random.Random) -> str:
    ranges = chance.choices(_SCRIPTS, k=chance.randrange(12))
    return "".join(chr(chance.randint(*each)) for each in ranges)


def _value(chance: random.Random, depth: int) -> Json:
    """Return any value that the subset can write: nested a little, often a text."""
    sort = chance.randrange(8 if depth else 6)
    if sort == 6:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if sort == 7:
        return {_ascii(chance): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
    if sort == 0:
        return chance.choice((None, True, False))
    return _integer(chance) if sort == 1 else _text(chance)


def _ascii(chance: random.Random) -> str:
    return "".join(map(chr, chance.choices(range(128), k=chance.randrange(5))))
