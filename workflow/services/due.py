"""Does what is due: silences that have ended, dates that have come, days of effect, parents.

Nobody acts: entries of due work name no actor. Several may do it at once, each in transactions of
its own; what one has locked the others pass by, and what was done is not due any more. Killed, it
loses at most the chunk at hand, which is then still due.

A proposal that stands alone catches up by itself. Those with parents or children go through time
together, moment by moment, so that a parent finds its children as they stood at its own moment,
however long nobody did this work. Why: `docs/decisions/0018-due-work.md`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import InterfaceError, OperationalError

from workflow.domain.identity import CALENDAR
from workflow.persistence import deadlines, due
from workflow.persistence.due import Wanted
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import BusyError, Tx
from workflow.services.change import Change, Work
from workflow.services.runtime import Runtime

CHUNK = 500
"""Proposals a transaction: an act waits for one chunk at most."""

LONGEST_PAUSE = 0.1
"""Seconds between chunks; a connection that waits for SQLite looks again as often as that."""

MOST_FAILURES = 1_000
"""So many proposals that cannot be settled end a run: something greater is wrong."""

Watch = Callable[["DueReport"], None]
"""Is told after every chunk how far it is."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A proposal that could not be settled, and why."""

    reference: str
    problem: str


@dataclass(frozen=True, slots=True)
class DueReport:
    """What due work has done."""

    looked: int = 0
    """Proposals that something was due for."""
    steps_taken: int = 0
    scheduled: int = 0
    unscheduled: int = 0
    failed: tuple[Failure, ...] = ()

    def __add__(self, other: "DueReport") -> "DueReport":
        """Add what another stretch of work has done."""
        return DueReport(
            self.looked + other.looked,
            self.steps_taken + other.steps_taken,
            self.scheduled + other.scheduled,
            self.unscheduled + other.unscheduled,
            self.failed + other.failed,
        )


def do_due_work(
    runtime: Runtime, limit: int | None = None, watch: Watch = lambda _: None
) -> DueReport:
    """Do everything that is due by now, or look at `limit` proposals at most.

    Raises: BusyError, OperationalError where the database cannot be had; what was done stays.
    """
    shift = _Shift(runtime, limit)
    for in_families in (True, False):
        while shift.take_chunk(in_families=in_families):
            watch(shift.report)
    return shift.report


class _Shift:
    """One run of due work: what it has done, and what it has given up."""

    def __init__(self, runtime: Runtime, limit: int | None) -> None:
        self.runtime, self.limit = runtime, limit
        self.report = DueReport()
        self._given_up: set[int] = set()

    def take_chunk(self, *, in_families: bool) -> bool:
        """Do one chunk; False if there is nothing, nothing that is free, or the run is over."""
        most = CHUNK if self.limit is None else min(CHUNK, self.limit - self.report.looked)
        if most <= 0 or len(self._given_up) >= MOST_FAILURES:
            return False
        wanted = self._wanted(in_families=in_families)
        if wanted is None:
            return False
        started = time.monotonic()
        claimed = self._attempt(wanted, most)
        # Whoever waits for the database gets as long as this chunk took.
        time.sleep(min(LONGEST_PAUSE, time.monotonic() - started))
        return claimed

    def _wanted(self, *, in_families: bool) -> Wanted | None:
        """Say what is to be done next, by a look that locks nothing."""
        every = Wanted(self.runtime.clock(), in_families, frozenset(self._given_up))
        with self.runtime.uow.read() as tx:
            moment = due.earliest(tx, every)
        if moment is None:
            return None
        return replace(every, until=moment) if in_families else every

    def _attempt(self, wanted: Wanted, most: int) -> bool:
        claimed: list[int] = []
        try:
            self.report += _settle(self.runtime, wanted, most, claimed)
        except (BusyError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            if not claimed:
                raise
            self._isolate(wanted, claimed, error)
        return bool(claimed)

    def _isolate(self, wanted: Wanted, claimed: Sequence[int], error: Exception) -> None:
        """Do each half alone until the proposal is found that cannot be settled."""
        if len(claimed) == 1:
            self._give_up(claimed[0], error)
            return
        middle = len(claimed) // 2
        for half in (claimed[:middle], claimed[middle:]):
            self._attempt(replace(wanted, only=half), len(half))

    def _give_up(self, number: int, error: Exception) -> None:
        self._given_up.add(number)
        with self.runtime.uow.read() as tx:
            reference = due.references(tx, [number]).get(number, str(number))
        self.report += DueReport(failed=(Failure(reference, repr(error)),))


@retried
def _settle(runtime: Runtime, wanted: Wanted, most: int, claimed: list[int]) -> DueReport:
    """Settle one chunk; `claimed` is told whose turn it was, however it ends."""
    with runtime.uow.write() as tx:
        claimed[:] = due.claim(tx, wanted, most)
        change = Change(tx, CALENDAR)
        works = change.open_all(claimed)
        for work in works:
            change.settle_until(work, wanted.until)
        _forget_strays(tx, works)
        change.write()
        return DueReport(
            looked=sum(work.deadlines != work.seen_deadlines for work in works),
            steps_taken=sum(len(work.taken) for work in works),
            scheduled=change.count("schedule"),
            unscheduled=change.count("unschedule"),
        )


def _forget_strays(tx: Tx, works: Sequence[Work]) -> None:
    """Forget what an earlier edition has kept, where the present one knows no calendar."""
    strays = [work.row.id for work in works if not work.definition.has_due_work]
    deadlines.rewrite(tx, {number: {} for number in strays})
