"""Writes and ends delegations; the services that call it have judged the act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased

from workflow.domain.identity import Mandate
from workflow.domain.texts import is_storable
from workflow.persistence import people_tables as t
from workflow.persistence.unit_of_work import Tx

_Giver = aliased(t.Person, name="giver")
_Holder = aliased(t.Person, name="holder")


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation that has not ended: of which mandate, by whom, from when until when."""

    id: int
    mandate_id: int
    party: str
    role: str
    summit: str | None
    depth: int
    starts_at: datetime
    ends_at: datetime
    giver_id: int
    giver: str
    giver_pseudonym: str
    holder_id: int
    holder: str
    holder_pseudonym: str


def hold_delegations(tx: Tx, login: str) -> None:
    """Wait until a person acts by no delegation, and keep them from it.

    Whoever revokes one holds it before the instant is taken: an act that went first is then
    recorded as earlier than the revocation, too.
    """
    if not is_storable(login):
        return
    tx.connection.execute(
        select(t.Delegation.id)
        .join(t.Person, t.Person.id == t.Delegation.delegate_id)
        .where(t.Person.login == login)
        .order_by(t.Delegation.id)
        .with_for_update(of=[t.Delegation])
    ).all()


def add_delegation(
    tx: Tx, mandate: Mandate, giver_id: int, delegate_id: int, granted_by: int
) -> None:
    """Write that a giver lets somebody act for a mandate that they hold or were delegated.

    The mandate's dates are those of the new delegation.
    """
    above = mandate.delegation
    tx.connection.execute(
        insert(t.Delegation).values(
            mandate_id=mandate.id,
            parent_id=above.id if above else None,
            depth=above.depth + 1 if above else 1,
            giver_id=giver_id,
            delegate_id=delegate_id,
            starts_at=mandate.starts_at,
            ends_at=mandate.ends_at,
            granted_by=granted_by,
        )
    )


def revoke_delegation(tx: Tx, number: int) -> None:
    """End a delegation now, and with it all that hang on it."""
    tx.connection.execute(
        update(t.Delegation).where(t.Delegation.id == number).values(revoked_at=tx.at)
    )


def unended_delegations(tx: Tx, delegate_id: int, party: str) -> tuple[Given, ...]:
    """Give what was delegated to a person of a party's mandates, and will be, unless revoked."""
    rows: Iterable[Any] = tx.connection.execute(
        select(
            t.Delegation.id, t.Mandate.id, t.Mandate.party, t.Mandate.role, t.Mandate.summit,
            t.Delegation.depth, t.Delegation.starts_at, t.Delegation.ends_at,
            _Giver.id, _Giver.login, _Giver.pseudonym, _Holder.id, _Holder.login,
            _Holder.pseudonym,
        )
        .join(t.Mandate, t.Mandate.id == t.Delegation.mandate_id)
        .join(_Giver, _Giver.id == t.Delegation.giver_id)
        .join(_Holder, _Holder.id == t.Mandate.person_id)
        .where(
            t.Delegation.delegate_id == delegate_id,
            t.Delegation.revoked_at.is_(None),
            t.Delegation.ends_at > tx.at,
            t.Mandate.party == party,
        )
        .order_by(t.Delegation.id)
    )  # fmt: skip
    return tuple(Given(*row) for row in rows)
