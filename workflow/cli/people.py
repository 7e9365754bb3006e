"""`summit people`: who may act, said by each party's own administrator."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import (
    Group,
    acting,
    ask_password,
    granted,
    maybe_acting,
    reading,
    show,
)
from workflow.cli.output import table
from workflow.cli.people_acts import add, disable, grant, invite, link_address, revoke
from workflow.cli.people_delegations import delegate, undelegate
from workflow.cli.people_erase import erase
from workflow.cli.rows import rows_granted
from workflow.cli.table_files import table_content, table_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller, Mandate
    from workflow.persistence.given_delegations import Given

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit people list --json")
def people() -> None:
    """Say who may act; every act leaves an audit entry."""


@people.command("list", example="summit people list --party UZ --as uz.admin")
@click.option("--party", metavar="CODE", help="Only those who hold a mandate of this party.")
@maybe_acting
def list_people(runtime: "Runtime", caller: "Caller | None", party: str | None) -> None:
    """List people and their mandates; with --as, those this person may know of."""
    from workflow.domain.identity import OPERATOR  # noqa: PLC0415 - nothing loads for --help
    from workflow.persistence.people import viewer_of  # noqa: PLC0415 - as above
    from workflow.queries.people import people_list  # noqa: PLC0415 - as above

    with runtime.uow.read() as tx:
        viewer = viewer_of(tx, caller) if caller is not None else OPERATOR
        found = people_list(tx, viewer, party=party)
    rows = [
        (each.login, each.name, _offices(each.mandates), _offices(each.delegated)) for each in found
    ]
    columns = ("login", "name", "mandates", "delegated to them")
    show([each.as_json() for each in found], table(columns, rows))


def _offices(held: "Iterable[Mandate | Given]") -> str:
    return ", ".join(f"{each.party}:{each.role}" for each in held)


@people.command("import", example="summit people import officials.csv --as uz.admin")
@click.argument("file", type=_FILE)
@table_options
@acting
def import_(
    runtime: "Runtime", caller: "Caller", file: Path, encoding: str | None, delimiter: str | None
) -> None:
    """Add people and mandates from CSV, XLSX or JSON Lines: login,name,party,role[,from,until].

    The whole file is judged first; if a row is refused, nothing of it is done.
    """
    from workflow.services.people_import import import_people  # noqa: PLC0415 - as above

    lines = file.suffix.lower() in {".jsonl", ".ndjson"}
    content = table_content(file)
    done = import_people(runtime, caller, content, encoding, delimiter, lines=lines)
    report = rows_granted(done)
    links = [(login, link_address(runtime, link)) for login, link in report.added]
    summary = (
        f"{len(links)} people added, {report.granted} mandates granted; "
        f"{report.unchanged} were held already."
    )
    show(
        {
            "added": [{"login": login, "link": link} for login, link in links],
            "granted": report.granted,
            "unchanged": report.unchanged,
        },
        [
            *table(("login", "one-time link"), links),
            summary,
        ],
    )


@people.command(example="export SUMMIT_TOKEN=$(summit people token uz.finance)")
@click.argument("login")
@reading
def token(runtime: "Runtime", login: str) -> None:
    """Print an access token, good for 24 hours; asks for the person's password.

    A script may give the password as a line on standard input.
    """
    from workflow.persistence.people import is_demo  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.authenticate import issue_token  # noqa: PLC0415 - as above

    with runtime.uow.read() as tx:
        asks = not is_demo(tx)
    issued = granted(issue_token(runtime, login, _password(login) if asks else None))
    document = {
        "login": issued.login,
        "token": issued.token,
        "expires_at": issued.expires_at.isoformat(),
    }
    show(document, issued.token)


def _password(login: str) -> str:
    """Read a piped password's line, so that a script need not own a terminal; else ask."""
    piped = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    return piped or ask_password(login)


for _act in (add, invite, grant, revoke, disable, erase, delegate, undelegate):
    people.add_command(_act)
