"""`summit sign`: one sign-off on one proposal."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.dates import DAY
from workflow.cli.frame import Command, acting, tell

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.commands import Sign
    from workflow.domain.identity import Caller
    from workflow.domain.verdicts import Outcome

_DECISIONS = (
    "approve", "reserve", "ad-referendum", "confirm", "abstain", "object", "withdraw", "lift",
)  # fmt: skip
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Paper:
    """What is said of an act on paper: whose it is, of which day, and its document."""

    login: str | None
    occurred_on: date | None
    document: Path | None


@click.command(
    cls=Command,
    example="summit sign CAJ-01 agree --as uz.foreign --party UZ --role foreign_ministry",
)
@click.argument("reference", metavar="REF")
@click.argument("step")
@click.option("--party", metavar="CODE", required=True, help="In whose name.")
@click.option("--role", required=True, help="In which role.")
@click.option("--decision", type=click.Choice(_DECISIONS), default="approve", show_default=True)
@click.option("--note", help="Kept with the sign-off; an objection or a reservation needs one.")
@click.option("--revision", type=click.IntRange(1), help="The revision you read; else the present.")
@click.option("--key", help="Asking again with the same key signs once.")
@click.option("--on-behalf", metavar="LOGIN", help="Record what this person signed on paper.")
@click.option("--occurred-on", type=DAY, help="The day of the paper, as the party's calendar says.")
@click.option("--document", type=_FILE, help="The paper itself: PDF, PNG, JPEG, TXT or CSV.")
@acting
def sign(
    runtime: "Runtime",
    caller: "Caller",
    reference: str,
    step: str,
    party: str,
    role: str,
    decision: str,
    note: str | None,
    revision: int | None,
    key: str | None,
    on_behalf: str | None,
    occurred_on: date | None,
    document: Path | None,
) -> None:
    """Sign a proposal's step for a role of your party.

    reserve approves with a reservation on record; ad-referendum approves subject to confirmation;
    confirm turns that, or a paper act, into a sign-off that counts; abstain answers without
    approving; object is recorded, or stops the step where the rules say so; withdraw takes one's
    own sign-off back, lift one's own objection.

    With --on-behalf, --occurred-on and --document you record what somebody signed on paper; it
    counts once a holder of the same seat, other than you, confirms it.
    """
    from workflow.domain.commands import Decision, Sign  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.sign import sign as do_sign  # noqa: PLC0415 - as above

    order = Sign(
        (reference,), step, party, role, Decision(decision), note, revision, idempotency_key=key
    )
    paper = _Paper(on_behalf, occurred_on, document)
    if paper == _Paper(None, None, None):
        (outcome,) = do_sign(runtime, caller, order)
    else:
        outcome = _record(runtime, caller, order, paper)
    tell(outcome)


def _record(runtime: "Runtime", caller: "Caller", order: "Sign", paper: _Paper) -> "Outcome":
    from workflow.domain.commands import RecordPaper  # noqa: PLC0415 - as above
    from workflow.services.paper import record_paper  # noqa: PLC0415 - as above

    if paper.login is None or paper.occurred_on is None or paper.document is None:
        raise click.UsageError("A paper act needs --on-behalf, --occurred-on and --document.")
    return record_paper(
        runtime,
        caller,
        RecordPaper(
            reference=order.references[0], step=order.step, party=order.party, role=order.role,
            login=paper.login, occurred_on=paper.occurred_on, file_name=paper.document.name,
            content=paper.document.read_bytes(), decision=order.decision, note=order.note,
            revision=order.revision, idempotency_key=order.idempotency_key,
        ),
    )  # fmt: skip
