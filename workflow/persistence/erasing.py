"""Erases what is kept of a person beside the log; entries keep a pseudonym and digests alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Table,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from workflow.domain.names import ERASED_NAME, erased_login
from workflow.persistence import people_tables as t
from workflow.persistence.audit_tables import AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.chunks import chunks
from workflow.persistence.installation_tables import IdempotencyKey
from workflow.persistence.people import PersonRow
from workflow.persistence.proposal_tables import Revision, SignOff
from workflow.persistence.unit_of_work import Tx

_LISTED = 1_000
"""Entries named in one statement."""

_SIGN_OFF: Table = SignOff.__table__  # type: ignore[assignment] # a declarative class has a Table
_REVISION: Table = Revision.__table__  # type: ignore[assignment] # as above


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the texts that are kept beside it, by name."""

    entry_id: int
    proposal_id: int | None
    leaf: bytes
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text of a proposal's entry that rows of the proposal repeat; whose rows, if not all."""

    of_proposal: int
    text: str
    of_person: int | None


def hold_person(tx: Tx, login: str) -> None:
    """Keep others from changing a person until the transaction ends, mandates or none."""
    tx.connection.execute(select(t.Person.id).where(t.Person.login == login).with_for_update())


def parties_ever(tx: Tx, person_id: int) -> tuple[str, ...]:
    """Give every party of which a person holds or held a mandate, imported ones too."""
    rows = select(t.Mandate.party).where(t.Mandate.person_id == person_id).distinct()
    return tuple(sorted(tx.connection.scalars(rows)))


def told_of(tx: Tx, pseudonym: str) -> list[Told]:
    """Give the entries that name a person in any capacity, with the texts beside them."""
    named = _holds_bytes(tx, AuditEntry.leaf, pseudonym.encode("ascii"))
    return _read(tx, or_(AuditEntry.actor == pseudonym, named))


def told_with(tx: Tx, words: Collection[str]) -> list[Told]:
    """Give the entries beside which a text holds one of these words, as a part of others even."""
    return _read(tx, or_(*(AuditDetail.value.contains(each, autoescape=True) for each in words)))


def delete_texts(tx: Tx, fields: Mapping[str, Sequence[int]]) -> None:
    """Delete salts and values: by the name of the text, of which entries."""
    for name, entries in fields.items():
        for part in chunks(entries, _LISTED):
            tx.connection.execute(
                delete(AuditDetail).where(AuditDetail.field == name, AuditDetail.entry_id.in_(part))
            )


def blank_repeated(tx: Tx, repeated: Sequence[Repeated]) -> None:
    """Drop the notes of sign-offs and the reasons of revisions that repeat erased texts."""
    rows = [asdict(each) for each in repeated]
    for table, text, person in (
        (_SIGN_OFF, _SIGN_OFF.c.note, _SIGN_OFF.c.person_id),
        (_REVISION, _REVISION.c.reason, _REVISION.c.made_by),
    ):
        of_whom = bindparam("of_person", type_=person.type)
        statement = (
            update(table)
            .where(
                table.c.proposal_id == bindparam("of_proposal"),
                text == bindparam("text"),
                or_(of_whom.is_(None), person == of_whom),
            )
            .values({text: None})
        )
        if rows:
            tx.connection.execute(statement, rows)


def erase_person(tx: Tx, person: PersonRow) -> None:
    """Empty a person's row and what tells who stands behind their pseudonym."""
    connection = tx.connection
    connection.execute(delete(AuditSubject).where(AuditSubject.pseudonym == person.pseudonym))
    connection.execute(delete(IdempotencyKey).where(IdempotencyKey.person_id == person.id))
    connection.execute(
        update(t.WebSession).where(t.WebSession.person_id == person.id).values(content="{}")
    )
    connection.execute(
        update(t.PartyBootstrap)
        .where(t.PartyBootstrap.person_id == person.id)
        .values(document_name="")
    )
    connection.execute(
        update(t.Person)
        .where(t.Person.id == person.id)
        .values(
            login=erased_login(person.id),
            name=ERASED_NAME,
            password_hash=None,
            language=None,
            time_zone=None,
            disabled_at=func.coalesce(
                t.Person.disabled_at, literal(tx.at, t.Person.disabled_at.type)
            ),
        )
    )


def _read(tx: Tx, condition: ColumnElement[bool]) -> list[Told]:
    rows = tx.connection.execute(
        select(
            AuditEntry.id, AuditEntry.proposal_id, AuditEntry.leaf, AuditDetail.field,
            AuditDetail.value,
        )
        .join(AuditDetail, AuditDetail.entry_id == AuditEntry.id)
        .where(condition)
        .order_by(AuditEntry.id)
    )  # fmt: skip
    found: dict[int, tuple[int | None, bytes, dict[str, str]]] = {}
    for entry_id, proposal_id, leaf, name, value in rows:
        found.setdefault(entry_id, (proposal_id, leaf, {}))[2][name] = value
    return [Told(entry_id, *rest) for entry_id, rest in found.items()]


def _holds_bytes(tx: Tx, column: InstrumentedAttribute[bytes], part: bytes) -> ColumnElement[bool]:
    """Say whether bytes hold others; neither database has this in the other's words."""
    wanted = literal(part, LargeBinary)
    if tx.is_postgresql:
        return func.position(wanted.op("IN")(column)) > 0
    return func.instr(column, wanted) > 0
