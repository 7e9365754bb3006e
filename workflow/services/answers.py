"""What a use case answers for one proposal."""

from collections.abc import Sequence
from dataclasses import replace

from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.services.work import Work


def not_found(reference: str) -> Outcome:
    """Answer for a proposal that does not exist for the caller."""
    return Outcome(reference, (refuse(Code.NOT_FOUND, reference=reference),))


def refused(work: Work, reasons: Sequence[Refusal]) -> Outcome:
    """Answer that nothing was done, and where the proposal stands."""
    row = work.row
    return Outcome(row.reference, tuple(reasons), row.state, row.revision, row.version)


def as_sent(outcome: Outcome, reference: str) -> Outcome:
    """Give an answer that an idempotency key remembered, under the reference that was asked."""
    return replace(outcome, reference=outcome.reference or reference)


def filled(**texts: str | None) -> dict[str, str]:
    """Give the texts that there are, by name."""
    return {name: text for name, text in texts.items() if text}
