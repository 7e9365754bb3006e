"""`summit definitions migrate`: move proposals to another edition of their rules, and back."""

from typing import TYPE_CHECKING, Any

import click

from workflow.cli.frame import Command, granted, reading, reasons_of, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.services.migrate import Migrated
    from workflow.services.migrating import Migration


@click.command(
    "migrate", cls=Command, example="summit definitions migrate investment-fund --to 2 --plan"
)
@click.argument("kind")
@click.option("--to", "number", type=click.IntRange(min=1), help="The edition to move to.")
@click.option("--plan", is_flag=True, help="Say what would become of each; change nothing.")
@click.option("--revert", "change", metavar="CHANGE", help="Undo the migration of this number.")
@click.option("--as", "as_login", metavar="LOGIN", help="Who acts.")
@reading
def migrate_command(
    runtime: "Runtime", kind: str, number: int | None, plan: bool, change: str | None,  # noqa: FBT001 - click's flag
    as_login: str | None,
) -> None:  # fmt: skip
    """Move every proposal of a kind that is on its way to another edition of its rules.

    What has ended keeps the rules it ended under. A proposal that cannot be moved stays where it
    is, with the reason; run again, the command takes what is left.
    """
    from workflow.services import migrate  # noqa: PLC0415 - nothing loads for --help

    if (number is None) == (change is None):
        raise click.UsageError("Say either --to with the edition, or --revert with the change.")
    if plan and number is not None:
        _tell(granted(migrate.plan_migration(runtime, kind, number)), planned=True)
        return
    if as_login is None:
        raise click.UsageError("Say with --as who migrates, or --plan to look first.")
    from workflow.cli.frame import proved  # noqa: PLC0415 - as above

    caller = proved(runtime, as_login)
    if number is not None:
        _tell(granted(migrate.migrate(runtime, caller, kind, number)), planned=False)
    else:
        _tell(granted(migrate.revert_migration(runtime, caller, change or "")), planned=False)


def _tell(done: "Migrated", *, planned: bool) -> None:
    moving = [line for line in done.lines if line.granted]
    document = {
        "kind": done.kind,
        "to": done.number or None,
        "change": done.change_id,
        "rows": len(done.lines),
        "will_change" if planned else "moved": len(moving),
        "refused": len(done.lines) - len(moving),
        "proposals": [_line(line) for line in done.lines],
    }
    show(document, [each for line in done.lines for each in _told(line)] + [_sum(done, planned)])


def _sum(done: "Migrated", planned: bool) -> str:  # noqa: FBT001 - one plain fact
    moving = sum(line.granted for line in done.lines)
    if planned:
        return f"{moving} of {len(done.lines)} proposals can be moved. Nothing was changed."
    undo = f" Undo it with --revert {done.change_id}." if done.number else ""
    return f"{moving} of {len(done.lines)} proposals moved.{undo}"


def _line(line: "Migration") -> dict[str, Any]:
    return {
        "reference": line.reference,
        "version": line.version,
        "outcome": "granted" if line.granted else "refused",
        "reasons": reasons_of(line.reasons),
        "void": [{"step": each.step, "party": each.party, "role": each.role} for each in line.void],
        "lost": list(line.lost),
        "missing": [{"step": step, **reasons_of([reason])[0]} for step, reason in line.missing],
        "taken": line.taken,
    }


def _told(line: "Migration") -> list[str]:
    written = _line(line)
    if not line.granted:
        return [f"{line.reference}: stays. " + " ".join(r["text"] for r in written["reasons"])]
    told = [f"{line.reference}: moves."]
    told += [
        f"  void: the sign-off of {each['party']}, {each['role']} for {each['step']}"
        for each in written["void"]
    ]
    told += [f"  lost: {name}, which the new rules do not know" for name in line.lost]
    told += [f"  missing for {each['step']}: {each['text']}" for each in written["missing"]]
    if line.taken:
        told.append(f"  the step {line.taken} follows at once: all it needs is there")
    return told
