"""Reads CSV strictly: every row is either exact or named by its line with what is wrong.

The library's reader passes NUL, swallows what follows an unclosed quote and stops at 131,072
characters; so the grammar is read here, with RFC 4180's quotes and any line end. Rows are read as
they come: a file of a million takes the memory of its longest row.

Source: RFC 4180, section 2.
"""

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from workflow.intake.lines import Line, UnreadableError, make_line, with_nul

LONGEST_ROW: Final = 25_000_000
"""In characters: past this no line end, or no closing quote, is waited for."""

_MISPLACED: Final = "a quote stands where none may"
_UNCLOSED: Final = "a quote is opened and not closed as it should be"
# Up to a quote that closes: a doubled one is a quote of the text.
_CLOSING: Final = re.compile(r'[^"]*+(?:""[^"]*+)*+"')


def read_lines(blocks: Iterable[str], delimiter: str = ",") -> Iterator[Line]:
    """Yield the rows of a text that comes in blocks; lines without anything are passed over.

    Raises: UnreadableError at a quote that is never closed, or closed on a later line and
    followed by something else: what it holds might be rows, or might be one field.
    """
    texts = _texts(blocks)
    number, field = 1, _field_pattern(delimiter)
    for text in texts:
        if '"' in text:
            row = _Row(text, number, texts, field)
            yield row.read()
            number = row.number
        elif "\0" in text:
            yield with_nul(number, text.rstrip("\r\n").split(delimiter))
        elif bare := text.rstrip("\r\n"):
            yield make_line(number, bare.split(delimiter), len(bare))
        number += 1


def _texts(blocks: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the text, each with its end as it was written."""
    rest, number = "", 1
    for block in blocks:
        # The library would also part at form feeds and at line separators of Unicode.
        texts = StringIO(rest + block, newline="").readlines()
        # A return at the end of a block may be half of a line end.
        rest = texts.pop() if texts and not texts[-1].endswith("\n") else ""
        yield from texts
        number += len(texts)
        if len(rest) > LONGEST_ROW:
            raise UnreadableError(number, f"it is longer than {LONGEST_ROW} characters")
    if rest:
        yield rest


def _field_pattern(delimiter: str) -> re.Pattern[str]:
    plain = f'[^"{re.escape(delimiter)}\r\n]*+'
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"|({plain}))({re.escape(delimiter)}|\r\n|\n|\r|\Z)')


class _Row:
    """A row with quotes, which may go on over several lines."""

    def __init__(
        self, text: str, number: int, texts: Iterator[str], field: re.Pattern[str]
    ) -> None:
        self._text, self._first, self._texts, self._field = text, number, texts, field
        self._fields: list[str] = []
        self.number = number

    def read(self) -> Line:
        position = 0
        while True:
            found = self._field.match(self._text, position)
            if found is not None:
                quoted, plain, end = found.groups()
                self._fields.append(plain if quoted is None else quoted.replace('""', '"'))
                position = found.end()
                if end in ("\r\n", "\n", "\r", ""):
                    return self._line()
            elif self._closes(position):
                return Line(self._first, tuple(self._fields), _MISPLACED, len(self._fields))
            else:
                position = self._go_on(position)

    def _line(self) -> Line:
        if any("\0" in field for field in self._fields):
            return with_nul(self._first, self._fields)
        return make_line(self._first, self._fields, len(self._text))

    def _closes(self, position: int) -> bool:
        """Say whether the row certainly ends with the line it is on."""
        if not self._text.startswith('"', position):
            return True
        return _CLOSING.match(self._text, position + 1) is not None

    def _go_on(self, position: int) -> int:
        """Add the lines up to the quote's closing one; what follows it must be a field's end."""
        opened, place, size = self.number, len(self._fields), 0
        parts = [self._text[position:]]
        for text in self._texts:
            self.number += 1
            parts.append(text)
            size += len(text)
            if (closed := _CLOSING.match(text)) or size > LONGEST_ROW:
                break
        else:
            closed = None
        self._text = "".join(parts)
        if closed is None or self._field.match(self._text) is None:
            raise UnreadableError(opened, _UNCLOSED, place)
        return 0
