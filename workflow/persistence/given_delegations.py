"""Reads the delegations that have not ended, with the names of everybody in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from workflow.persistence import people_tables as t
from workflow.persistence.unit_of_work import Tx

_Giver = aliased(t.Person, name="giver")
_Holder = aliased(t.Person, name="holder")
_Delegate = aliased(t.Person, name="delegate")


@dataclass(frozen=True, slots=True)
class Named:
    """A person by every name they have here."""

    id: int
    login: str
    name: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation: of which mandate, from when until when, and between whom.

    The `giver` is the `holder` of the mandate, or a delegate who passed it on.
    """

    id: int
    mandate_id: int
    party: str
    role: str
    summit: str | None
    depth: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    holder: Named
    giver: Named
    delegate: Named

    @property
    def first_day(self) -> date:
        """Give the day in the party's time zone on which it begins."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def last_day(self) -> date:
        """Give the last day in the party's time zone on which it holds, if only for a while."""
        return (
            (self.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(self.time_zone)).date()
        )


def given_to(tx: Tx, person_ids: Collection[int]) -> tuple[Given, ...]:
    """Give what is delegated to these persons, now or later."""
    return _read(tx, t.Delegation.delegate_id.in_(person_ids))


def given_by(tx: Tx, person_id: int) -> tuple[Given, ...]:
    """Give what a person has delegated, and what others have passed on of their mandates."""
    return _read(tx, or_(t.Delegation.giver_id == person_id, t.Mandate.person_id == person_id))


def given_of(tx: Tx, parties: Collection[str]) -> tuple[Given, ...]:
    """Give what is delegated of the mandates of these parties."""
    return _read(tx, t.Mandate.party.in_(parties))


def passed_on(tx: Tx, numbers: Collection[int]) -> tuple[Given, ...]:
    """Give the delegations that hang directly on these."""
    return _read(tx, t.Delegation.parent_id.in_(numbers)) if numbers else ()


def _read(tx: Tx, condition: ColumnElement[bool]) -> tuple[Given, ...]:
    """Leave out what was revoked or is over, by itself or with its mandate."""
    statement = (
        select(
            t.Delegation.id, t.Delegation.mandate_id, t.Mandate.party, t.Mandate.role,
            t.Mandate.summit, t.Delegation.depth, t.Delegation.starts_at, t.Delegation.ends_at,
            t.Party.time_zone, *_names(_Holder), *_names(_Giver), *_names(_Delegate),
        )
        .join(t.Mandate, t.Mandate.id == t.Delegation.mandate_id)
        .join(t.Party, t.Party.code == t.Mandate.party)
        .join(_Holder, _Holder.id == t.Mandate.person_id)
        .join(_Giver, _Giver.id == t.Delegation.giver_id)
        .join(_Delegate, _Delegate.id == t.Delegation.delegate_id)
        .where(
            t.Delegation.revoked_at.is_(None),
            t.Delegation.ends_at > tx.at,
            or_(t.Mandate.ends_at.is_(None), t.Mandate.ends_at > tx.at),
            condition,
        )
        .order_by(t.Mandate.party, t.Mandate.role, t.Delegation.id)
    )  # fmt: skip
    return tuple(
        Given(*row[:9], *(Named(*row[first : first + 4]) for first in (9, 13, 17)))
        for row in map(tuple[Any, ...], tx.connection.execute(statement))
    )


def _names(person: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an alias
    return person.id, person.login, person.name, person.pseudonym
