"""Writes and ends delegations; the services that call it have judged the act."""

from sqlalchemy import insert, select, update

from workflow.domain.identity import Mandate
from workflow.domain.texts import is_storable
from workflow.persistence import people_tables as t
from workflow.persistence.unit_of_work import Tx


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
    """End a delegation now."""
    tx.connection.execute(
        update(t.Delegation).where(t.Delegation.id == number).values(revoked_at=tx.at)
    )
