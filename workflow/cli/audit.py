"""`summit audit`: the log, for who keeps it, for its auditors and for its witnesses."""

import click

from workflow.cli.audit_cosign import cosign
from workflow.cli.audit_export import export
from workflow.cli.audit_log import checkpoint_command, key_command, seal_command
from workflow.cli.audit_receipt import receipt
from workflow.cli.audit_verify import verify
from workflow.cli.audit_witness import witness
from workflow.cli.frame import Group


@click.group(cls=Group, example="summit audit export --format jsonl --out log.jsonl --as j.auditor")
def audit() -> None:
    """Export the log and verify it."""


audit.add_command(export)
audit.add_command(key_command)
audit.add_command(seal_command)
audit.add_command(checkpoint_command)
audit.add_command(cosign)
audit.add_command(witness)
audit.add_command(verify)
audit.add_command(receipt)
