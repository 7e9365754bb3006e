"""Lists people and parties as far as a viewer may know of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from workflow.domain.entry import write_instant
from workflow.domain.identity import Mandate, Viewer
from workflow.domain.names import is_erased
from workflow.persistence import people
from workflow.persistence import people_tables as t
from workflow.persistence.given_delegations import Given
from workflow.persistence.unit_of_work import Tx
from workflow.queries.delegations import delegated_to_each, given_json

ADMINISTRATOR = "administrator"
PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person with what they hold and act for that the viewer may know of, and has not ended."""

    login: str
    name: str
    disabled_at: datetime | None
    mandates: tuple[Mandate, ...]
    delegated: tuple[Given, ...] = ()

    @property
    def is_erased(self) -> bool:
        """Say whether this stands in place of a person who was erased."""
        return is_erased(self.login)

    def as_json(self) -> dict[str, Any]:
        """Write the person as the contract's `people list` does."""
        return {
            "login": self.login,
            "name": self.name,
            "mandates": [mandate_json(each) for each in self.mandates],
            "delegated": [given_json(each) for each in self.delegated],
            "disabled": self.disabled_at is not None,
            "erased": self.is_erased,
        }


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people by login; `after` is the login the next page starts after."""

    people: tuple[ListedPerson, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class ListedParty:
    """A party with its names by language."""

    code: str
    sort: str
    time_zone: str
    names: Mapping[str, str]


def people_list(tx: Tx, viewer: Viewer, *, party: str | None = None) -> tuple[ListedPerson, ...]:
    """Give everybody the viewer may know of: all, those of administered parties, or themselves."""
    return _read(tx, viewer, _of_party(viewer, party), None)


def people_page(
    tx: Tx, viewer: Viewer, *, party: str | None = None, after: str = "", size: int = PAGE
) -> PeoplePage:
    """Give one page of the same people, those whose logins follow `after`."""
    follows = t.Person.login > (after if after.isprintable() else "")
    found = _read(tx, viewer, _of_party(viewer, party) & follows, size + 1)
    shown = found[:size]
    return PeoplePage(shown, shown[-1].login if len(found) > size else None)


def parties_list(tx: Tx) -> tuple[ListedParty, ...]:
    """Give every party: who takes part in the summits is no secret."""
    names = people.party_names(tx)
    return tuple(
        ListedParty(code, sort, time_zone, names.get(code, {}))
        for code, (sort, time_zone) in people.parties(tx).items()
    )


def administered_parties(viewer: Viewer) -> tuple[str, ...]:
    """Give the parties whose people the viewer administers."""
    return tuple(sorted(party for party in viewer.parties if viewer.holds(ADMINISTRATOR, [party])))


def mandate_json(mandate: Mandate) -> dict[str, str | None]:
    """Write a mandate; `until` is the first instant at which it is no longer held."""
    return {
        "party": mandate.party,
        "role": mandate.role,
        "summit": mandate.summit,
        "from": write_instant(mandate.starts_at),
        "until": write_instant(mandate.ends_at) if mandate.ends_at is not None else None,
    }


def _read(
    tx: Tx, viewer: Viewer, condition: ColumnElement[bool], limit: int | None
) -> tuple[ListedPerson, ...]:
    rows = tx.connection.execute(
        select(t.Person.id, t.Person.login, t.Person.name, t.Person.disabled_at)
        .where(_known_to(viewer), t.Person.origin != "import", condition)
        .order_by(t.Person.login)
        .limit(limit)
    ).all()
    ids = [row.id for row in rows]
    held = _mandates(tx, viewer, ids)
    delegated = delegated_to_each(tx, viewer, ids, administered_parties(viewer))
    return tuple(
        ListedPerson(
            row.login,
            row.name,
            row.disabled_at,
            tuple(held.get(row.id, ())),
            tuple(delegated.get(row.id, ())),
        )
        for row in rows
    )


def _known_to(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.operator:
        return true()
    own = t.Person.id == viewer.person_id
    return or_(own, _holds_one_of(administered_parties(viewer)))


def _of_party(viewer: Viewer, party: str | None) -> ColumnElement[bool]:
    """Narrow to a party; whose people a colleague is elsewhere is not the viewer's to learn."""
    if party is None:
        return true()
    holds = _holds_one_of([party] if party.isprintable() else [])
    if viewer.operator or party in administered_parties(viewer):
        return holds
    return holds & (t.Person.id == viewer.person_id)


def _holds_one_of(parties: Sequence[str]) -> ColumnElement[bool]:
    if not parties:
        return false()
    return exists().where(t.Mandate.person_id == t.Person.id, t.Mandate.party.in_(parties))


def _mandates(tx: Tx, viewer: Viewer, ids: Iterable[int]) -> Mapping[int, list[Mandate]]:
    """Give each person's mandates: one's own all, others' only of parties one administers."""
    visible: ColumnElement[bool] = true()
    if not viewer.operator:
        of_own_party = t.Mandate.party.in_(administered_parties(viewer))
        visible = or_(t.Mandate.person_id == viewer.person_id, of_own_party)
    rows = tx.connection.execute(
        select(
            t.Mandate.person_id,
            t.Mandate.id,
            t.Mandate.party,
            t.Mandate.role,
            t.Mandate.summit,
            t.Mandate.starts_at,
            t.Mandate.ends_at,
        )
        .where(
            t.Mandate.person_id.in_(list(ids)),
            t.Mandate.origin != "import",
            t.Mandate.ends_at.is_(None) | (t.Mandate.ends_at > tx.at),
            visible,
        )
        .order_by(t.Mandate.party, t.Mandate.role, t.Mandate.id)
    )
    held: dict[int, list[Mandate]] = defaultdict(list)
    for person_id, number, party, role, summit, starts_at, ends_at in rows:
        held[person_id].append(Mandate(number, party, role, summit, starts_at, ends_at))
    return held
