"""`summit check`: is everything in the database as it should be."""

from typing import TYPE_CHECKING

import click

from workflow.cli.exits import BROKEN
from workflow.cli.failures import NotReadyError
from workflow.cli.frame import Command, installing, leave, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime


@click.command(cls=Command, example="summit check --json")
@installing
def check(runtime: "Runtime") -> None:
    """Count what is kept anew, verify the log, keys and tables; name every fault."""
    from workflow.services.check import find_faults  # noqa: PLC0415 - nothing loads for --help

    file = runtime.settings.database_file
    if file is not None and not file.exists():
        raise NotReadyError
    faults = list(find_faults(runtime))
    lines = [f"Broken: {fault}." for fault in faults] or ["OK: everything is as it should be."]
    show({"ok": not faults, "faults": faults}, lines)
    if faults:
        leave(BROKEN)
