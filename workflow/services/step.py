"""Take a step by hand, for one proposal or many."""

from collections.abc import Mapping

from workflow.domain import texts
from workflow.domain.commands import StepLine, TakeStep
from workflow.domain.decide import Taker, judge_step
from workflow.domain.identity import Caller, Mandate
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.persistence import proposals
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.situations import taking_mandate
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, Work, as_sent, not_found, open_change, refused
from workflow.services.runtime import Runtime


def take_step(runtime: Runtime, caller: Caller, order: TakeStep) -> tuple[Outcome, ...]:
    """Take the step for every line the rules allow; one outcome a line, in order."""
    with runtime.uow.write() as tx:
        return take_in(tx, open_change(tx, caller, order.change_id), order)


def take_in(tx: Tx, change: Change, order: TakeStep) -> tuple[Outcome, ...]:
    """Take the step within an open transaction."""
    answers = _known_answers(tx, change.caller, order)
    asked = [line for line in order.lines if line.reference not in answers]
    works = change.open([line.reference for line in asked])
    judge = _Judge(change, order.step)
    for line in asked:
        work = works.get(line.reference)
        if work is None:
            answers[line.reference] = not_found(line.reference)
            continue
        reasons = _stale(work, line) or judge.reasons(work, line)
        if reasons:
            answers[line.reference] = refused(work, reasons)
        else:
            mandate = judge.mandate(work)
            change.take(
                work, work.definition.steps[order.step], mandate,
                reason=line.reason, occurred_on=line.occurred_on,
            )  # fmt: skip
            change.settle(work, mandate, line.reason)
    written = change.write()
    for line in asked:
        if line.reference in written:
            answers[line.reference] = written[line.reference]
            remember(tx, change.caller.person_id, line.idempotency_key, (order.step, line),
                     written[line.reference])  # fmt: skip
    return tuple(answers[line.reference] for line in order.lines)


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


class _Judge:
    """Judges each distinct situation once: equal situations have equal answers."""

    def __init__(self, change: Change, step: str) -> None:
        self._viewer, self._step = change.viewer, step
        self._known: dict[tuple[object, ...], tuple[Refusal, ...]] = {}

    def mandate(self, work: Work) -> Mandate | None:
        rule = work.definition.steps.get(self._step)
        return taking_mandate(self._viewer, rule, work.parties, work.row.summit)

    def reasons(self, work: Work, line: StepLine) -> tuple[Refusal, ...]:
        row = work.row
        reason = texts.clean(line.reason or "")
        taker = Taker(self.mandate(work) is not None, bool(reason))
        unsafe = texts.judge_text("reason", reason, texts.NOTE_LENGTH, lines=True)
        situation = (
            row.edition_id, row.state, row.shape, row.standing, row.awaits_revision, taker,
        )  # fmt: skip
        if situation not in self._known:
            self._known[situation] = judge_step(work.case, self._step, taker)
        return (*unsafe, *self._known[situation])


def moved_already(tx: Tx, change_id: str, works: Mapping[str, Work]) -> set[str]:
    """Give the references that this bulk change has already moved."""
    moved = proposals.moved_by(tx, change_id, [work.row.id for work in works.values()])
    return {reference for reference, work in works.items() if work.row.id in moved}
