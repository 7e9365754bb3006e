"""`summit summits`: the meetings that proposals come from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Group, maybe_acting, reading, show
from workflow.cli.output import table
from workflow.cli.rows import rows_granted
from workflow.cli.table_files import table_content, table_options

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit summits list")
def summits() -> None:
    """List and import summits."""


@summits.command("list", example="summit summits list --json")
@reading
def list_summits(runtime: "Runtime") -> None:
    """List every summit, the newest first."""
    from workflow.queries.summits import summits_list  # noqa: PLC0415 - nothing loads for --help

    with runtime.uow.read() as tx:
        found = summits_list(tx)
    show(
        [
            {
                "code": each.code,
                "host": each.host,
                "place": each.place,
                "starts_on": each.starts_on.isoformat(),
                "ends_on": each.ends_on.isoformat(),
                "title": dict(each.titles),
            }
            for each in found
        ],
        table(
            ("code", "title", "host", "place", "from", "to"),
            [
                (e.code, e.titles.get("en", ""), e.host, e.place, str(e.starts_on), str(e.ends_on))
                for e in found
            ],
        ),
    )


@summits.command("import", example="summit summits import summits.csv")
@click.argument("file", type=_FILE)
@table_options
@maybe_acting
def import_(
    runtime: "Runtime", caller: "Caller | None", file: Path, encoding: str | None,
    delimiter: str | None,
) -> None:  # fmt: skip
    """Write summits from CSV or XLSX: code,title_en[,title_ja ...],host,place,starts_on,ends_on.

    The whole file is judged first; if a row is refused, nothing of it is done.
    """
    from workflow.services.summits import import_summits  # noqa: PLC0415 - as above

    content = table_content(file)
    codes = rows_granted(import_summits(runtime, caller, content, encoding, delimiter))
    show({"added": list(codes)}, f"Summits: {len(codes)} added.")
