"""Rows that the factories write where no service is what the test is about."""

from datetime import date

from sqlalchemy import func, insert, select

from workflow.domain.disclosure import make_subject
from workflow.persistence.audit_tables import AuditSubject
from workflow.persistence.people_tables import Party, PartyName, Person, Summit
from workflow.persistence.unit_of_work import Tx


def sort_of(code: str) -> str:
    """Tell a state from an organisation by the length of its code."""
    return "state" if len(code) == 2 else "organisation"


def party_row(tx: Tx, code: str, sort: str) -> str:
    """Write a party unless it is there."""
    if tx.connection.scalar(select(Party.code).where(Party.code == code)) is None:
        tx.connection.execute(
            insert(Party).values(code=code, sort=sort, time_zone="Asia/Tokyo", created_at=tx.at)
        )
        tx.connection.execute(insert(PartyName).values(party=code, language="en", name=code))
    return code


def summit_row(tx: Tx, code: str) -> str:
    """Write a summit unless it is there."""
    if tx.connection.scalar(select(Summit.code).where(Summit.code == code)) is None:
        party_row(tx, "JP", "state")
        day = date(2025, 12, 20)
        tx.connection.execute(
            insert(Summit).values(code=code, host="JP", place="Tokyo", starts_on=day, ends_on=day)
        )
    return code


def person_row(tx: Tx, login: str | None, name: str | None) -> int:
    """Write a person and give their number."""
    count = tx.connection.scalar(select(func.count()).select_from(Person)) or 0
    login = login or f"person{count + 1}"
    name = name or login.capitalize()
    subject = make_subject(login, name, tx.ids.salt())
    tx.connection.execute(
        insert(AuditSubject).values(
            pseudonym=subject.pseudonym, login=login, name=name, salt=subject.salt
        )
    )
    identity: int = tx.connection.execute(
        insert(Person)
        .values(
            login=login, name=name, pseudonym=subject.pseudonym, origin="real", created_at=tx.at
        )
        .returning(Person.id)
    ).scalar_one()
    return identity
