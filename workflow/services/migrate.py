"""Move proposals to another edition of their rules, many at once, and back again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflow.domain import names
from workflow.domain.definition import Definition
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.log.leaf import read_leaf
from workflow.persistence import definitions, editions, proposals, signoffs
from workflow.persistence.deadlines import Kept, Place
from workflow.persistence.retrying import retried
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.services.calendar import keep_dates, open_silences
from workflow.services.change import Change, Work, open_change
from workflow.services.definitions import authority
from workflow.services.migrating import (
    Facts,
    Migration,
    carried,
    counted_persons,
    judge_migration,
    read_facts,
)
from workflow.services.runtime import Runtime

CHUNK = 500
"""Proposals a transaction."""

RULES_CHANGED = "rules-changed"
"""Why a sign-off ended that new rules do not ask for."""

Watch = Callable[[Iterable[Migration]], Iterable[Migration]]


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of every proposal, and under which change it is on record."""

    kind: str
    number: int
    lines: tuple[Migration, ...]
    change_id: str | None = None


def plan_migration(runtime: Runtime, kind: str, number: int) -> Migrated | Refused:
    """Judge every proposal of the kind that is on its way under another edition; change nothing."""
    with runtime.uow.read() as tx:
        target = definitions.numbered(tx, kind, number)
        if target is None:
            return _unknown(kind, number)
        lines = tuple(_judged(tx, kind, *target))
    return Migrated(kind, number, lines)


def migrate(runtime: Runtime, caller: Caller, kind: str, number: int) -> Migrated | Refused:
    """Move every such proposal that can be moved, in chunks; run again, it takes what is left."""
    with runtime.uow.read() as tx:
        target = definitions.numbered(tx, kind, number)
        if target is None:
            return _unknown(kind, number)
        change_id = tx.ids.event_id()
    lines: list[Migration] = []
    last = 0
    while True:
        found = _migrate_chunk(runtime, caller, kind, target, last, change_id)
        if isinstance(found, Refused):
            return found
        done, last = found
        if not last:
            return Migrated(kind, number, tuple(lines), change_id)
        lines += done


@retried
def _migrate_chunk(
    runtime: Runtime, caller: Caller, kind: str, target: tuple[int, Definition], after: int,
    change_id: str,
) -> tuple[list[Migration], int] | Refused:  # fmt: skip
    """Move one chunk, and give the last id that it looked at; 0 once there is none left."""
    with runtime.uow.write() as tx:
        mandate = authority(tx, caller)
        if mandate is None:
            return Refused((refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat"),))
        ids = editions.under_other_editions(tx, kind, target[0], after, CHUNK)
        change = open_change(tx, caller, change_id)
        works = [work for work in change.open_all(ids) if _is_on_its_way(work)]
        facts = read_facts(tx, [work.row.id for work in works])
        lines = [_move(change, work, target, facts[work.row.id], mandate) for work in works]
        _recount_persons(tx, works)
        change.write()
        return lines, max(ids, default=0)


def _move(
    change: Change, work: Work, target: tuple[int, Definition], facts: Facts, mandate: Mandate
) -> Migration:
    change.settle_until(work, change.tx.at)
    edition_id, new = target
    line = judge_migration(work, new, facts)
    if not line.granted:
        return line
    old, kept = work.definition, carried(work, new)
    for signoff in line.void:
        work.end(signoff, RULES_CHANGED, change.tx.at)
    work.row.edition_id, work.definition = edition_id, new
    work.row.standing, work.row.shape = line.standing, line.shape
    change.record(
        work, "migrate", mandate,
        facts={"from_definition": old.digest, "void": len(line.void)},
    )  # fmt: skip
    _renumber_days(work, kept, facts)
    change.settle(work, mandate)
    return line


def revert_migration(runtime: Runtime, caller: Caller, change_id: str) -> Migrated | Refused:
    """Move the proposals of a migration back, but for those that anybody has acted on since."""
    with runtime.uow.read() as tx:
        moved = editions.migrated_by(tx, change_id)
    if not moved:
        return Refused((refuse(Code.CHANGE_UNKNOWN, change=names.shown(change_id, 40)),))
    lines: list[Migration] = []
    for start in range(0, len(moved), CHUNK):
        found = _revert_chunk(runtime, caller, moved[start : start + CHUNK])
        if isinstance(found, Refused):
            return found
        lines += found
    return Migrated(moved[0].kind, 0, tuple(lines), change_id)


@retried
def _revert_chunk(
    runtime: Runtime, caller: Caller, moved: list[editions.Migrant]
) -> list[Migration] | Refused:
    with runtime.uow.write() as tx:
        mandate = authority(tx, caller)
        if mandate is None:
            return Refused((refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat"),))
        change = open_change(tx, caller)
        by_id = {each.proposal_id: each for each in moved}
        works = change.open_all(list(by_id))
        facts = read_facts(tx, list(by_id))
        lines = [
            _move_back(change, work, by_id[work.row.id], facts[work.row.id], mandate)
            for work in works
        ]
        _recount_persons(tx, works)
        change.write()
        return lines


def _recount_persons(tx: Tx, works: Iterable[Work]) -> None:
    """Keep anew whose one sign-off each is: what counts by one edition may not by another."""
    found = list(works)
    counted = dict(each for work in found for each in counted_persons(work))
    signoffs.count_persons(tx, [work.row.id for work in found], counted)


def _move_back(
    change: Change, work: Work, migrant: editions.Migrant, facts: Facts, mandate: Mandate
) -> Migration:
    tx, row = change.tx, work.row
    if row.version != migrant.version:
        reason: Refusal = refuse(Code.CHANGED_MEANWHILE, version=row.version)
        return Migration(row.reference, row.version, (reason,))
    # Nothing happened since, so what the migration ended can speak again just as it did.
    signoffs.revive(tx, row.id, RULES_CHANGED, migrant.at)
    work.live = signoffs.live(tx, [row.id]).get(row.id, [])
    before = str(read_leaf(migrant.leaf).facts["from_definition"])
    edition_id, old = definitions.of_digest(tx, before)
    line = judge_migration(work, old, facts)
    new, kept = work.definition, carried(work, old)
    row.edition_id, work.definition = edition_id, old
    row.standing, row.shape = line.standing, line.shape
    change.record(work, "migrate", mandate, facts={"from_definition": new.digest, "reverts": True})
    _renumber_days(work, kept, facts)
    change.settle(work, mandate)
    return line


def _renumber_days(work: Work, kept: Mapping[Place, Kept], facts: Facts) -> None:
    """Begin the days of these rules anew, but for those that the other rules had, too."""
    work.deadlines.clear()
    work.deadlines.update(kept)
    keep_dates(work, facts.fields)
    open_silences(work)
    work.deadlines.update(kept)


def _judged(tx: Tx, kind: str, edition_id: int, new: Definition) -> Iterator[Migration]:
    after = 0
    while ids := editions.under_other_editions(tx, kind, edition_id, after, CHUNK):
        after = max(ids)
        facts = read_facts(tx, ids)
        for at in read_situations(tx, proposals.by_ids(tx, ids)).values():
            if _is_on_its_way(at):
                yield judge_migration(at, new, facts[at.row.id])


def _is_on_its_way(at: Situation) -> bool:
    """Say whether any step leads on: what has ended keeps the rules it ended under."""
    return bool(at.definition.open_steps(at.row.state))


def _unknown(kind: str, number: int) -> Refused:
    return Refused((refuse(Code.EDITION_UNKNOWN, kind=names.shown(kind), number=number),))
