"""`summit audit`: export the log for an auditor, and check an export or a database."""

import click

from workflow.cli.audit_cosign import cosign
from workflow.cli.audit_export import export
from workflow.cli.audit_log import checkpoint_command, key_command, seal_command
from workflow.cli.audit_witness import witness
from workflow.cli.exits import BROKEN
from workflow.cli.frame import Group, leave, show


@click.group(cls=Group, example="summit audit export --format jsonl --out log.jsonl --as j.auditor")
def audit() -> None:
    """Export the log and verify it."""


audit.add_command(export)
audit.add_command(key_command)
audit.add_command(seal_command)
audit.add_command(checkpoint_command)
audit.add_command(cosign)
audit.add_command(witness)


@audit.command(example="summit audit verify log.jsonl")
@click.argument("path", required=False)
def verify(path: str | None) -> None:
    """Check PATH: a CSV or JSON Lines export, or a database (its URL, or a SQLite file).

    Without PATH the database of the settings is checked.
    """
    from workflow.cli.audit_target import verify_target  # noqa: PLC0415 - not for --help

    result = verify_target(path)
    document = {
        "ok": result.ok,
        "entries": result.entries,
        "checkpoint": None,
        "first_fault": result.fault.sentence if result.fault else None,
        "chains": result.chains,
        "partial": list(result.partial),
    }
    show(document, result.sentence)
    if not result.ok:
        leave(BROKEN)
