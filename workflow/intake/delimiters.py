"""Finds what parts the columns of a CSV file: the sign by which its header names known ones."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Final

from workflow.intake.lines import Line

SAID: Final = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}

_SEP: Final = "sep="
"""A first line `sep=;` tells spreadsheets what parts the columns; it is no row."""


def find_delimiter(blocks: Iterable[str], known: Collection[str]) -> tuple[str, Iterator[str]]:
    """Give what parts the columns, and the blocks again, of which the first was looked into."""
    rest = iter(blocks)
    first = next(rest, "")
    return _of_header(_first_line(first), known), chain((first,), rest)


def other_delimiter(header: str, known: Collection[str], delimiter: str) -> str | None:
    """Name the sign that parts a header which this delimiter does not part."""
    others = (each for each in SAID if each != delimiter and each in header)
    return max(others, key=lambda each: _named(header, each, known), default=None)


def is_sep_line(line: Line) -> bool:
    """Say whether a line only tells what parts the columns."""
    first, others = (line.fields or ("",))[0].strip().lower(), line.fields[1:]
    return first.startswith(_SEP) and len(first) <= len(_SEP) + 1 and not any(others)


def _of_header(header: str, known: Collection[str]) -> str:
    if header.lower().startswith(_SEP) and header[len(_SEP) : len(_SEP) + 1] in SAID:
        return header[len(_SEP)]
    return max(SAID, key=lambda each: _named(header, each, known))


def _named(header: str, delimiter: str, known: Collection[str]) -> int:
    names = {part.strip().strip('"').strip().lower() for part in header.split(delimiter)}
    return len(names & set(known))


def _first_line(text: str) -> str:
    return text.lstrip("\r\n").replace("\r", "\n").partition("\n")[0]
