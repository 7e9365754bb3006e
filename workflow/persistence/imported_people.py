"""Writes persons and mandates of the past, many at once; their numbers were claimed before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, insert, update

from workflow.domain.identity import Mandate
from workflow.persistence import people_tables as t
from workflow.persistence.imports import IMPORTED
from workflow.persistence.people import PersonRow
from workflow.persistence.unit_of_work import Tx

_PERSON: Table = t.Person.__table__  # type: ignore[assignment] # a declarative class has a Table
_MANDATE: Table = t.Mandate.__table__  # type: ignore[assignment] # as above


@dataclass(slots=True)
class Held:
    """A mandate somebody held; `is_new` until it is written."""

    person_id: int
    mandate: Mandate
    is_new: bool = False


def add_persons(tx: Tx, new: Sequence[PersonRow]) -> None:
    """Write people who cannot sign in."""
    if new:
        tx.connection.execute(
            insert(_PERSON),
            [
                {
                    "id": each.id, "login": each.login, "name": each.name,
                    "pseudonym": each.pseudonym, "origin": IMPORTED, "created_at": tx.at,
                }
                for each in new
            ],
        )  # fmt: skip


def add_mandates(tx: Tx, new: Iterable[Held]) -> None:
    """Write mandates, ended ones among them."""
    rows = [
        {
            "id": each.mandate.id, "person_id": each.person_id, "party": each.mandate.party,
            "role": each.mandate.role, "summit": None, "starts_at": each.mandate.starts_at,
            "ends_at": each.mandate.ends_at, "origin": IMPORTED,
        }
        for each in new
    ]  # fmt: skip
    if rows:
        tx.connection.execute(insert(_MANDATE), rows)


def end_mandates(tx: Tx, ended: Sequence[tuple[int, datetime]]) -> None:
    """End mandates that were written before, each at its instant."""
    if ended:
        tx.connection.execute(_END, [{"row_id": number, "until": until} for number, until in ended])


_END = (
    update(_MANDATE).where(_MANDATE.c.id == bindparam("row_id")).values(ends_at=bindparam("until"))
)
