"""Reads a bulk file: which proposals take which step, each line judged for itself."""

from collections.abc import Iterator
from datetime import date

from workflow.domain import names
from workflow.domain.commands import StepLine
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.intake.table import Columns, Row, read_table
from workflow.services.bulk_plan import REFUSED, PlanLine

LONGEST_KEY = 200
"""Of an idempotency key, in characters."""

_OPTIONAL = ("reason", "occurred_on", "idempotency_key")


def read_bulk_file(
    content: bytes, step: str | None, encoding: str = "utf-8", delimiter: str = ","
) -> tuple[PlanLine, ...] | Refused:
    """Read the whole file; a line without a step takes the one given.

    A line that cannot be read is among them, refused; the others are not refused for it. A
    granted line says only that it can be read.
    """
    required = ("reference",) if step else ("reference", "step")
    optional = ("step", *_OPTIONAL) if step else _OPTIONAL
    rows = read_table(content, Columns(required, optional), encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    return tuple(_lines(rows, step))


def _lines(rows: tuple[Row, ...], step: str | None) -> Iterator[PlanLine]:
    first: dict[str, int] = {}
    for row in rows:
        line = _line(row, step)
        reference = line.line.reference
        if line.will_change and reference in first:
            problem = f"it names {reference} again, after line {first[reference]}"
            line = _unfit(row, line.step, _malformed(row, problem))
        elif line.will_change:
            first[reference] = row.number
        yield line


def _line(row: Row, default: str | None) -> PlanLine:
    cells = row.cells
    step = cells.get("step") or default or ""
    day = _day(cells.get("occurred_on", ""))
    key = cells.get("idempotency_key") or None
    if row.refusal is not None:
        return _unfit(row, step, row.refusal)
    if not cells["reference"] or not step:
        missing = "reference" if not cells["reference"] else "step"
        return _unfit(row, step, _malformed(row, f"its {missing} is empty"))
    if isinstance(day, Refusal):
        return _unfit(row, step, day)
    if key is not None and (len(key) > LONGEST_KEY or not names.is_safe_text(key)):
        return _unfit(row, step, _malformed(row, "its idempotency_key cannot be kept"))
    line = StepLine(cells["reference"], cells.get("reason") or None, day, None, key)
    return PlanLine(step, line, "granted", (), row.number)


def _day(text: str) -> date | Refusal | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return refuse(Code.DATES_MALFORMED, date=names.shown(text))


def _unfit(row: Row, step: str, reason: Refusal) -> PlanLine:
    line = StepLine(names.shown(row.cells.get("reference", "")))
    problem = reason.named.get("problem")
    return PlanLine(
        names.shown(step), line, REFUSED, (str(reason.code),), row.number,
        str(problem) if problem else None,
    )  # fmt: skip


def _malformed(row: Row, problem: str) -> Refusal:
    return refuse(Code.ROW_MALFORMED, line=row.number, problem=problem)
