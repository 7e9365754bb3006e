"""How the log stands: how much of it is sealed, who vouches for it, and whether all is well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.log_tables import (
    AuditCheckpoint,
    AuditCosignature,
    AuditPending,
    AuditWitness,
    LogState,
)
from workflow.persistence.sealing import unpack_ids
from workflow.persistence.unit_of_work import Tx

_T = TypeVar("_T")

ALARM = "log/alarm"
"""The fact that tells of a fork or a rollback that somebody found."""

LATE_AFTER = timedelta(seconds=10)
"""An entry is sealed within a second or so; one that waits for longer is told of."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """A party that has a witness: the largest tree that it cosigned (0 for none), and when."""

    party: str
    size: int
    cosigned_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogBadge:
    """The log in one line.

    `size` is how many entries are sealed, `signed` how many of them a checkpoint covers, with
    `signed_at`. `late_since` is when the oldest entry was recorded that should long be sealed.
    """

    size: int
    signed: int
    signed_at: datetime | None
    parties: tuple[Vouching, ...]
    alarm: str | None
    late_since: datetime | None

    @property
    def rolled_back(self) -> bool:
        """Say whether a checkpoint vouches for more than the tree holds."""
        return self.signed > self.size

    @property
    def cosigned(self) -> tuple[Vouching, ...]:
        """Give the parties that have cosigned anything."""
        return tuple(each for each in self.parties if each.size)


def log_badge(tx: Tx) -> LogBadge:
    """Read how the log stands."""
    # One statement is one moment: a checkpoint is never ahead of the tree that it is read with.
    rows = tx.connection.execute(
        select(
            LogState.size,
            _newest(AuditCheckpoint.size).label("signed"),
            _newest(AuditCheckpoint.signed_at).label("signed_at"),
            _alarm().label("alarm"),
            _oldest_block().label("waiting"),
            AuditWitness.party,
            _cosigned(AuditCosignature.size).label("cosigned"),
            _cosigned(AuditCosignature.cosigned_at).label("cosigned_at"),
        )
        .select_from(LogState)
        .outerjoin(AuditWitness, AuditWitness.removed_at.is_(None))
        .order_by(AuditWitness.party)
    ).all()
    first = rows[0]
    witnesses = [Vouching(r.party, r.cosigned or 0, r.cosigned_at) for r in rows if r.party]
    return LogBadge(
        size=first.size,
        signed=first.signed or 0,
        signed_at=first.signed_at,
        parties=_of_parties(witnesses),
        alarm=first.alarm,
        late_since=_late_since(tx, first.waiting),
    )


def _newest(column: InstrumentedAttribute[_T]) -> ScalarSelect[_T]:
    return select(column).order_by(AuditCheckpoint.size.desc()).limit(1).scalar_subquery()


def _alarm() -> ScalarSelect[str]:
    statement = select(InstallationFact.value).where(InstallationFact.name == ALARM)
    return statement.scalar_subquery()


def _oldest_block() -> ScalarSelect[bytes]:
    return select(AuditPending.entry_ids).order_by(AuditPending.id).limit(1).scalar_subquery()


def _cosigned(column: InstrumentedAttribute[_T]) -> ScalarSelect[_T]:
    newest = select(column).where(AuditCosignature.witness_id == AuditWitness.id)
    return newest.order_by(AuditCosignature.size.desc()).limit(1).scalar_subquery()


def _of_parties(witnesses: Sequence[Vouching]) -> tuple[Vouching, ...]:
    """Give each party once, by that of its witnesses which has come furthest."""
    furthest: dict[str, Vouching] = {}
    for each in witnesses:
        known = furthest.get(each.party)
        if known is None or each.size > known.size:
            furthest[each.party] = each
    return tuple(furthest.values())


def _late_since(tx: Tx, block: bytes | None) -> datetime | None:
    if not block:
        return None
    oldest = unpack_ids(bytes(block))[0]
    at = tx.connection.scalar(select(AuditEntry.at).where(AuditEntry.id == oldest))
    return at if at is not None and at < tx.at - LATE_AFTER else None
