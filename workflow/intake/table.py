"""Reads a table with a header from CSV or a workbook: every row by column name, or refused."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

from workflow.domain.names import shown
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.intake.csv import read_lines
from workflow.intake.delimiters import SAID, find_delimiter, is_sep_line, other_delimiter
from workflow.intake.encodings import decode
from workflow.intake.kinds import is_workbook
from workflow.intake.lines import Line, UnreadableError


@dataclass(frozen=True, slots=True)
class Columns:
    """What a header must and may hold."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Give all of them, the required ones first."""
        return self.required + self.optional


class Row(NamedTuple):
    """One row by column name, stripped; empty cells are ''. `refusal` says why it is unfit."""

    # A tuple, as Line is: a file makes a million of them, and a frozen class costs thrice.

    number: int
    cells: Mapping[str, str]
    refusal: Refusal | None = None


def read_table(
    content: bytes, columns: Columns, encoding: str | None = None, delimiter: str | None = None
) -> tuple[Row, ...] | Refused:
    """Read the whole file; refuse it when its text, quotes or header cannot be relied on."""
    try:
        rows = open_table(content, columns, encoding, delimiter)
        return rows if isinstance(rows, Refused) else tuple(rows)
    except UnreadableError as error:
        return unreadable(error)


def open_table(
    content: bytes, columns: Columns, encoding: str | None = None, delimiter: str | None = None
) -> Iterator[Row] | Refused:
    """Judge the header, and give the rows as they are read; without a hint, both are found out.

    Raises: UnreadableError here, or at any row: nothing may be done before the last one is read.
    """
    try:
        parted, lines = _lines(content, columns, encoding, delimiter)
        header = next(_filled(lines), None)
    except LookupError:
        problem = f"there is no encoding called {shown(encoding or '')}"
        raise UnreadableError(1, problem) from None
    if header is None:
        raise UnreadableError(1, "the file is empty")
    reasons = _judge_header(header, columns, parted)
    return Refused(reasons) if reasons else _rows(lines, header.number, _names(header))


def unreadable(error: UnreadableError) -> Refused:
    """Give the answer to a file that cannot be relied on."""
    return Refused((_malformed(error.line, error.problem),))


def _lines(
    content: bytes, columns: Columns, encoding: str | None, delimiter: str | None
) -> tuple[str | None, Iterator[Line]]:
    """Give the lines of the file, and what parts the fields of a CSV file."""
    if is_workbook(content):
        from workflow.intake.xlsx import read_sheet  # noqa: PLC0415 - half a second of loading

        return None, read_sheet(content)
    blocks = decode(content, encoding)
    if delimiter is None:
        delimiter, blocks = find_delimiter(blocks, columns.known)
    lines = read_lines(blocks, delimiter)
    first = next(lines, None)
    return delimiter, lines if first is None or is_sep_line(first) else chain((first,), lines)


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    """Leave out the rows that are blank, as spreadsheets write them below what they hold."""
    return (line for line in lines if line.problem or any(map(str.strip, line.fields)))


def _names(header: Line) -> tuple[str, ...]:
    names = [name.strip().lower() for name in header.fields]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _judge_header(header: Line, columns: Columns, delimiter: str | None) -> tuple[Refusal, ...]:
    if header.problem:
        return (_malformed(header.number, header.problem),)
    names, line = _names(header), header.number
    if (
        len(names) == 1
        and delimiter
        and (other := other_delimiter(names[0], columns.known, delimiter))
    ):
        problem = f"{SAID[other]} parts its columns: leave --delimiter out, or give it"
        return (_malformed(line, problem),)
    problems = [f"column {place} has no name" for place, name in enumerate(names, 1) if not name]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    problems += [f"it names the column {shown(name)} twice" for name in doubled]
    reasons = [_malformed(line, problem) for problem in problems[:5]]
    unknown = [name for name in dict.fromkeys(names) if name and name not in columns.known]
    reasons += [
        refuse(Code.COLUMN_UNKNOWN, line=line, column=_hinted(name, columns.known))
        for name in unknown[:5]
    ]
    missing = [name for name in columns.required if name not in names]
    reasons += [refuse(Code.COLUMN_MISSING, line=line, column=name) for name in missing]
    return tuple(reasons)


def _hinted(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name[:80], known, n=1)
    return shown(name) + (f" (is {close[0]} meant?)" if close and close[0] != name else "")


def _rows(lines: Iterator[Line], header: int, names: tuple[str, ...]) -> Iterator[Row]:
    none = True
    try:
        for line in _filled(lines):
            none = False
            yield _row(line, names)
    except UnreadableError as error:
        raise UnreadableError(error.line, _placed(error, names)) from None
    if none:
        raise UnreadableError(header + 1, "there is no row below the header")


def _row(line: Line, names: tuple[str, ...]) -> Row:
    fields = line.fields
    if line.problem is None and (
        len(fields) == len(names)
        or (len(fields) > len(names) and not any(map(str.strip, fields[len(names) :])))
    ):
        return Row(line.number, dict(zip(names, map(str.strip, fields), strict=False)))
    unequal = f"it has {len(fields)} fields where the header has {len(names)}"
    problem = unequal if line.problem is None else _placed(line, names)
    # What a row of another shape holds in a column is unsure; its first field names it for people.
    first = {names[0]: shown(fields[0].strip())} if fields else {}
    return Row(line.number, first, _malformed(line.number, problem))


def _placed(found: Line | UnreadableError, names: tuple[str, ...]) -> str:
    inside = found.place is not None and found.place < len(names)
    return f"in column {names[found.place or 0]}, {found.problem}" if inside else f"{found.problem}"


def _malformed(line: int, problem: str) -> Refusal:
    return refuse(Code.ROW_MALFORMED, line=line, problem=problem)
