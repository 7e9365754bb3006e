"""Reads parties, persons and the mandates in force; imported mandates judge imported acts alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from workflow.domain.identity import OPERATOR, Caller, Mandate, Via, Viewer
from workflow.domain.requirement import role_covers
from workflow.persistence import people_tables as t
from workflow.persistence.delegations import (
    delegated_to,
    delegates_of,
    mandate_lasts,
    may_act,
)
from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.unit_of_work import Tx

Office = tuple[str, str]
"""A party and a role, such as ('UZ', 'line_ministry')."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What is kept of a person, without the hash of their password."""

    id: int
    login: str
    name: str
    pseudonym: str
    origin: str
    language: str | None
    time_zone: str | None
    disabled_at: datetime | None

    @property
    def may_act(self) -> bool:
        """Say whether the person may still sign in and act at all."""
        return self.disabled_at is None and self.origin != "import"


_PERSON = (
    t.Person.id,
    t.Person.login,
    t.Person.name,
    t.Person.pseudonym,
    t.Person.origin,
    t.Person.language,
    t.Person.time_zone,
    t.Person.disabled_at,
)
_MANDATE = (
    t.Mandate.id,
    t.Mandate.party,
    t.Mandate.role,
    t.Mandate.summit,
    t.Mandate.starts_at,
    t.Mandate.ends_at,
)


def find_person(tx: Tx, login: str) -> PersonRow | None:
    """Find a person by login; what no database could hold is nobody's."""
    return _one(tx, t.Person.login == login) if login.isprintable() else None


def find_person_by_id(tx: Tx, person_id: int) -> PersonRow | None:
    """Find a person by number."""
    return _one(tx, t.Person.id == person_id)


def caller_of(
    tx: Tx, person: PersonRow | int, via: Via, credential: str | None = None
) -> Caller | None:
    """Name a person as the caller of an act; nobody who is disabled, imported or unknown is one."""
    row = find_person_by_id(tx, person) if isinstance(person, int) else person
    if row is None or not row.may_act:
        return None
    return Caller(row.id, row.login, row.pseudonym, via, credential)


def mandates_of(
    tx: Tx, person_id: int, at: datetime | None = None, *, kept: bool = False
) -> tuple[Mandate, ...]:
    """Give the mandates a person has at an instant, now if unsaid; a disabled person has none.

    Their own come before those that others delegated to them. Those `kept` cannot be revoked by
    another transaction until this one ends.
    """
    own = own_mandates_of(tx, person_id, at, kept=kept)
    # Only who holds a mandate of the party can act for another: without one there is none.
    return own + (delegated_to(tx, person_id, at or tx.at, kept=kept) if own else ())


def own_mandates_of(
    tx: Tx, person_id: int, at: datetime | None = None, *, kept: bool = False
) -> tuple[Mandate, ...]:
    """Give the mandates a person holds themselves, without those delegated to them."""
    statement = (
        select(*_MANDATE)
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Mandate.person_id == person_id, in_force(at or tx.at))
        .order_by(t.Mandate.party, t.Mandate.role, t.Mandate.id)
    )
    if kept:
        statement = statement.with_for_update(read=True, of=[t.Mandate, t.Person])
    return tuple(Mandate(*row) for row in tx.connection.execute(statement))


def viewer_of(tx: Tx, caller: Caller, *, kept: bool = False) -> Viewer:
    """Say what a caller may see and do: what the mandates they have now let them."""
    return Viewer(caller.person_id, mandates_of(tx, caller.person_id, kept=kept))


def viewer_for(tx: Tx, caller: Caller | None) -> Viewer:
    """Say what a caller may see; nobody named is the machine's operator, who has the database."""
    return OPERATOR if caller is None else viewer_of(tx, caller)


def holders(tx: Tx, party: str, role: str, at: datetime | None = None) -> tuple[str, ...]:
    """Give the logins that act in a role of a party, or in a role finer than it."""
    return holders_of_many(tx, [(party, role)], at)[party, role]


def holders_of_many(
    tx: Tx, offices: Iterable[Office], at: datetime | None = None
) -> Mapping[Office, tuple[str, ...]]:
    """Give the logins that act in each (party, role), delegates among them; sorted, each once."""
    wanted = sorted(set(offices))
    held = _held_by_party(tx, {party for party, _ in wanted}, at or tx.at)
    return {
        (party, role): tuple(
            sorted({login for held_role, login in held[party] if role_covers(role, held_role)})
        )
        for party, role in wanted
    }


def persons_of_many(
    tx: Tx, offices: Iterable[Office], at: datetime | None = None
) -> Mapping[Office, frozenset[int]]:
    """Give the numbers of the persons who act in each (party, role), delegates among them."""
    wanted = set(offices)
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for party, role, _, person_id in _held(tx, {party for party, _ in wanted}, at or tx.at):
        found[party].append((role, person_id))
    return {
        (party, role): frozenset(who for held, who in found[party] if role_covers(role, held))
        for party, role in wanted
    }


def holds_office(tx: Tx, person_id: int, party: str, role: str) -> bool:
    """Say whether a person has a role of a party in this transaction's instant."""
    return any(
        each.party == party and role_covers(role, each.role) for each in mandates_of(tx, person_id)
    )


def parties(tx: Tx) -> Mapping[str, tuple[str, str]]:
    """Give every party's sort and time zone, by code."""
    rows = tx.connection.execute(
        select(t.Party.code, t.Party.sort, t.Party.time_zone).order_by(t.Party.code)
    )
    return {code: (sort, time_zone) for code, sort, time_zone in rows}


def party_names(tx: Tx) -> Mapping[str, Mapping[str, str]]:
    """Give every party's names by language, by code."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    rows = tx.connection.execute(
        select(t.PartyName.party, t.PartyName.language, t.PartyName.name).order_by(
            t.PartyName.party, t.PartyName.language
        )
    )
    for code, language, name in rows:
        names[code][language] = name
    return names


def is_demo(tx: Tx) -> bool:
    """Say whether the database holds the demo's people alone."""
    fact = select(InstallationFact.value).where(InstallationFact.name == "demo")
    return tx.connection.scalar(fact) is not None


def in_force(at: datetime) -> ColumnElement[bool]:
    """Select mandates in force at an instant, of persons who may act; joins Mandate and Person."""
    return and_(mandate_lasts(t.Mandate, at), may_act(t.Person, at))


def _one(tx: Tx, condition: ColumnElement[bool]) -> PersonRow | None:
    row = tx.connection.execute(select(*_PERSON).where(condition)).one_or_none()
    return PersonRow(*row) if row is not None else None


def _held_by_party(tx: Tx, codes: set[str], at: datetime) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for party, role, login, _ in _held(tx, codes, at):
        found[party].append((role, login))
    return found


def _held(tx: Tx, codes: set[str], at: datetime) -> Iterator[tuple[str, str, str, int]]:
    yield from tx.connection.execute(_holding(codes, at))
    for each in delegates_of(tx, codes, at):
        yield each.mandate.party, each.mandate.role, each.login, each.person_id


def _holding(codes: set[str], at: datetime) -> Select[str, str, str, int]:
    return (
        select(t.Mandate.party, t.Mandate.role, t.Person.login, t.Person.id)
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Mandate.party.in_(sorted(codes)), in_force(at))
    )
