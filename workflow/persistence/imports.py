"""What imports of history have recorded, read back: how far a file came, and what is theirs.

Each transaction of an import ends with an entry of its own: from which line to which it went. Its
other entries stand between the one before and that one, and name their lines.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, exists, func, select, text

from workflow.domain.identity import Mandate, Via
from workflow.persistence import people_tables as t
from workflow.persistence.audit_tables import AuditDetail, AuditEntry
from workflow.persistence.chunks import chunks
from workflow.persistence.installation import write_fact
from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.people import PersonRow
from workflow.persistence.proposal_tables import Deadline, Proposal
from workflow.persistence.unit_of_work import Tx

IMPORTED = "import"
"""The kind of a transaction's last entry, and the origin of people it adds."""

UNTOLD = "untold"
"""The text that says what became of the lines that left no entry of their own."""

UNFINISHED = "history/"
"""What the name of the fact begins with that a file is being taken in; its digest follows."""

_LOCK = 0x4849_5354_4F52_59
"""The advisory lock that lets one import at a time write to a PostgreSQL database."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an entry says, as far as imports ask."""

    kind: str
    via: str
    step: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a file that one transaction took in."""

    entry_id: int
    last: int


def hold(tx: Tx) -> None:
    """Keep other imports out until this transaction ends; SQLite has one writer anyway."""
    if tx.is_postgresql:
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def parts(tx: Tx, digest: str) -> list[Part]:
    """Give the parts of a file that are recorded, in its order."""
    return list(map(_part, tx.connection.execute(_parts(digest).order_by(AuditEntry.sequence))))


def last_line(tx: Tx, digest: str) -> int:
    """Give the last line of a file that is recorded; 0 before the first."""
    newest = _parts(digest).order_by(AuditEntry.sequence.desc()).limit(1)
    row = tx.connection.execute(newest).one_or_none()
    return _part(row).last if row else 0


def _parts(digest: str) -> Select[int, bytes]:
    return select(AuditEntry.id, AuditEntry.leaf).where(
        AuditEntry.chain == "log", AuditEntry.kind == IMPORTED, AuditEntry.change_id == digest
    )


def _part(row: Any) -> Part:  # noqa: ANN401 - a result row
    return Part(row.id, int(_read(row.leaf).facts["last"]))


def _read(leaf: bytes) -> Recorded:
    # What was written here is trusted here; `summit check` and verifiers read it strictly.
    said = json.loads(leaf)
    return Recorded(said["kind"], said["via"], said.get("step"), said.get("facts", {}))


def recorded_of(tx: Tx, digest: str, after: int, until: int) -> Iterator[Recorded]:
    """Give what a file's import wrote between two entries."""
    statement = select(AuditEntry.leaf).where(
        AuditEntry.id > after, AuditEntry.id < until, AuditEntry.change_id == digest
    )
    yield from map(_read, tx.connection.scalars(statement))


def untold(tx: Tx, entry_id: int) -> Mapping[str, str]:
    """Give what became of the lines without an entry: line to 'outcome code code'."""
    found = tx.connection.scalar(
        select(AuditDetail.value).where(
            AuditDetail.entry_id == entry_id, AuditDetail.field == UNTOLD
        )
    )
    told: Mapping[str, str] = json.loads(found) if found else {}
    return told


def only_imported(tx: Tx, references: Iterable[str]) -> set[str]:
    """Give the proposals that history made and nobody has acted on since.

    Were others among them, an import could stand in for a sign-off that somebody still owes.
    """
    chains = {f"proposal/{reference}": reference for reference in references}
    touched: set[str] = set()
    for part in chunks(sorted(chains)):
        rows = tx.connection.execute(
            select(AuditEntry.chain, AuditEntry.leaf).where(AuditEntry.chain.in_(part))
        )
        for chain, content in rows:
            leaf = _read(content)
            made = leaf.kind == "propose" and "line" not in leaf.facts
            if leaf.via not in (Via.IMPORT, Via.DUE_WORK) or made:
                touched.add(chain)
    return {reference for chain, reference in chains.items() if chain not in touched}


def fired(tx: Tx, references: Iterable[str]) -> dict[str, str]:
    """Give the step that each proposal took last, where a rule took it by itself.

    One that a source has spoken of since, in an entry of the kind `import`, is not among them.
    """
    chains = {f"proposal/{reference}": reference for reference in references}
    found: dict[str, str] = {}
    for part in chunks(sorted(chains)):
        newest = (
            select(AuditEntry.chain, func.max(AuditEntry.sequence).label("sequence"))
            .where(AuditEntry.chain.in_(part), AuditEntry.kind.in_(("step", IMPORTED)))
            .group_by(AuditEntry.chain)
            .subquery()
        )
        same = (AuditEntry.chain == newest.c.chain) & (AuditEntry.sequence == newest.c.sequence)
        rows = tx.connection.execute(select(AuditEntry.chain, AuditEntry.leaf).join(newest, same))
        for chain, content in rows:
            leaf = _read(content)
            if leaf.kind == "step" and leaf.step and leaf.facts.get("by_itself") is True:
                found[chains[chain]] = leaf.step
    return found


def begin(tx: Tx, digest: str) -> None:
    """Say that a file is being taken in: until it ends, other due work leaves history alone."""
    known = select(InstallationFact.name).where(InstallationFact.name == f"{UNFINISHED}{digest}")
    if tx.connection.scalar(known) is None:
        write_fact(tx, f"{UNFINISHED}{digest}", "")


def end(tx: Tx, digest: str) -> None:
    """Say that a file was taken in to its end."""
    tx.connection.execute(
        delete(InstallationFact).where(InstallationFact.name == f"{UNFINISHED}{digest}")
    )


def due(tx: Tx, seen: int, most: int) -> list[tuple[int, str]]:
    """Give number and reference of imported proposals that something is due for, after one."""
    rows = tx.connection.execute(
        select(Proposal.id, Proposal.reference)
        .where(
            Proposal.imported,
            Proposal.id > seen,
            exists().where(
                Deadline.proposal_id == Proposal.id,
                Deadline.handled_at.is_(None),
                Deadline.due_at <= tx.at,
            ),
        )
        .order_by(Proposal.id)
        .limit(most)
    )
    return [(number, reference) for number, reference in rows]


def persons(tx: Tx, logins: Sequence[str]) -> dict[str, PersonRow]:
    """Read these persons, whoever they are."""
    p = t.Person
    columns = (
        p.id, p.login, p.name, p.pseudonym, p.origin, p.language, p.time_zone, p.disabled_at,
    )  # fmt: skip
    found: dict[str, PersonRow] = {}
    for part in chunks(logins):
        rows = tx.connection.execute(select(*columns).where(p.login.in_(part)))
        found |= {row.login: PersonRow(*row) for row in rows}
    return found


def mandates(tx: Tx, person_ids: Sequence[int]) -> Iterator[tuple[int, Mandate]]:
    """Give the imported mandates of these persons, oldest first."""
    m = t.Mandate
    for part in chunks(person_ids):
        rows = tx.connection.execute(
            select(m.person_id, m.id, m.party, m.role, m.summit, m.starts_at, m.ends_at)
            .where(m.person_id.in_(part), m.origin == IMPORTED)
            .order_by(m.id)
        )
        for row in rows:
            yield row[0], Mandate(*row[1:])
