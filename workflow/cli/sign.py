"""`summit sign`: one sign-off on one proposal."""

from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, tell

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_DECISIONS = ("approve", "object", "withdraw", "lift")


@click.command(
    cls=Command,
    example="summit sign CAJ-01 agree --as uz.foreign --party UZ --role foreign_ministry",
)
@click.argument("reference", metavar="REF")
@click.argument("step")
@click.option("--party", metavar="CODE", required=True, help="In whose name.")
@click.option("--role", required=True, help="In which role.")
@click.option("--decision", type=click.Choice(_DECISIONS), default="approve", show_default=True)
@click.option("--note", help="Kept with the sign-off; an objection needs one.")
@click.option("--revision", type=click.IntRange(1), help="The revision you read; else the present.")
@click.option("--key", help="Asking again with the same key signs once.")
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
) -> None:
    """Sign a proposal's step for a role of your party: approve, object, withdraw or lift."""
    from workflow.domain.commands import Decision, Sign  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.sign import sign as do_sign  # noqa: PLC0415 - as above

    order = Sign(
        (reference,), step, party, role, Decision(decision), note, revision, idempotency_key=key
    )
    (outcome,) = do_sign(runtime, caller, order)
    tell(outcome)
