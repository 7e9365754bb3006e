"""Reads a bulk file: which proposals take which step, each line judged for itself."""

from collections.abc import Iterator
from datetime import date

from workflow.domain import names
from workflow.domain.commands import StepLine
from workflow.domain.verdicts import Code, Refused
from workflow.intake.lines import UnreadableError
from workflow.intake.table import Columns, Row, open_table, unreadable
from workflow.services.bulk_plan import GRANTED, REFUSED, PlanLine

LONGEST_KEY = 200
"""Of an idempotency key, in characters."""

_OPTIONAL = ("reason", "occurred_on", "idempotency_key")


class _UnfitError(Exception):
    """A line that cannot be carried out as it stands."""

    def __init__(self, problem: str, code: Code = Code.ROW_MALFORMED) -> None:
        super().__init__(problem)
        self.problem, self.code = problem, code


def read_bulk_file(
    content: bytes, step: str | None, encoding: str | None = None, delimiter: str | None = None
) -> tuple[PlanLine, ...] | Refused:
    """Read the whole file; a line without a step takes the one given.

    A line that cannot be read is among them, refused; the others are not refused for it. A
    granted line says only that it can be read.
    """
    required = ("reference",) if step else ("reference", "step")
    optional = ("step", *_OPTIONAL) if step else _OPTIONAL
    try:
        rows = open_table(content, Columns(required, optional), encoding, delimiter)
        return rows if isinstance(rows, Refused) else tuple(_lines(rows, step))
    except UnreadableError as error:
        return unreadable(error)


def _lines(rows: Iterator[Row], step: str | None) -> Iterator[PlanLine]:
    first: dict[str, int] = {}
    steps: dict[str, str] = {}
    for row in rows:
        try:
            yield _line(row, step, first, steps)
        except _UnfitError as error:
            yield _unfit(row, step, error)


def _line(row: Row, default: str | None, first: dict[str, int], steps: dict[str, str]) -> PlanLine:
    if row.refusal is not None:
        raise _UnfitError(str(row.refusal.named["problem"]), row.refusal.code)
    cells = row.cells
    reference, step = cells["reference"], cells.get("step") or default or ""
    if not reference or not step:
        raise _UnfitError(f"its {'step' if reference else 'reference'} is empty")
    # Even after a line that is refused: the two may say different things.
    if (above := first.setdefault(reference, row.number)) != row.number:
        raise _UnfitError(f"it names {names.shown(reference)} again, after line {above}")
    key = cells.get("idempotency_key") or None
    if key is not None and (len(key) > LONGEST_KEY or not names.is_safe_text(key)):
        raise _UnfitError("its idempotency_key cannot be kept")
    line = StepLine(
        reference, cells.get("reason") or None, _day(cells.get("occurred_on", "")), None, key
    )
    # One text for all lines that take the same step.
    return PlanLine(steps.setdefault(step, step), line, GRANTED, (), row.number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problem = f"its occurred_on, {names.shown(text)}, is no day written as 2026-05-01"
        raise _UnfitError(problem, Code.DATES_MALFORMED) from None


def _unfit(row: Row, default: str | None, error: _UnfitError) -> PlanLine:
    step = row.cells.get("step") or default or ""
    line = StepLine(names.shown(row.cells.get("reference", "")))
    return PlanLine(names.shown(step), line, REFUSED, (str(error.code),), row.number, error.problem)
