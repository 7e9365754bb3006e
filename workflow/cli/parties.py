"""`summit parties`: the states and organisations that can hold a mandate."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Group, granted, maybe_acting, reading, show
from workflow.cli.output import table
from workflow.cli.rows import rows_granted
from workflow.cli.table_files import table_content, table_options

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit parties list")
def parties() -> None:
    """List, import and bootstrap parties."""


@parties.command("list", example="summit parties list --json")
@reading
def list_parties(runtime: "Runtime") -> None:
    """List every party with its names and time zone."""
    from workflow.queries.people import parties_list  # noqa: PLC0415 - nothing loads for --help

    with runtime.uow.read() as tx:
        found = parties_list(tx)
    show(
        [
            {
                "code": each.code,
                "sort": each.sort,
                "time_zone": each.time_zone,
                "names": dict(each.names),
            }
            for each in found
        ],
        table(
            ("code", "name", "sort", "time zone"),
            [(each.code, each.names.get("en", ""), each.sort, each.time_zone) for each in found],
        ),
    )


@parties.command("import", example="summit parties import parties.csv")
@click.argument("file", type=_FILE)
@table_options
@maybe_acting
def import_(
    runtime: "Runtime", caller: "Caller | None", file: Path, encoding: str | None,
    delimiter: str | None,
) -> None:  # fmt: skip
    """Write parties from CSV or XLSX: code,name_en,name_ja,name_uz,name_ru,sort,time_zone.

    The whole file is judged first; if a row is refused, nothing of it is done. A party that is
    there is renamed. Nobody gets a mandate by it.
    """
    from workflow.services.parties import import_parties  # noqa: PLC0415 - as above

    content = table_content(file)
    report = rows_granted(import_parties(runtime, caller, content, encoding, delimiter))
    document = {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
    }
    counts = ", ".join(f"{len(codes)} {word}" for word, codes in document.items())
    show(document, f"Parties: {counts}.")


@parties.command(
    example="summit parties bootstrap UZ --document note-verbale.pdf --admin uz.admin "
    "--name 'S. Yusupov'"
)
@click.argument("code")
@click.option("--document", type=_FILE, required=True, help="What names the administrator.")
@click.option("--admin", metavar="LOGIN", help="The administrator; CODE.admin if unsaid.")
@click.option("--name", help="The administrator's name; the login if unsaid.")
@maybe_acting
def bootstrap(
    runtime: "Runtime",
    caller: "Caller | None",
    code: str,
    document: Path,
    admin: str | None,
    name: str | None,
) -> None:
    """Make a party's first administrator, once ever; every party sees the entry."""
    from workflow.services import bootstrap_party  # noqa: PLC0415 - nothing loads for --help

    login = admin or f"{code.lower()}.admin"
    order = bootstrap_party.Bootstrap(
        code, login, name or login, document.name, document.read_bytes()
    )
    done = granted(bootstrap_party.bootstrap(runtime, caller, order))
    link = f"{runtime.settings.base_url}/links/{done.link}"
    written = {"party": code, "login": login, "link": link, "entry": done.entry}
    show(written, f"{login} administers {code}, and sets a password here, once: {link}")
