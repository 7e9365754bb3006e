"""`summit audit export`: write what an auditor may see of the log to a file."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.audit_bundle import write_bundle
from workflow.cli.audit_watch import watch
from workflow.cli.exits import BROKEN
from workflow.cli.frame import Command, acting, granted, leave, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.persistence.entry_scope import EntryFilter


@click.command(
    cls=Command,
    example="summit audit export --format csv --out log.csv --proposal TOKYO-01 --as j.auditor",
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl", "xlsx", "bundle"]), required=True
)
@click.option("--out", "path", type=click.Path(path_type=Path), required=True)
@click.option("--proposal", metavar="REF", help="One proposal.")
@click.option("--kind", help="Proposals of one kind.")
@click.option("--party", metavar="CODE", help="Acts in the name of one party.")
@click.option("--actor", metavar="LOGIN", help="Acts of one person.")
@click.option("--step", help="Sign-offs for a step, and the step itself.")
@click.option("--from", "since", metavar="DATE", help="Recorded on this day or later (UTC).")
@click.option("--until", metavar="DATE", help="Recorded on this day or earlier (UTC).")
@click.option("--force", is_flag=True, help="Replace an existing file, but never a bundle.")
@acting
def export(
    runtime: "Runtime",
    caller: "Caller",
    /,
    path: Path,
    form: str,
    *,
    force: bool,
    **wanted: str | None,
) -> None:
    """Write the entries an auditor may see to a file; the export itself becomes an entry.

    A bundle is a folder, of everything or of one proposal, that is checked without this program.
    """
    from workflow.export.new_file import FileExistsAlreadyError  # noqa: PLC0415 - not for --help
    from workflow.log.counted import counted  # noqa: PLC0415 - as above
    from workflow.log.leaf import LeafError  # noqa: PLC0415 - as above
    from workflow.services.audit import Export, export_entries  # noqa: PLC0415 - as above

    if form == "bundle":
        write_bundle(runtime, caller, path, wanted)
        return
    order = Export(path=path, form=form, wanted=_filter(**wanted), replace=force)
    try:
        report = granted(export_entries(runtime, caller, order, watch))
    except FileExistsAlreadyError as error:
        message = f"{error.path} exists already: choose another name, or say --force."
        raise click.UsageError(message) from error
    except LeafError as error:
        click.echo(f"The log is damaged at {error}. Run 'summit audit verify'.", err=True)
        leave(BROKEN)
    document = {
        "entries": report.entries,
        "path": str(report.path),
        "sha256": report.digest,
        "entry": report.entry,
    }
    if report.unsealed is not None:
        click.echo(f"The log could not be sealed before: {report.unsealed}", err=True)
    show(document, f"{counted(report.entries, 'entry')} in {report.path}. Entry {report.entry}.")


def _filter(since: str | None, until: str | None, **rest: str | None) -> "EntryFilter":
    from workflow.persistence.entry_scope import EntryFilter  # noqa: PLC0415 - not for --help

    last = _midnight("--until", until)
    return EntryFilter(
        since=_midnight("--from", since), until=last + timedelta(days=1) if last else None, **rest
    )


def _midnight(option: str, text: str | None) -> datetime | None:
    """Return the first instant of a day in UTC, the zone of an entry's `at`."""
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise click.UsageError(f"{option} wants a date such as 2025-12-20.") from error
