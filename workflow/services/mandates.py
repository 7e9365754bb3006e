"""Grants and revokes mandates, inside a transaction: the part of people's acts that judges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from workflow.domain import names
from workflow.domain.identity import Caller, Mandate
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import people, people_writes
from workflow.persistence.people import PersonRow
from workflow.persistence.unit_of_work import Tx
from workflow.services.dates import read_end, read_start
from workflow.services.people_entries import ADMINISTRATOR, mandate_facts, record
from workflow.services.runtime import Runtime

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A mandate as it is asked for: days as written, read in the party's time zone."""

    party: str
    role: str
    summit: str | None = None
    starts: str | None = None
    ends: str | None = None


def judge_administrator(tx: Tx, caller: Caller, party: str) -> Refusal | None:
    """Lock a party and refuse whoever is not its administrator at this instant.

    The lock comes first: of two administrators who revoke each other, one comes second.
    """
    if not people_writes.lock_party(tx, party):
        return refuse(Code.PARTY_UNKNOWN, party=names.shown(party, 20))
    if not people.holds_office(tx, caller.person_id, party, ADMINISTRATOR):
        return refuse(Code.NOT_ADMINISTRATOR, party=party)
    return None


def read_office(runtime: Runtime, tx: Tx, office: Office) -> Mandate | list[Refusal]:
    """Read what is asked for as a mandate without a number, or give every reason against it."""
    time_zone = people.parties(tx)[office.party][1]
    starts = read_start(office.starts, time_zone) if office.starts else tx.at
    ends = read_end(office.ends, time_zone) if office.ends else None
    reasons = [each for each in (starts, ends) if isinstance(each, Refusal)]
    if not (names.is_role(office.role) and runtime.vocabulary.knows_role(office.role)):
        reasons.append(refuse(Code.ROLE_UNKNOWN, role=names.shown(office.role)))
    if office.summit is not None and not people_writes.summit_exists(tx, office.summit):
        reasons.append(refuse(Code.SUMMIT_UNKNOWN, summit=names.shown(office.summit)))
    if isinstance(starts, datetime) and isinstance(ends, datetime) and ends <= starts:
        reasons.append(refuse(Code.DATES_MALFORMED, date=names.shown(str(office.ends), 40)))
    if reasons or isinstance(starts, Refusal) or isinstance(ends, Refusal):
        return reasons
    return Mandate(0, office.party, office.role, office.summit, starts, ends)


def grant_in(
    tx: Tx, caller: Caller | None, person: PersonRow, mandate: Mandate, party: str | None = None
) -> str:
    """Write a mandate that was judged, and its entry; `party` is in whose name the caller acts."""
    granted = people_writes.add_mandate(
        tx,
        person.id,
        mandate,
        granted_by=caller.person_id if caller is not None else None,
        origin=people_writes.origin_of_new(tx),
    )
    return record(
        tx,
        caller,
        mandate.party,
        "grant",
        person=person.pseudonym,
        facts=mandate_facts(granted),
        acts_for=party,
    )


def overlapping(tx: Tx, person_id: int, wanted: Mandate) -> Mandate | None:
    """Find a mandate that already says some of what the wanted one would say."""
    for held in people_writes.unended_mandates(tx, person_id):
        same = (held.party, held.role, held.summit) == (wanted.party, wanted.role, wanted.summit)
        if same and _meet(held, wanted):
            return held
    return None


def revoke_in(tx: Tx, caller: Caller, person: PersonRow, mandates: Iterable[Mandate]) -> str:
    """End mandates, and return the last entry's leaf hash in hex."""
    entry = ""
    for mandate in mandates:
        people_writes.end_mandate(tx, mandate, caller.person_id)
        facts = {"party": mandate.party, "role": mandate.role}
        entry = record(tx, caller, mandate.party, "revoke", person=person.pseudonym, facts=facts)
    return entry


def leaves_no_administrator(tx: Tx, person: PersonRow, party: str) -> bool:
    """Say whether a party would, now or some day, have no administrator without this person.

    Somebody else must hold the office at least as long: nobody could grant it again.
    """
    terms = people_writes.terms_of(tx, party, ADMINISTRATOR)
    own = [ends_at for person_id, ends_at in terms if person_id == person.id]
    others = [ends_at for person_id, ends_at in terms if person_id != person.id]
    return bool(own) and _longest(others) < _longest(own)


def is_administrative(mandate: Mandate) -> bool:
    """Say whether a mandate is an administrator's."""
    return role_covers(ADMINISTRATOR, mandate.role)


def _longest(ends: Iterable[datetime | None]) -> datetime:
    """Give the last end; no end is the last of all, and no mandate the first."""
    return max((each or _FOREVER for each in ends), default=_NEVER)


def _meet(one: Mandate, other: Mandate) -> bool:
    return (one.ends_at is None or other.starts_at < one.ends_at) and (
        other.ends_at is None or one.starts_at < other.ends_at
    )
