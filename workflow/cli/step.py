"""`summit step`: take a step on one proposal."""

from datetime import date
from typing import TYPE_CHECKING

import click

from workflow.cli.dates import DAY
from workflow.cli.frame import Command, acting, tell

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller


@click.command(
    cls=Command,
    example="summit step CAJ-06 decline --as secretariat.desk --reason 'The host region withdrew.'",
)
@click.argument("reference", metavar="REF")
@click.argument("step")
@click.option("--reason", help="Why; side steps need one.")
@click.option("--occurred-on", type=DAY, help="The day it happened, where that was earlier.")
@click.option("--version", type=click.IntRange(1), help="Refuse if it changed since this version.")
@click.option("--key", help="Asking again with the same key takes the step once.")
@acting
def step(
    runtime: "Runtime",
    caller: "Caller",
    reference: str,
    step: str,
    reason: str | None,
    occurred_on: date | None,
    version: int | None,
    key: str | None,
) -> None:
    """Take a step that has all it needs."""
    from workflow.domain.commands import (  # noqa: PLC0415 - nothing loads for --help
        StepLine,
        TakeStep,
    )
    from workflow.services.step import take_step  # noqa: PLC0415 - as above

    line = StepLine(reference, reason, occurred_on, version, key)
    (outcome,) = take_step(runtime, caller, TakeStep(step, (line,)))
    tell(outcome)
