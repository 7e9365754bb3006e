"""Reads CSV strictly: every row is either exact or named by its line with what is wrong.

The library's reader passes NUL, swallows what follows an unclosed quote and stops at 131,072
characters; so the grammar is read here, with RFC 4180's quotes and any line end.

Source: RFC 4180, section 2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_FIELD: Final = 100_000
"""In characters."""

MOST_FIELDS: Final = 200

_ANY_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line it starts on (from 1), its fields, or the problem that makes it unfit."""

    number: int
    fields: tuple[str, ...] = ()
    problem: str | None = None


class UnreadableError(Exception):
    """The file as a whole cannot be read; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        """Keep where and what."""
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem = line, problem


def decode(content: bytes, encoding: str = "utf-8") -> str:
    """Give the text of a file; a byte order mark of UTF-8 is left out.

    Raises: UnreadableError naming the line of the first byte that is not of the encoding;
    LookupError when there is no such encoding.
    """
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError as error:
        read = content[: error.start].decode(encoding, "replace")
        raise UnreadableError(
            _lines_in(read) + 1, f"it is not {encoding}: give --encoding"
        ) from None
    return text.removeprefix("\ufeff") if encoding.lower().startswith("utf-16") else text


def read_lines(text: str, delimiter: str = ",") -> Iterator[Line]:
    """Yield the rows of a text; blank lines are passed over.

    Raises: UnreadableError at a quote that is never closed, or closed on a later line and
    followed by something else: what it holds might be rows, or might be one field.
    """
    field = _field_pattern(delimiter)
    position, number = 0, 1
    while position < len(text):
        line, end = _read_row(text, position, number, field)
        if line.fields != ("",):
            yield line
        number += _lines_in(text[position:end])
        position = end


def _field_pattern(delimiter: str) -> re.Pattern[str]:
    plain = f'[^"{re.escape(delimiter)}\r\n]*+'
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"|({plain}))({re.escape(delimiter)}|\r\n|\n|\r|\Z)')


def _read_row(text: str, start: int, number: int, field: re.Pattern[str]) -> tuple[Line, int]:
    fields: list[str] = []
    position = start
    while True:
        found = field.match(text, position)
        if found is None:
            return _skip_row(text, (start, position), number, fields)
        quoted, plain, end = found.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        position = found.end()
        if end in ("\r\n", "\n", "\r", ""):
            return Line(number, tuple(fields), _problem(fields)), position


def _skip_row(text: str, span: tuple[int, int], number: int, fields: list[str]) -> tuple[Line, int]:
    """Pass over a row with a misplaced quote, if it certainly ends with its line."""
    start, position = span
    line_end = _ANY_END.search(text, position)
    end = line_end.end() if line_end else len(text)
    opened = text.startswith('"', position)
    if opened and (_closing_quote(text, position) or len(text)) >= end:
        where = number + _lines_in(text[start:position])
        raise UnreadableError(where, "a quote is opened and not closed as it should be")
    return Line(number, tuple(fields), "a quote stands where none may"), end


def _closing_quote(text: str, position: int) -> int | None:
    closed = re.compile(r'"(?:[^"]++|"")*+"').match(text, position)
    return closed.end() if closed else None


def _problem(fields: list[str]) -> str | None:
    if len(fields) > MOST_FIELDS:
        return f"it has {len(fields)} fields, and {MOST_FIELDS} is the most"
    if any("\0" in field for field in fields):
        return "it holds a NUL character"
    if any(len(field) > LONGEST_FIELD for field in fields):
        return f"a field is longer than {LONGEST_FIELD} characters"
    return None


def _lines_in(text: str) -> int:
    return len(_ANY_END.findall(text))
