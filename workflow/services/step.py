"""Take a step by hand, for one proposal or many."""

from datetime import datetime

from workflow.domain import texts
from workflow.domain.commands import StepLine, TakeStep
from workflow.domain.decide import Taker, judge_step
from workflow.domain.identity import Caller, Mandate, Viewer
from workflow.domain.standing import read_standing
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.retrying import retried
from workflow.persistence.situations import Situation, taking_mandate
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, Work, as_sent, not_found, open_change, refused
from workflow.services.fields import is_in_future
from workflow.services.runtime import Runtime


@retried
def take_step(runtime: Runtime, caller: Caller, order: TakeStep) -> tuple[Outcome, ...]:
    """Take the step for every line the rules allow; one outcome a line, in order."""
    with runtime.uow.write() as tx:
        return take_in(tx, open_change(tx, caller, order.change_id), order)


def take_in(tx: Tx, change: Change, order: TakeStep) -> tuple[Outcome, ...]:
    """Take the step within an open transaction."""
    works = change.open([line.reference for line in order.lines])
    answers = _known_answers(tx, change.caller, order)
    asked = [line for line in order.lines if line.reference not in answers]
    judge = StepJudge(change.viewer, order.step, tx.at)
    for line in asked:
        work = works.get(line.reference)
        if work is None:
            answers[line.reference] = not_found(line.reference)
        elif reasons := _stale(work, line) or judge.reasons(work, line):
            answers[line.reference] = refused(work, reasons)
        else:
            _move(change, work, line, order.step, judge.mandate(work))
    written = change.write()
    for line in asked:
        if line.reference in written and line.reference not in answers:
            answers[line.reference] = written[line.reference]
            _keep(tx, change.caller, order.step, line, written[line.reference])
    return tuple(answers[line.reference] for line in order.lines)


def _move(change: Change, work: Work, line: StepLine, step: str, mandate: Mandate | None) -> None:
    reason = texts.clean(line.reason or "") or None
    change.take(
        work, work.definition.steps[step], mandate,
        reason=reason, occurred_on=line.occurred_on,
    )  # fmt: skip
    change.settle(work, mandate, reason)


def _keep(tx: Tx, caller: Caller, step: str, line: StepLine, outcome: Outcome) -> None:
    remember(tx, caller.person_id, line.idempotency_key, (step, line), outcome)


def _known_answers(tx: Tx, caller: Caller, order: TakeStep) -> dict[str, Outcome]:
    answers = {}
    for line in order.lines:
        known = recall(tx, caller.person_id, line.idempotency_key, (order.step, line))
        if known is not None:
            answers[line.reference] = as_sent(known, line.reference)
    return answers


def _stale(work: Work, line: StepLine) -> tuple[Refusal, ...]:
    if line.version in (None, work.row.version):
        return ()
    return (refuse(Code.CHANGED_MEANWHILE, version=work.row.version),)


class StepJudge:
    """Judges each distinct situation once: equal situations have equal answers."""

    def __init__(self, viewer: Viewer, step: str, at: datetime) -> None:
        """Judge one step for one person at an instant."""
        self._viewer, self._step, self._at = viewer, step, at
        self._known: dict[tuple[object, ...], tuple[Refusal, ...]] = {}

    def mandate(self, work: Situation) -> Mandate | None:
        """Find the mandate by which the person would take the step."""
        rule = work.definition.steps.get(self._step)
        return taking_mandate(self._viewer, rule, work.parties, work.row.summit)

    def reasons(self, work: Situation, line: StepLine) -> tuple[Refusal, ...]:
        """Give every reason why the person may not take the step so."""
        row = work.row
        reason = texts.clean(line.reason or "")
        taker = Taker(self.mandate(work) is not None, bool(reason))
        standing = read_standing(row.standing).get(self._step)
        case = work.case
        days = tuple(day for place, day in sorted(case.days.items()) if place[0] == self._step)
        situation = (
            row.edition_id, row.state, row.shape, standing, row.awaits_revision, days, taker,
        )  # fmt: skip
        if situation not in self._known:
            self._known[situation] = judge_step(case, self._step, taker)
        return (*self._malformed(line, reason), *self._known[situation])

    def _malformed(self, line: StepLine, reason: str) -> list[Refusal]:
        refusals = texts.judge_text("reason", reason, texts.NOTE_LENGTH, lines=True)
        if line.occurred_on is not None and is_in_future(line.occurred_on, self._at):
            refusals.append(refuse(Code.DATE_IN_FUTURE, field="occurred_on"))
        return refusals
