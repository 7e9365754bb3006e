"""Change many proposals: judge them into a plan, then carry it out in chunks, nothing twice."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from workflow.domain.commands import StepLine, TakeStep
from workflow.domain.identity import Caller, Viewer
from workflow.domain.verdicts import Code, Outcome
from workflow.persistence import people, proposals
from workflow.persistence.chunks import chunks
from workflow.persistence.retrying import retried
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.services.bulk_alike import say_alike
from workflow.services.bulk_plan import GRANTED, REFUSED, Plan, PlanLine, with_version
from workflow.services.change import open_change
from workflow.services.runtime import Runtime
from workflow.services.seal import seal_after
from workflow.services.step import StepJudge, take_in

CHUNK = 2_000
"""Proposals a transaction: others wait for one chunk at most, and a kill loses one at most."""

MOVED, DRIFTED, DONE_BEFORE, UNDONE = "moved", "drifted", "already_done", "undone"

Watch = Callable[[Iterable[Sequence[PlanLine]]], Iterable[Sequence[PlanLine]]]
"""Wraps the chunks on their way, to show progress."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Every proposal the caller can see of a kind, state and summit; None leaves one open."""

    kind: str | None = None
    state: str | None = None
    summit: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one line of a plan."""

    reference: str
    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every line, in the plan's order."""

    lines: tuple[Applied, ...]
    as_planned: bool
    """Whether every line moved, now or before, that the plan expected to move."""

    def as_json(self) -> dict[str, int]:
        """Write the numbers as the contract's `bulk apply` does."""
        counts = Counter(line.outcome for line in self.lines)
        return {name: counts[name] for name in (MOVED, REFUSED, DRIFTED, DONE_BEFORE, UNDONE)}


class _AbandonedError(Exception):
    """Rolls everything back: somebody asked for all of it or nothing."""


def choose_lines(
    runtime: Runtime, caller: Caller, choice: Choice, line: PlanLine
) -> list[PlanLine]:
    """Give a line like this one for each chosen proposal."""
    with runtime.uow.read() as tx:
        viewer = people.viewer_of(tx, caller)
        found = proposals.choose(tx, viewer, choice.kind, choice.state, choice.summit)
    return [replace(line, line=replace(line.line, reference=each)) for each in found]


def plan_steps(
    runtime: Runtime, caller: Caller, lines: Sequence[PlanLine], step: str | None,
    watch: Watch = iter,
) -> Plan:  # fmt: skip
    """Judge every readable line for the caller, as of now; nothing is changed or locked."""
    judged: list[PlanLine] = []
    at = runtime.clock()
    for chunk in watch(list(chunks(lines, CHUNK))):
        with runtime.uow.read() as tx:
            judged += _judge_chunk(tx, people.viewer_of(tx, caller), chunk)
    with runtime.uow.read() as tx:
        told = say_alike(tx, people.viewer_of(tx, caller), judged)
    return Plan(told, caller.login, at, step)


def apply_plan(
    runtime: Runtime, caller: Caller, plan: Plan, *, atomic: bool = False, watch: Watch = iter
) -> Report:
    """Carry a plan out on the caller's own authority, each chunk in a transaction of its own.

    Run again after it was cut off, it finishes what is left: a line that this plan has moved
    is never moved again. `atomic` takes all lines in one transaction, or none.
    """
    moving = [line for line in plan.lines if line.will_change]
    done: dict[str, Applied] = {}
    if atomic:
        done = _apply_atomically(runtime, caller, plan, moving)
    else:
        for chunk in watch(list(chunks(moving, CHUNK))):
            done |= _apply_alone(runtime, caller, plan.digest, chunk)
    seal_after(runtime)
    lines = tuple(
        done[line.line.reference] if line.will_change else _refused(line) for line in plan.lines
    )
    moved = all(each.outcome in (MOVED, DONE_BEFORE) for each in done.values())
    return Report(lines, as_planned=moved and not (atomic and len(moving) < len(plan.lines)))


def _judge_chunk(tx: Tx, viewer: Viewer, lines: Sequence[PlanLine]) -> Iterator[PlanLine]:
    readable = [line.line.reference for line in lines if line.will_change]
    rows = proposals.read(tx, viewer, readable)
    situations = read_situations(tx, rows.values())
    judges = {line.step: StepJudge(viewer, line.step, tx.at) for line in lines}
    for line in lines:
        row = rows.get(line.line.reference)
        if not line.will_change:
            yield line
        elif row is None:
            yield replace(line, outcome=REFUSED, reasons=(str(Code.NOT_FOUND),))
        else:
            yield _judged(with_version(line, row.version), judges[line.step], situations[row.id])


def _judged(line: PlanLine, judge: StepJudge, at: Situation) -> PlanLine:
    reasons = tuple(str(each.code) for each in judge.reasons(at, line.line))
    return replace(line, outcome=REFUSED if reasons else GRANTED, reasons=reasons)


@retried
def _apply_alone(
    runtime: Runtime, caller: Caller, digest: str, lines: Sequence[PlanLine]
) -> dict[str, Applied]:
    with runtime.uow.write() as tx:
        return _apply_chunk(tx, caller, digest, lines)


@retried
def _apply_atomically(
    runtime: Runtime, caller: Caller, plan: Plan, moving: list[PlanLine]
) -> dict[str, Applied]:
    done: dict[str, Applied] = {}
    with suppress(_AbandonedError), runtime.uow.write() as tx:
        done = _apply_chunk(tx, caller, plan.digest, moving)
        failed = any(each.outcome in (REFUSED, DRIFTED) for each in done.values())
        if failed or len(moving) < len(plan.lines):
            done = {reference: _undone(each) for reference, each in done.items()}
            raise _AbandonedError
    return done


def _undone(each: Applied) -> Applied:
    return replace(each, outcome=UNDONE) if each.outcome == MOVED else each


def _apply_chunk(
    tx: Tx, caller: Caller, digest: str, lines: Sequence[PlanLine]
) -> dict[str, Applied]:
    # Locked before it is asked what this plan has moved, so that two runs at once cannot both.
    rows = proposals.lock(tx, [line.line.reference for line in lines])
    moved = proposals.moved_by(tx, digest, [row.id for row in rows.values()])
    before = {row.reference for row in rows.values() if row.id in moved}
    done = {reference: Applied(reference, DONE_BEFORE) for reference in before}
    left = [line for line in lines if line.line.reference not in before]
    for step, asked in _by_step(left):
        order = TakeStep(step, asked, digest)
        for outcome in take_in(tx, open_change(tx, caller, digest), order):
            done[outcome.reference] = _applied(outcome)
    return done


def _by_step(lines: Iterable[PlanLine]) -> Iterator[tuple[str, tuple[StepLine, ...]]]:
    ordered = sorted(lines, key=lambda line: line.step)
    for step, group in groupby(ordered, key=lambda line: line.step):
        yield step, tuple(each.line for each in group)


def _applied(outcome: Outcome) -> Applied:
    if outcome.granted:
        return Applied(outcome.reference, MOVED)
    codes = tuple(str(each.code) for each in outcome.reasons)
    drifted = Code.CHANGED_MEANWHILE in codes
    return Applied(outcome.reference, DRIFTED if drifted else REFUSED, codes)


def _refused(line: PlanLine) -> Applied:
    return Applied(line.line.reference, REFUSED, line.reasons)
