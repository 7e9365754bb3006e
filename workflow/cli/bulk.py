"""`summit bulk`: plan steps on many proposals, look at the plan, carry it out."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.bulk_sign import sign_command
from workflow.cli.dates import DAY
from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, acting, as_json, granted, leave, progress, show
from workflow.cli.output import table
from workflow.cli.table_files import table_content, table_options

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.bulk_plan import PlanLine

_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_SHOWN = 20
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit bulk plan rows.csv --as secretariat.desk --out plan.jsonl")
def bulk() -> None:
    """Plan and apply steps on many proposals, and sign many."""


bulk.add_command(sign_command)


@bulk.command(
    example="summit bulk plan --kind forum --state agreed --step implement --as secretariat.desk"
    " --out plan.jsonl"
)
@click.argument("file", type=_IN, required=False)
@click.option("--step", help="The step of every line that names none.")
@click.option("--kind", help="Without a file: all proposals of this kind ...")
@click.option("--state", help="... in this state ...")
@click.option("--summit", metavar="CODE", help="... of this summit.")
@click.option("--reason", help="Without a file: why.")
@click.option("--occurred-on", type=DAY, help="Without a file: the day it happened.")
@table_options
@click.option("--out", type=_OUT, required=True, help="Where the plan goes.")
@acting
def plan(
    runtime: "Runtime",
    caller: "Caller",
    /,
    file: Path | None,
    out: Path,
    **asked: Any,  # noqa: ANN401 - the other options, by name
) -> None:
    """Judge every line without changing anything, and write what would happen."""
    from workflow.services.bulk import plan_steps  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.bulk_plan import write_plan  # noqa: PLC0415 - as above

    _judge_usage(file, out, asked)
    lines = _from_file(file, asked) if file else _from_choice(runtime, caller, asked)
    made = plan_steps(runtime, caller, lines, asked["step"], _watch("Judging"))
    _write(out, write_plan(made))
    numbers = made.as_json()
    told = [f"{numbers['will_change']} of {numbers['rows']} would change; the plan is in {out}."]
    told += [f"{count} refused: {code}" for code, count in numbers["by_reason"].items()]
    bad = [each for each in made.lines if each.reasons and each.number is not None]
    if bad:
        told += table(("line", "reference", "reasons"), map(_shown, bad[:_MOST_SHOWN]))
    show(numbers, told)


@bulk.command(example="summit bulk apply plan.jsonl --as secretariat.desk --report report.csv")
@click.argument("file", type=_IN)
@click.option("--report", type=_OUT, required=True, help="Where it is told, row by row.")
@click.option("--atomic", is_flag=True, help="All rows or none.")
@acting
def apply(runtime: "Runtime", caller: "Caller", file: Path, report: Path, *, atomic: bool) -> None:
    """Carry a plan out; killed and run again it finishes without doing anything twice."""
    from workflow.export.cells import write_record  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.bulk import apply_plan  # noqa: PLC0415 - as above
    from workflow.services.bulk_plan import read_plan  # noqa: PLC0415 - as above

    made = granted(read_plan(file.read_text(encoding="utf-8", errors="replace")))
    done = apply_plan(runtime, caller, made, atomic=atomic, watch=_watch("Moving"))
    rows = ((each.reference, each.outcome, "; ".join(each.reasons)) for each in done.lines)
    _write(report, ["reference,outcome,reasons\r\n", *map(write_record, rows)])
    numbers = done.as_json()
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in numbers.items())
    show(numbers, f"{told}. Row by row in {report}.")
    if not done.as_planned:
        leave(REFUSED)


def _shown(line: "PlanLine") -> tuple[object, ...]:
    return line.number, line.line.reference, line.problem or ", ".join(line.reasons)


def _judge_usage(file: Path | None, out: Path, asked: dict[str, Any]) -> None:
    choosing = [name for name in ("kind", "state", "summit") if asked[name]]
    if (file is None) == (not choosing):
        raise click.UsageError("Name a file, or choose by --kind, --state and --summit; not both.")
    if file is None and not asked["step"]:
        raise click.UsageError("Say with --step which step to take.")
    if file is not None and out.exists() and out.samefile(file):
        raise click.UsageError("The plan would replace the file it is made from: name another.")


def _from_file(file: Path, asked: dict[str, Any]) -> "tuple[PlanLine, ...]":
    from workflow.services.bulk_rows import read_bulk_file  # noqa: PLC0415 - not for --help

    content = table_content(file)
    return granted(read_bulk_file(content, asked["step"], asked["encoding"], asked["delimiter"]))


def _from_choice(runtime: "Runtime", caller: "Caller", asked: dict[str, Any]) -> "list[PlanLine]":
    from workflow.domain.commands import StepLine  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.bulk import Choice, choose_lines  # noqa: PLC0415 - as above
    from workflow.services.bulk_plan import GRANTED, PlanLine  # noqa: PLC0415 - as above

    line = PlanLine(asked["step"], StepLine("", asked["reason"], asked["occurred_on"]), GRANTED)
    choice = Choice(asked["kind"], asked["state"], asked["summit"])
    return choose_lines(runtime, caller, choice, line)


def _watch(label: str) -> Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]:
    return lambda parts: parts if as_json() else progress(parts, label)


def _write(path: Path, texts: Iterable[str]) -> None:
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - nothing loads for --help

    with NewFile(path, replace=True) as new:
        new.write_all(texts)
        new.publish()
