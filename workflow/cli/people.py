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
from workflow.cli.rows import rows_granted

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.mandates import Office
    from workflow.services.people import Done

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit people list --json")
def people() -> None:
    """Say who may act; every act leaves an audit entry."""


def _office_options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--until", metavar="DATE", help="The last day, or an instant with its zone."),
        click.option("--from", "starts", metavar="DATE", help="The first day; now if unsaid."),
        click.option("--summit", metavar="CODE", help="For this summit alone."),
    ):
        command = option(command)
    return command


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
        (each.login, each.name, ", ".join(f"{one.party}:{one.role}" for one in each.mandates))
        for each in found
    ]
    show([each.as_json() for each in found], table(("login", "name", "mandates"), rows))


@people.command(
    example="summit people add n.rahimova --name 'N. Rahimova' --party UZ "
    "--role finance_ministry --as uz.admin"
)
@click.argument("login")
@click.option("--name", required=True, help="As it stands on screens and in the record.")
@click.option("--party", metavar="CODE", required=True, help="The party that adds the person.")
@click.option("--role", help="A first role to hold for this party.")
@_office_options
@acting
def add(
    runtime: "Runtime",
    caller: "Caller",
    login: str,
    name: str,
    party: str,
    role: str | None,
    summit: str | None,
    starts: str | None,
    until: str | None,
) -> None:
    """Add a person, who sets a password by a one-time link."""
    from workflow.services.people import NewPerson  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.people import add as add_person  # noqa: PLC0415 - as above

    if role is None and (summit or starts or until):
        raise click.UsageError("--summit, --from and --until say more of a --role: give one.")
    office = _office(party, role, summit, starts, until) if role is not None else None
    _tell_link(runtime, granted(add_person(runtime, caller, NewPerson(login, name, party, office))))


@people.command(example="summit people invite n.rahimova --as uz.admin")
@click.argument("login")
@acting
def invite(runtime: "Runtime", caller: "Caller", login: str) -> None:
    """Make a new one-time link for a person of one's own party."""
    from workflow.services.people import invite as invite_person  # noqa: PLC0415 - as above

    _tell_link(runtime, granted(invite_person(runtime, caller, login)))


@people.command("import", example="summit people import officials.csv --as uz.admin")
@click.argument("file", type=_FILE)
@acting
def import_(runtime: "Runtime", caller: "Caller", file: Path) -> None:
    """Add people and mandates from CSV or JSON Lines: login,name,party,role[,from,until].

    The whole file is judged first; if a row is refused, nothing of it is done.
    """
    from workflow.services.people_import import import_people  # noqa: PLC0415 - as above

    lines = file.suffix.lower() in {".jsonl", ".ndjson"}
    report = rows_granted(import_people(runtime, caller, file.read_bytes(), lines=lines))
    links = [(login, _address(runtime, link)) for login, link in report.added]
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


@people.command(
    example="summit people grant n.rahimova --party UZ --role finance_ministry "
    "--from 2026-01-01 --until 2026-12-31 --as uz.admin"
)
@click.argument("login")
@click.option("--party", metavar="CODE", required=True)
@click.option("--role", required=True)
@_office_options
@acting
def grant(
    runtime: "Runtime",
    caller: "Caller",
    login: str,
    party: str,
    role: str,
    summit: str | None,
    starts: str | None,
    until: str | None,
) -> None:
    """Give a person a role of one's own party."""
    from workflow.services.people import grant as grant_role  # noqa: PLC0415 - as above

    office = _office(party, role, summit, starts, until)
    done = granted(grant_role(runtime, caller, login, office))
    _tell(done, f"{login} holds {party}:{role}.")


@people.command(
    example="summit people revoke n.rahimova --party UZ --role finance_ministry --as uz.admin"
)
@click.argument("login")
@click.option("--party", metavar="CODE", required=True)
@click.option("--role", required=True)
@acting
def revoke(runtime: "Runtime", caller: "Caller", login: str, party: str, role: str) -> None:
    """Take a role of one's own party back, now; what was signed stays signed."""
    from workflow.services.people import revoke as revoke_role  # noqa: PLC0415 - as above

    done = granted(revoke_role(runtime, caller, login, party, role))
    _tell(done, f"{login} holds {party}:{role} no more.")


@people.command(example="summit people disable n.rahimova --as uz.admin")
@click.argument("login")
@acting
def disable(runtime: "Runtime", caller: "Caller", login: str) -> None:
    """Let a person act no more; sessions, tokens and links end at once."""
    from workflow.services.people import disable as disable_person  # noqa: PLC0415 - as above

    _tell(granted(disable_person(runtime, caller, login)), f"{login} can act no more.")


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


def _office(
    party: str, role: str, summit: str | None, starts: str | None, until: str | None
) -> "Office":
    from workflow.services.mandates import Office  # noqa: PLC0415 - nothing loads for --help

    return Office(party=party, role=role, summit=summit, starts=starts, ends=until)


def _address(runtime: "Runtime", link: str) -> str:
    return f"{runtime.settings.base_url}/links/{link}"


def _tell_link(runtime: "Runtime", done: "Done") -> None:
    address = _address(runtime, done.link) if done.link is not None else None
    document = {"login": done.login, "link": address, "entry": done.entry}
    show(document, f"{done.login} sets a password here, once, within 7 days: {address}")


def _tell(done: "Done", sentence: str) -> None:
    document = {"outcome": "granted", "reasons": [], "login": done.login, "entry": done.entry}
    show(document, f"{sentence} Entry {done.entry}.")
