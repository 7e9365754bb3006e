"""Prints what was wrong with which line of a file."""

from typing import TYPE_CHECKING, NoReturn, TypeVar

from workflow.cli.exits import REFUSED
from workflow.cli.frame import granted, leave, reasons_of, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.domain.verdicts import Refused
    from workflow.services.parties import RowsRefused

T = TypeVar("T")


def rows_granted(answer: "T | RowsRefused | Refused") -> T:
    """Return a report; print every line's reasons and leave with code 1 if there is none."""
    from workflow.services.parties import RowsRefused  # noqa: PLC0415 - nothing loads for --help

    if isinstance(answer, RowsRefused):
        _refuse_rows(answer)
    return granted(answer)


def _refuse_rows(answer: "RowsRefused") -> NoReturn:
    written = reasons_of(each.reason for each in answer.reasons)
    lines = [each.line for each in answer.reasons]
    show(
        {
            "outcome": "refused",
            "reasons": [
                {"line": line, **reason} for line, reason in zip(lines, written, strict=True)
            ],
        },
        [_told(line, each) for line, each in zip(lines, written, strict=True)],
    )
    leave(REFUSED)


def _told(line: int, reason: "Mapping[str, str]") -> str:
    # A line that could not be read says so with its number.
    own = reason["code"] == "row_malformed"
    return reason["text"] if own else f"Line {line}: {reason['text']}"
