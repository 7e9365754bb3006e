"""`summit audit export --format bundle`: write a folder that proves itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.audit_watch import watch
from workflow.cli.exits import BROKEN
from workflow.cli.frame import granted, leave, show
from workflow.cli.log_files import NO_KEY

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller


def write_bundle(
    runtime: "Runtime", caller: "Caller", path: Path, wanted: Mapping[str, str | None]
) -> None:
    """Write a bundle; of all filters a bundle knows the proposal alone."""
    from workflow.export.new_file import FileExistsAlreadyError  # noqa: PLC0415 - not for --help
    from workflow.log.counted import counted  # noqa: PLC0415 - as above
    from workflow.log.leaf import LeafError  # noqa: PLC0415 - as above
    from workflow.log.tiles import TileError  # noqa: PLC0415 - as above
    from workflow.services.bundle import (  # noqa: PLC0415 - as above
        BundleOrder,
        NoLogKeyError,
        export_bundle,
    )

    proposal = _only_proposal(wanted)
    try:
        report = granted(export_bundle(runtime, caller, BundleOrder(path, proposal), watch))
    except FileExistsAlreadyError as error:
        raise click.UsageError(f"{error.path} exists already: choose another name.") from error
    except NoLogKeyError as error:
        raise click.UsageError(NO_KEY) from error
    except (LeafError, TileError) as error:
        click.echo(f"The log is damaged at {error}. Run 'summit audit verify'.", err=True)
        leave(BROKEN)
    document = {
        "entries": report.entries,
        "path": str(report.path),
        "sha256": report.digest,
        "entry": report.entry,
    }
    show(document, f"{counted(report.entries, 'entry')} in {report.path}. Entry {report.entry}.")


def _only_proposal(wanted: Mapping[str, str | None]) -> str | None:
    others = [name for name, value in wanted.items() if value is not None and name != "proposal"]
    if others:
        name = "from" if others[0] == "since" else others[0]
        raise click.UsageError(
            f"A bundle holds whole chains, so it cannot be narrowed by --{name}: give --proposal "
            "or nothing, or take --format jsonl."
        )
    return wanted.get("proposal")
