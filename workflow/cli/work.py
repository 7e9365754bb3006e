"""`summit work`: what is due, without anybody acting."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from workflow.cli.beside import is_over
from workflow.cli.exits import BROKEN, INTERRUPTED
from workflow.cli.failures import ending
from workflow.cli.frame import Command, leave, reading, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.services.due import DueReport, Failure


@click.command(cls=Command, example="summit work --json")
@click.option(
    "--limit", type=click.IntRange(1), metavar="NUMBER", help="Look at so many proposals at most."
)
@click.option(
    "--watch", type=click.IntRange(1, 86_400), metavar="SECONDS",
    help="Go on until stopped, and look again after so long.",
)  # fmt: skip
@click.option("--with-server", is_flag=True, hidden=True, help="End when standard input does.")
@reading
def work(runtime: "Runtime", limit: int | None, watch: int | None, *, with_server: bool) -> None:
    """Do what is due: silences that ended, dates that came, days of effect, parents.

    Several may do it at once: nothing is done twice. After a pause all of it takes effect on the
    days on which it was due.
    """
    if watch is not None:
        _watch(runtime, limit, watch, with_server=with_server)
        return
    report = _do(runtime, limit)
    show(_document(report), _told(report))
    if report.failed:
        leave(BROKEN)


def _watch(runtime: "Runtime", limit: int | None, seconds: int, *, with_server: bool) -> None:
    """Do it again and again: what fails is said in a sentence, once a proposal, and goes on."""
    named: set[str] = set()
    while True:
        with ending() as end:
            report = _do(runtime, limit)
            if report.looked:
                show(_document(report), _counted(report))
            for failure in report.failed:
                if failure.reference not in named:
                    click.echo(_failed(failure), err=True)
            named = {failure.reference for failure in report.failed}
            end.code = 0
        if end.code == INTERRUPTED or is_over(seconds, with_server=with_server):
            return


def _do(runtime: "Runtime", limit: int | None) -> "DueReport":
    from workflow.services.due import do_due_work  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.erase import finish  # noqa: PLC0415 - as above

    finish(runtime)
    return do_due_work(runtime, limit)


def _document(report: "DueReport") -> dict[str, object]:
    return {
        "looked": report.looked,
        "steps_taken": report.steps_taken,
        "scheduled": report.scheduled,
        "unscheduled": report.unscheduled,
        "failed": [
            {"reference": each.reference, "problem": each.problem} for each in report.failed
        ],
    }


def _told(report: "DueReport") -> Iterator[str]:
    yield _counted(report) if report.looked or report.failed else "Nothing is due."
    yield from map(_failed, report.failed)


def _counted(report: "DueReport") -> str:
    return (
        f"Something was due for {report.looked} proposals: {report.steps_taken} steps taken,"
        f" {report.scheduled} scheduled, {report.unscheduled} no longer scheduled."
    )


def _failed(failure: "Failure") -> str:
    return (
        f"{failure.reference}: what is due cannot be done ({failure.problem});"
        " 'summit check' names what is damaged."
    )
