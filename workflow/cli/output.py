"""Prints tables for people and JSON for scripts."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

_WIDE = frozenset("WF")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})


def width(text: str) -> int:
    """Count the columns a text takes on a terminal: two for each wide East Asian sign."""
    return sum(
        2 if unicodedata.east_asian_width(sign) in _WIDE else 1
        for sign in text
        if unicodedata.category(sign) not in _INVISIBLE
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table whose columns line up in every script."""
    cells = [tuple(headings), *(tuple(_cell(value) for value in row) for row in rows)]
    widths = [max(map(width, column)) for column in zip_longest(*cells, fillvalue="")]
    for row in cells:
        yield "  ".join(_padded(text, to) for text, to in zip(row, widths, strict=True)).rstrip()


def one_line(text: str) -> str:
    """Return a text whose control signs are spelt out: it can neither break nor recolour a line."""
    return "".join(
        sign if unicodedata.category(sign)[0] != "C" else f"\\u{{{ord(sign):x}}}" for sign in text
    )


def print_lines(lines: str | Iterable[str]) -> None:
    """Print lines for a person."""
    for line in [lines] if isinstance(lines, str) else lines:
        print(line)


def print_json(document: object) -> None:
    """Print one JSON document in UTF-8, whatever the terminal's encoding."""
    # half a surrogate pair, which no database of ours gives, would have no UTF-8 form
    text = json.dumps(document, ensure_ascii=False, indent=2)
    _reencode()
    print(text)


def _reencode() -> None:
    # RFC 8259, section 8.1: JSON between systems is UTF-8; a test's captured stream already is.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")


def _cell(value: object) -> str:
    return "" if value is None else one_line(str(value))


def _padded(text: str, to: int) -> str:
    return text + " " * (to - width(text))
