"""What tests ask of a proposal's life: its state, its entries, and how an act is answered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Sign, StepLine, TakeStep
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code
from workflow.persistence.proposal_tables import Proposal, SignOff
from workflow.queries.explain import explain_step
from workflow.queries.history import Event, history
from workflow.services.sign import sign
from workflow.services.step import take_step


def utc(day: str, time: str = "00:00") -> datetime:
    """Read an instant of UTC."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)


def state(runtime: Runtime, reference: str) -> str:
    """Give a proposal's state, as it is kept."""
    with runtime.uow.read() as tx:
        kept = tx.connection.scalar(select(Proposal.state).where(Proposal.reference == reference))
    return kept or ""


def events(runtime: Runtime, reference: str, *kinds: str) -> list[Event]:
    """Give the entries of these kinds, oldest first."""
    with runtime.uow.read() as tx:
        page = history(tx, OPERATOR, reference)
    assert page is not None
    return [event for event in reversed(page.rows) if event.kind in kinds]


def live(runtime: Runtime, reference: str) -> list[tuple[str, str, bool]]:
    """Give (party, decision, weighs) of every live sign-off."""
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(
            select(SignOff.party, SignOff.decision, SignOff.weighs)
            .join(Proposal, Proposal.id == SignOff.proposal_id)
            .where(Proposal.reference == reference, SignOff.ended_at.is_(None))
            .order_by(SignOff.party, SignOff.role)
        )
        return [(party, decision, weighs) for party, decision, weighs in rows]


def lacking(runtime: Runtime, reference: str, step: str = "agree") -> list[Code]:
    """Give the reasons against a step, as the explanation tells them."""
    with runtime.uow.read() as tx:
        told = explain_step(tx, OPERATOR, reference, step)
    assert told is not None
    return [each.refusal.code for each in told.reasons]


def try_to_sign(
    runtime: Runtime, reference: str, by: Caller, seat: tuple[str, str],
    decision: Decision = Decision.APPROVE, **others: Any,  # noqa: ANN401 - those of `Sign`
) -> Sequence[Code]:  # fmt: skip
    """Sign for the step agree, and give the reasons against it; none means that it was done."""
    order = Sign((reference,), "agree", *seat, decision=decision, **others)
    return [reason.code for reason in sign(runtime, by, order)[0].reasons]


def try_to_take(runtime: Runtime, reference: str, step: str, by: Caller) -> Sequence[Code]:
    """Take a step by hand, and give the reasons against it; none means that it was done."""
    order = TakeStep(step, (StepLine(reference, reason="So be it."),))
    return [reason.code for reason in take_step(runtime, by, order)[0].reasons]
