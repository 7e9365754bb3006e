"""`summit audit witness`: the keys by which parties cosign the log, each named by its own party."""

from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Group, acting, granted, reading, show
from workflow.cli.output import table

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.witnesses import Named


@click.group(cls=Group, example="summit audit witness list")
def witness() -> None:
    """Say which keys cosign the log for a party."""


@witness.command(
    example="summit audit witness add uz.example/witness+1f2e3d4c+BA... --party UZ --as uz.admin"
)
@click.argument("vkey")
@click.option("--party", metavar="CODE", required=True)
@acting
def add(runtime: "Runtime", caller: "Caller", vkey: str, party: str) -> None:
    """Name a witness of your party by its public key, which 'audit cosign key' printed."""
    from workflow.services.witnesses import add_witness  # noqa: PLC0415 - not for --help

    _tell(granted(add_witness(runtime, caller, party, vkey)), "cosigns the log for")


@witness.command(example="summit audit witness remove uz.example/witness --as uz.admin")
@click.argument("name")
@acting
def remove(runtime: "Runtime", caller: "Caller", name: str) -> None:
    """Withdraw a witness of your party for good; what it cosigned stays."""
    from workflow.services.witnesses import remove_witness  # noqa: PLC0415 - not for --help

    _tell(granted(remove_witness(runtime, caller, name)), "no longer cosigns the log for")


@witness.command("list", example="summit audit witness list --json")
@reading
def list_witnesses(runtime: "Runtime") -> None:
    """List the witnesses, what each has cosigned last, and an alarm if there ever was one."""
    from workflow.services.ask_witness import read_alarm  # noqa: PLC0415 - not for --help
    from workflow.services.witnesses import current_witnesses  # noqa: PLC0415 - as above

    with runtime.uow.read() as tx:
        found, alarm = current_witnesses(tx), read_alarm(tx)
    document = {
        "witnesses": [
            {
                "party": each.party,
                "name": each.name,
                "vkey": each.vkey,
                "size": each.size,
                "cosigned_at": each.cosigned_at.isoformat() if each.cosigned_at else None,
            }
            for each in found
        ],
        "alarm": alarm,
    }
    lines = table(
        ("party", "name", "cosigned", "at", "key"),
        [
            (each.party, each.name, each.size, _minute(each.cosigned_at), each.vkey)
            for each in found
        ],
    )
    warning = [f"ALARM: a witness has seen another log (witness, seen, size): {alarm}"]
    show(document, [*(warning if alarm else []), *lines])


@witness.command(example="summit audit witness policy --at-least 2 > policy")
@click.option("--at-least", type=click.IntRange(1), help="How many parties; else more than half.")
@reading
def policy(runtime: "Runtime", at_least: int | None) -> None:
    """Print a policy for 'audit verify --policy': this log, its witnesses, and how many suffice.

    It is the host's suggestion: take from it the keys that you know to be right.
    """
    from workflow.log.policy import write_policy  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.witness_policy import (  # noqa: PLC0415 - as above
        ThresholdError,
        suggest_policy,
    )

    try:
        with runtime.uow.read() as tx:
            found = suggest_policy(tx, at_least)
    except ThresholdError as error:
        raise click.UsageError(f"{error}: --at-least cannot be {at_least}.") from error
    text = write_policy(found).decode()
    show({"policy": text, "witnesses": len(found.witnesses)}, text.rstrip("\n"))


def _minute(at: "datetime | None") -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else "never"


def _tell(named: "Named", what: str) -> None:
    document = {
        "party": named.party,
        "name": named.name,
        "vkey": named.vkey,
        "entry": named.entry,
    }
    show(document, f"{named.name} {what} {named.party}. Entry {named.entry}.")
