"""`summit history`: acts that already happened, judged by the rules of their moment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, acting, as_json, granted, leave, progress, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.history_taking import Told

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

    with file.open("rb") as source, _report(report) as tell:
        done = granted(
            import_history(runtime, caller, source, strict=strict, tell=tell, watch=_watch)
        )
    numbers = done.as_json()
    told = ", ".join(f"{count} {name}" for name, count in numbers.items())
    show(numbers, f"{told}. {f'Line by line in {report}.' if report else ''}".rstrip())
    if strict and numbers["refused"]:
        leave(REFUSED)


def _watch(shares: Iterable[Any], number: int) -> Iterable[Any]:
    return shares if as_json() else progress(shares, "Recording", number)


@contextmanager
def _report(path: Path | None) -> Iterator[Callable[[Sequence["Told"]], None] | None]:
    """Give what writes the report as the import goes on; it appears when all is told."""
    if path is None:
        yield None
        return
    from workflow.export.cells import write_record  # noqa: PLC0415 - nothing loads for --help
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - as above

    with NewFile(path, replace=True) as new:
        new.write_all(["line,reference,act,outcome,reasons\r\n"])
        yield lambda told: new.write_all(map(write_record, map(_cells, told)))
        new.publish()


def _cells(told: "Told") -> tuple[str, ...]:
    reasons = "; ".join(told.reasons)
    return (str(told.line), told.reference, told.act, told.outcome, reasons)
