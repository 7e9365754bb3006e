"""An audit entry: what a service knows of an act, and the bytes that record it for good.

A leaf (version 1) is canonical JSON, stored as written and never written again. It holds no
name, address or free text: people are pseudonyms and texts are salted digests, both of which
can be erased beside it. `docs/guides/auditors.md` shows it byte by byte.

Source: RFC 6962, section 2.1 (the hash of a leaf).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final

from workflow.domain.canonical import CanonicalError, Json, canonical_bytes
from workflow.domain.disclosure import Disclosure, Subject, disclose

LEAF_VERSION = 1
MAX_LEAF_BYTES = 65_535
"""An entry's length fits the two bytes that tiles give it. Source: C2SP tlog-tiles."""

PEOPLE: Final = ("actor", "on_behalf_of", "person")
"""Disclosures that name people; no text may take one of these names."""

_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/+-]*", re.ASCII)
_FIELD = re.compile(r"[a-z][a-z0-9_.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted and on what authority; people appear by pseudonym.

    `on_behalf_of` is the pseudonym of the mandate's holder, `token` the public number of the
    access token an act came by.
    """

    pseudonym: str | None = None
    party: str | None = None
    role: str | None = None
    on_behalf_of: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A chain's last entry: its number (0 before the first) and its leaf hash."""

    sequence: int = 0
    head: bytes | None = None


NOBODY: Final = Actor()
START: Final = Link()
"""What a chain's first entry follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a service knows of an act before it is recorded.

    `chain` is 'proposal/REF', 'party/CODE' or 'log'. A proposal's first draft in a call names
    `previous` (the row's version and head, which the caller holds locked); the other chains
    are locked by `append`. `facts` are codes, digests, numbers and flags that anyone may read;
    `texts` are free text and anything personal. `subjects` are people named for the first
    time or anew. `signature` is room for a party's own signature.
    """

    chain: str
    kind: str
    via: str
    actor: Actor = NOBODY
    previous: Link | None = None
    proposal_id: int | None = None
    proposal: str | None = None
    revision: int | None = None
    revision_digest: str | None = None
    person: str | None = None
    step: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    definition: str | None = None
    change: str | None = None
    occurred_at: datetime | None = None
    occurred_on: date | None = None
    occurred_in: str | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)
    texts: Mapping[str, Json] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()
    signature: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the moment of recording adds: the event's id, the time and the place in the chain."""

    event_id: str
    at: datetime
    after: Link = START

    @property
    def sequence(self) -> int:
        """Return the entry's own number in its chain, from 1."""
        return self.after.sequence + 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry ready to be stored: its bytes, their hash, and what is kept beside them."""

    leaf: bytes
    leaf_hash: bytes
    disclosures: tuple[Disclosure, ...]


def seal_draft(draft: Draft, stamp: Stamp, salt: Callable[[], bytes]) -> Sealed:
    """Return the leaf of an act, its hash and its disclosures, each under a salt of its own.

    Raises: CanonicalError when a text or fact cannot be recorded.
    """
    disclosures = _disclosures(draft.texts, salt)
    leaf = canonical_bytes(_leaf(draft, stamp, disclosures))
    if len(leaf) > MAX_LEAF_BYTES:
        raise CanonicalError(f"an entry has at most {MAX_LEAF_BYTES} bytes, not {len(leaf)}")
    return Sealed(leaf, leaf_hash(leaf), disclosures)


def leaf_hash(leaf: bytes) -> bytes:
    """Return the entry's hash, 32 bytes. Source: RFC 6962, 2.1: SHA-256(0x00 || leaf)."""
    return sha256(b"\x00" + leaf).digest()


def write_instant(at: datetime) -> str:
    """Return a moment in UTC with microseconds and Z. Raises: ValueError when it is naive."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is not a moment")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _leaf(draft: Draft, stamp: Stamp, disclosures: tuple[Disclosure, ...]) -> dict[str, Json]:
    """Absent facts are left out; only `prev` is always there, null in a chain's first entry."""
    leaf = _filled(
        v=LEAF_VERSION,
        id=stamp.event_id,
        kind=draft.kind,
        at=write_instant(stamp.at),
        via=draft.via,
        step=draft.step,
        to=draft.to_state,
        definition=draft.definition,
        change=draft.change,
        occurred_at=write_instant(draft.occurred_at) if draft.occurred_at else None,
        occurred_on=draft.occurred_on.isoformat() if draft.occurred_on else None,
        occurred_in=draft.occurred_in,
        facts=_facts(draft.facts) or None,
        disclosures={each.field: each.digest for each in disclosures} or None,
        sig=draft.signature,
    )
    if draft.from_state is not None:
        leaf["from"] = draft.from_state
    leaf["actor"] = _actor(draft.actor)
    leaf["object"] = _object(draft, stamp)
    return leaf


def _actor(actor: Actor) -> dict[str, Json]:
    return _filled(
        pseudonym=actor.pseudonym,
        party=actor.party,
        role=actor.role,
        on_behalf_of=actor.on_behalf_of,
        token=actor.token,
    )


def _object(draft: Draft, stamp: Stamp) -> dict[str, Json]:
    written = _filled(
        chain=draft.chain,
        sequence=stamp.sequence,
        proposal=draft.proposal,
        revision=draft.revision,
        revision_digest=draft.revision_digest,
        person=draft.person,
    )
    written["prev"] = stamp.after.head.hex() if stamp.after.head is not None else None
    return written


def _filled(**values: Json) -> dict[str, Json]:
    return {name: value for name, value in values.items() if value is not None}


def _facts(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Refuse text among the facts: what people wrote must stay erasable."""
    for name, value in facts.items():
        if not _FIELD.fullmatch(name):
            raise CanonicalError(f"{name!r} is no name of a fact")
        for item in value if isinstance(value, list | tuple) else (value,):
            if not isinstance(item, bool | int) and not _is_token(item):
                raise CanonicalError(f"the fact {name!r} is not a code, number or flag")
    return dict(facts)


def _is_token(value: Json) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _disclosures(texts: Mapping[str, Json], salt: Callable[[], bytes]) -> tuple[Disclosure, ...]:
    for name in texts:
        if name in PEOPLE or not _FIELD.fullmatch(name):
            raise CanonicalError(f"{name!r} is no name of a text")
    return tuple(disclose(name, texts[name], salt()) for name in sorted(texts))
