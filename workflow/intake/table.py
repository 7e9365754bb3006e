"""Reads a CSV file with a header: every row by column name, or refused with its line."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from workflow.domain.names import shown
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.intake.csv import Line, UnreadableError, decode, read_lines

_SAID = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True, slots=True)
class Columns:
    """What a header must and may hold."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Give all of them, the required ones first."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Row:
    """One row by column name, stripped; empty cells are ''. `refusal` says why it is unfit."""

    number: int
    cells: Mapping[str, str]
    refusal: Refusal | None = None


def read_table(
    content: bytes, columns: Columns, encoding: str = "utf-8", delimiter: str = ","
) -> tuple[Row, ...] | Refused:
    """Read the whole file; refuse it when its text, quotes or header cannot be relied on."""
    try:
        lines = read_lines(decode(content, encoding), delimiter)
        header = next(lines, None)
        if header is None:
            return Refused((_malformed(1, "the file is empty"),))
        reasons = _judge_header(header, columns, delimiter)
        if reasons:
            return Refused(reasons)
        return tuple(_rows(lines, _names(header)))
    except UnreadableError as error:
        return Refused((_malformed(error.line, error.problem),))
    except LookupError:
        return Refused((refuse(Code.FILE_NOT_TEXT),))


def _names(header: Line) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in header.fields)


def _judge_header(header: Line, columns: Columns, delimiter: str) -> tuple[Refusal, ...]:
    if header.problem:
        return (_malformed(header.number, header.problem),)
    names = _names(header)
    if len(names) == 1 and (other := _other_delimiter(names[0], columns.known, delimiter)):
        return (_malformed(header.number, f"{_SAID[other]} parts its columns: give --delimiter"),)
    doubled = sorted({name for name in names if names.count(name) > 1})
    twice = "it names the column {} twice"
    reasons = [_malformed(header.number, twice.format(shown(name))) for name in doubled]
    unknown = [name for name in dict.fromkeys(names) if name not in columns.known]
    reasons += [
        refuse(Code.COLUMN_UNKNOWN, column=_hinted(name, columns.known)) for name in unknown[:5]
    ]
    missing = [name for name in columns.required if name not in names]
    reasons += [refuse(Code.COLUMN_MISSING, column=name) for name in missing]
    return tuple(reasons)


def _hinted(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name[:80], known, n=1)
    return shown(name) + (f" (is {close[0]} meant?)" if close and close[0] != name else "")


def _other_delimiter(header: str, known: Collection[str], delimiter: str) -> str | None:
    for other in _SAID:
        parts = [part.strip() for part in header.split(other)]
        if other != delimiter and len(parts) > 1 and set(parts) & set(known):
            return other
    return None


def _rows(lines: Iterator[Line], names: tuple[str, ...]) -> Iterator[Row]:
    for line in lines:
        problem = line.problem
        if problem is None and len(line.fields) != len(names):
            problem = f"it has {len(line.fields)} fields where the header has {len(names)}"
        if problem is not None:
            first = line.fields[0].strip() if line.fields else ""
            yield Row(line.number, {names[0]: shown(first)}, _malformed(line.number, problem))
        else:
            cells = (cell.strip() for cell in line.fields)
            yield Row(line.number, dict(zip(names, cells, strict=True)))


def _malformed(line: int, problem: str) -> Refusal:
    return refuse(Code.ROW_MALFORMED, line=line, problem=problem)
