"""May this step be taken; if not, why, and who can change that: the verdict as a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.domain.decide import Case, Taker, judge_step
from workflow.domain.definition import Definition, StepRule
from workflow.domain.explain import Node, Office, explain
from workflow.domain.identity import Viewer
from workflow.domain.simulate import Simulated, on_day, with_signed
from workflow.domain.verdicts import Refusal
from workflow.persistence.situations import taking_mandate
from workflow.persistence.unit_of_work import Tx
from workflow.queries.cured import Cured, with_who
from workflow.queries.cures import Reason, with_cures
from workflow.queries.dossier import Dossier, open_dossier


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict on a step for a viewer; `tree` is None for a step the kind does not have.

    With `if_signed` it is the verdict as it would be; `not_signed` then tells of the seats that
    could not have signed.
    """

    reference: str
    step: str
    granted: bool
    reasons: tuple[Reason, ...]
    tree: Node | None
    not_signed: tuple[tuple[Office, tuple[Refusal, ...]], ...]
    told: Cured | None
    """The tree once more, each part with who could cure it today."""
    definition: Definition
    """The edition whose rules these are."""


def explain_step(
    tx: Tx, viewer: Viewer, reference: str, step: str, if_signed: Sequence[Office] = (),
    on: date | None = None,
) -> Explanation | None:  # fmt: skip
    """Explain a step, also as if the seats (party, role) had signed; None if hidden or unknown.

    With `on`, today or a later day, it is the verdict that the calendar will have made by then.
    """
    dossier = open_dossier(tx, viewer, reference)
    if dossier is None:
        return None
    rule = dossier.at.definition.steps.get(step)
    if rule is None:
        reasons = judge_step(dossier.at.case, step)
        return Explanation(
            reference, step, granted=False, reasons=tuple(map(Reason, reasons)), tree=None,
            not_signed=(), told=None, definition=dossier.at.definition,
        )  # fmt: skip
    assumed = _assume(dossier, rule, if_signed, tx.at, on)
    reasons = _reasons(dossier, rule, assumed.case)
    imagined = replace(dossier, answers=assumed.answers)
    tree = explain(assumed.case, rule, dossier.at.parties, assumed.answers)
    return Explanation(
        reference,
        step,
        granted=not reasons,
        reasons=with_cures(imagined, rule, reasons),
        tree=tree,
        not_signed=assumed.refused,
        told=with_who(imagined, rule, tree),
        definition=dossier.at.definition,
    )


def _assume(
    dossier: Dossier, rule: StepRule, seats: Sequence[Office], at: datetime, on: date | None
) -> Simulated:
    case, parties = dossier.at.case, dossier.at.parties
    signed = with_signed(case, rule, parties, dossier.answers, seats, at)
    if on is None:
        return signed
    return replace(signed, case=on_day(signed.case, rule, on, at.date()))


def _reasons(dossier: Dossier, rule: StepRule, case: Case) -> tuple[Refusal, ...]:
    """Judge for the operator whether the proposal is ready, for a person whether they may take it.

    Nobody takes a step that fires by itself, so there the question is the proposal's alone.
    """
    viewer, at = dossier.viewer, dossier.at
    if viewer.operator or not rule.by:
        return judge_step(case, rule.name)
    mandate = taking_mandate(viewer, rule, at.parties, at.row.summit)
    return judge_step(case, rule.name, Taker(mandate is not None, gives_reason=True))
