"""Reads the delegations in force, each with the whole chain that it hangs on.

A delegation is in force while every one above it is, the mandate lasts, and everybody in the
chain may act and holds a mandate of the same party themselves: who left a party acts no more
for those who stayed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from workflow.domain.identity import Delegated, Mandate
from workflow.persistence import people_tables as t
from workflow.persistence.types import UtcMicros
from workflow.persistence.unit_of_work import Tx

Moment: TypeAlias = datetime | BindParameter[datetime]

_Giver = aliased(t.Person, name="giver")
_Delegate = aliased(t.Person, name="delegate")
_Own = aliased(t.Mandate, name="own")


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts for a mandate's holder, and that mandate as they have it."""

    person_id: int
    login: str
    mandate: Mandate


def delegated_to(
    tx: Tx, person_id: int, at: datetime, *, kept: bool = False
) -> tuple[Mandate, ...]:
    """Give the mandates that were delegated to a person, the shortest chain first.

    Those `kept` cannot be revoked by another transaction until this one ends.
    """
    links = _read(tx, _KEPT if kept else _RECEIVED, at=at, delegate=person_id)
    return tuple(each.mandate for each in _chains(links) if each.person_id == person_id)


def delegates_of(tx: Tx, parties: set[str], at: datetime) -> tuple[Acting, ...]:
    """Give everybody who acts for a holder of a mandate of these parties."""
    return tuple(_chains(_read(tx, _OF_PARTIES, at=at, parties=sorted(parties))))


def mandate_lasts(mandate: Any, at: Moment) -> ColumnElement[bool]:  # noqa: ANN401 - table or alias
    """Select mandates in force at an instant; those of imported acts never are."""
    return and_(
        mandate.origin != "import",
        mandate.starts_at <= at,
        or_(mandate.ends_at.is_(None), mandate.ends_at > at),
    )


def may_act(person: Any, at: Moment) -> ColumnElement[bool]:  # noqa: ANN401 - table or alias
    """Select persons who may act at an instant: neither imported nor disabled by then."""
    return and_(
        person.origin != "import", or_(person.disabled_at.is_(None), person.disabled_at > at)
    )


def _lasts(at: Moment) -> ColumnElement[bool]:
    return and_(
        t.Delegation.starts_at <= at,
        t.Delegation.ends_at > at,
        or_(t.Delegation.revoked_at.is_(None), t.Delegation.revoked_at > at),
    )


def _read(tx: Tx, statement: Select[*tuple[Any, ...]], **values: object) -> Mapping[int, Any]:
    """Read every link that holds by itself, by number; a chain needs each of its own."""
    return {row.id: row for row in tx.connection.execute(statement, values)}


def _links(at: Moment) -> Select[*tuple[Any, ...]]:
    belongs = select(1).where(
        _Own.person_id == t.Delegation.delegate_id,
        _Own.party == t.Mandate.party,
        mandate_lasts(_Own, at),
    )
    return (
        select(
            t.Delegation.id, t.Delegation.parent_id, t.Delegation.depth, t.Delegation.giver_id,
            t.Delegation.delegate_id, t.Delegation.starts_at, t.Delegation.ends_at,
            _Giver.pseudonym, _Delegate.login, t.Mandate.id.label("mandate_id"), t.Mandate.party,
            t.Mandate.role, t.Mandate.summit, t.Mandate.starts_at.label("held_from"),
            t.Mandate.ends_at.label("held_until"),
        )
        .join(t.Mandate, t.Mandate.id == t.Delegation.mandate_id)
        .join(_Giver, _Giver.id == t.Delegation.giver_id)
        .join(_Delegate, _Delegate.id == t.Delegation.delegate_id)
        .where(_lasts(at), mandate_lasts(t.Mandate, at), may_act(_Giver, at))
        .where(may_act(_Delegate, at), belongs.exists())
        .order_by(t.Mandate.party, t.Mandate.role, t.Delegation.depth, t.Delegation.id)
    )  # fmt: skip


# Every act asks these, so they are built once: building costs more than the answer.
_AT: BindParameter[datetime] = bindparam("at", type_=UtcMicros())
_RECEIVED = _links(_AT).where(
    t.Delegation.mandate_id.in_(
        select(t.Delegation.mandate_id).where(
            t.Delegation.delegate_id == bindparam("delegate"), _lasts(_AT)
        )
    )
)
_KEPT = _RECEIVED.with_for_update(read=True, of=[t.Delegation, t.Mandate, _Giver, _Delegate])
_OF_PARTIES = _links(_AT).where(t.Mandate.party.in_(bindparam("parties", expanding=True)))


def _chains(links: Mapping[int, Any]) -> Iterator[Acting]:
    for link in links.values():
        chain = [link]
        while chain[-1].parent_id in links:
            chain.append(links[chain[-1].parent_id])
        if chain[-1].parent_id is None:
            yield Acting(link.delegate_id, link.login, _mandate(chain))


def _mandate(chain: list[Any]) -> Mandate:
    """Make the mandate as the delegate has it: no longer than any link of the chain."""
    link, first = chain[0], chain[-1]
    ends = [each.ends_at for each in chain]
    return Mandate(
        link.mandate_id,
        link.party,
        link.role,
        link.summit,
        max(link.held_from, *(each.starts_at for each in chain)),
        min([*ends, link.held_until] if link.held_until is not None else ends),
        Delegated(
            link.id,
            link.depth,
            first.giver_id,
            tuple(each.giver_id for each in chain),
            first.pseudonym,
        ),
    )
