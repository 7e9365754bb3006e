"""The acts of `summit people`: whom a party's administrator adds, and what they may do."""

from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, granted, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.mandates import Office
    from workflow.services.people import Done


def _office_options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--until", metavar="DATE", help="The last day, or an instant with its zone."),
        click.option("--from", "starts", metavar="DATE", help="The first day; now if unsaid."),
        click.option("--summit", metavar="CODE", help="For this summit alone."),
    ):
        command = option(command)
    return command


@click.command(
    cls=Command,
    example="summit people add n.rahimova --name 'N. Rahimova' --party UZ "
    "--role finance_ministry --as uz.admin",
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


@click.command(cls=Command, example="summit people invite n.rahimova --as uz.admin")
@click.argument("login")
@acting
def invite(runtime: "Runtime", caller: "Caller", login: str) -> None:
    """Make a new one-time link for a person of one's own party."""
    from workflow.services.people import invite as invite_person  # noqa: PLC0415 - as above

    _tell_link(runtime, granted(invite_person(runtime, caller, login)))


@click.command(
    cls=Command,
    example="summit people grant n.rahimova --party UZ --role finance_ministry "
    "--from 2026-01-01 --until 2026-12-31 --as uz.admin",
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
    tell_done(done, f"{login} holds {party}:{role}.")


@click.command(
    cls=Command,
    example="summit people revoke n.rahimova --party UZ --role finance_ministry --as uz.admin",
)
@click.argument("login")
@click.option("--party", metavar="CODE", required=True)
@click.option("--role", required=True)
@acting
def revoke(runtime: "Runtime", caller: "Caller", login: str, party: str, role: str) -> None:
    """Take a role of one's own party back, now; what was signed stays signed."""
    from workflow.services.people import revoke as revoke_role  # noqa: PLC0415 - as above

    done = granted(revoke_role(runtime, caller, login, party, role))
    tell_done(done, f"{login} holds {party}:{role} no more.")


@click.command(cls=Command, example="summit people disable n.rahimova --as uz.admin")
@click.argument("login")
@acting
def disable(runtime: "Runtime", caller: "Caller", login: str) -> None:
    """Let a person act no more; sessions, tokens and links end at once."""
    from workflow.services.people import disable as disable_person  # noqa: PLC0415 - as above

    tell_done(granted(disable_person(runtime, caller, login)), f"{login} can act no more.")


def _office(
    party: str, role: str, summit: str | None, starts: str | None, until: str | None
) -> "Office":
    from workflow.services.mandates import Office  # noqa: PLC0415 - nothing loads for --help

    return Office(party=party, role=role, summit=summit, starts=starts, ends=until)


def link_address(runtime: "Runtime", link: str) -> str:
    """Give the address at which a one-time link is used."""
    return f"{runtime.settings.base_url}/links/{link}"


def _tell_link(runtime: "Runtime", done: "Done") -> None:
    address = link_address(runtime, done.link) if done.link is not None else None
    document = {"login": done.login, "link": address, "entry": done.entry}
    show(document, f"{done.login} sets a password here, once, within 7 days: {address}")


def tell_done(done: "Done", sentence: str) -> None:
    """Say that an act on a person was carried out, and by which entry."""
    document = {"outcome": "granted", "reasons": [], "login": done.login, "entry": done.entry}
    show(document, f"{sentence} Entry {done.entry}.")
