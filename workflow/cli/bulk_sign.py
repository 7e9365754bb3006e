"""`summit bulk sign`: many sign-offs of one's own mandates, by a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.exits import REFUSED
from workflow.cli.frame import (
    Command,
    acting,
    as_json,
    granted,
    leave,
    progress,
    reasons_of,
    show,
)
from workflow.cli.table_files import table_content, table_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.bulk_sign import SignLine, SignReport

_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_SHOWN = 20
_OUT = click.Path(dir_okay=False, path_type=Path)
_DECISIONS = ("approve", "reserve", "ad-referendum", "confirm", "abstain", "object")


@click.command(
    "sign",
    cls=Command,
    example="summit bulk sign rows.csv --step agree --party UZ --role finance_ministry"
    " --as uz.finance --report report.csv",
)
@click.argument("file", type=_IN)
@click.option("--step", default="", help="The step of every line that names none.")
@click.option("--party", metavar="CODE", default="", help="In whose name, likewise.")
@click.option("--role", default="", help="In which role, likewise.")
@click.option("--decision", type=click.Choice(_DECISIONS), default="approve", show_default=True)
@click.option("--note", help="Kept with each sign-off that has none of its own.")
@table_options
@click.option("--report", type=_OUT, required=True, help="Where it is told, line by line.")
@acting
def sign_command(
    runtime: "Runtime",
    caller: "Caller",
    /,
    file: Path,
    step: str,
    party: str,
    role: str,
    decision: str,
    note: str | None,
    encoding: str | None,
    delimiter: str | None,
    report: Path,
) -> None:
    """Sign for one's own seats on many proposals, each line for itself.

    The columns are reference, and step, party, role, decision, note, revision where lines differ.
    The whole file is read before anything is signed. Killed and run again with the same file and
    options it finishes, and signs nothing twice.
    """
    from workflow.domain.commands import Decision, Sign  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.bulk_sign import read_sign_file, sign_many  # noqa: PLC0415 - as above

    if report.exists() and report.samefile(file):
        raise click.UsageError("The report would replace the file: name another.")
    default = Sign(("",), step, party, role, Decision(decision), note)
    read = granted(read_sign_file(table_content(file), default, encoding, delimiter))
    done = sign_many(runtime, caller, read, _watch)
    _write(report, done)
    numbers = done.as_json()
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in numbers.items())
    unread = [each.line for each in done.lines if each.line.refusal is not None]
    show(numbers, [f"{told}. Line by line in {report}.", *_sentences(unread[:_MOST_SHOWN])])
    if numbers["refused"]:
        leave(REFUSED)


def _sentences(lines: "Iterable[SignLine]") -> list[str]:
    refusals = (line.refusal for line in lines if line.refusal is not None)
    return [each["text"] for each in reasons_of(refusals)]


def _watch(parts: "Iterable[Sequence[SignLine]]") -> "Iterable[Sequence[SignLine]]":
    return parts if as_json() else progress(parts, "Signing")


def _write(path: Path, done: "SignReport") -> None:
    from workflow.export.cells import write_record  # noqa: PLC0415 - nothing loads for --help
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - as above

    header = ("line", "reference", "step", "party", "role", "outcome", "reasons")
    rows = (
        (str(each.line.number), *each.line.seat, each.outcome, "; ".join(each.reasons))
        for each in done.lines
    )
    with NewFile(path, replace=True) as new:
        new.write_all([",".join(header) + "\r\n", *map(write_record, rows)])
        new.publish()
