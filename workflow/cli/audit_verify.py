"""`summit audit verify`: check a bundle, an export, a receipt or a database."""

from pathlib import Path

import click

from workflow.cli.exits import BROKEN
from workflow.cli.frame import Command, leave, show

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(cls=Command, example="summit audit verify bundle --vkey log.vkey")
@click.argument("path", required=False)
@click.option(
    "--vkey", "vkeys", metavar="KEY", multiple=True, help="The log's public key, or its file."
)
@click.option("--policy", type=_FILE, help="Your witnesses, and how many of them you want.")
@click.option("--since", type=_FILE, help="A checkpoint that you kept.")
@click.option("--receipt", type=_FILE, help="A receipt that you were given.")
@click.option("--views", is_flag=True, help="Of a bundle, also derive the tables again.")
def verify(
    path: str | None,
    vkeys: tuple[str, ...],
    policy: Path | None,
    since: Path | None,
    receipt: Path | None,
    *,
    views: bool,
) -> None:
    """Check PATH: a bundle's folder, an export, a receipt, or a database (URL or SQLite file).

    Without PATH the database of the settings is checked. The key comes from 'summit audit key'
    where the log is kept; get it by another way than the bundle, which is trusted for nothing.
    """
    from workflow.cli.audit_target import verify_target  # noqa: PLC0415 - not for --help
    from workflow.cli.audit_trust import read_trust, see_that_own  # noqa: PLC0415 - as above

    see_that_own(path, *vkeys, policy)
    trust = read_trust(vkeys, policy, since, receipt)
    result = verify_target(path, trust, views=views)
    document = {
        "ok": result.ok,
        "entries": result.entries,
        "checkpoint": result.checkpoint.document if result.checkpoint else None,
        "first_fault": result.fault.sentence if result.fault else None,
        "chains": result.chains,
        "partial": list(result.partial),
        "checked": list(result.also),
    }
    show(document, result.sentence)
    if not result.ok:
        leave(BROKEN)
