"""`summit history`: acts that already happened, judged by the rules of their moment."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, acting, as_json, granted, leave, progress, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit history import past.jsonl --as secretariat.desk")
def history() -> None:
    """Import acts that already happened."""


@history.command(
    "import",
    example="summit history import past.jsonl --report report.csv --as secretariat.desk",
)
@click.argument("file", type=_IN)
@click.option("--report", type=_OUT, help="Where it is told, line by line.")
@click.option("--strict", is_flag=True, help="Refuse irregular acts instead of recording them.")
@acting
def import_acts(
    runtime: "Runtime", caller: "Caller", file: Path, report: Path | None, *, strict: bool
) -> None:
    """Take in JSON Lines, one act a line, oldest first; an irregular act is recorded as that."""
    from workflow.services.history import import_history  # noqa: PLC0415 - nothing loads for --help

    content = file.read_bytes()
    done = granted(import_history(runtime, caller, content, strict=strict, watch=_watch))
    if report is not None:
        _write(report, done.lines)
    numbers = done.as_json()
    told = ", ".join(f"{count} {name}" for name, count in numbers.items())
    show(numbers, f"{told}. {f'Line by line in {report}.' if report else ''}".rstrip())
    if strict and numbers["refused"]:
        leave(REFUSED)


def _watch(parts: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    return parts if as_json() else progress(parts, "Recording")


def _write(path: Path, lines: Iterable[Any]) -> None:
    from workflow.export.cells import write_record  # noqa: PLC0415 - nothing loads for --help
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - as above

    rows = (
        (str(each.line), each.reference, each.act, each.outcome, "; ".join(each.reasons))
        for each in lines
    )
    with NewFile(path, replace=True) as new:
        new.write_all(["line,reference,act,outcome,reasons\r\n", *map(write_record, rows)])
        new.publish()
