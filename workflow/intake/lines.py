"""One row of a table as it stands in its file, whatever that is, and what makes it unfit."""

from collections.abc import Sequence
from typing import Final, NamedTuple

LONGEST_FIELD: Final = 100_000
"""In characters."""

MOST_FIELDS: Final = 200

Problem = tuple[str, int | None]
"""What is wrong, and in which field (from 0), where it is in one."""


class Line(NamedTuple):
    """One row: the line it starts on (from 1), its fields, or the problem that makes it unfit."""

    number: int
    fields: tuple[str, ...] = ()
    problem: str | None = None
    place: int | None = None
    """The field that the problem is in, from 0."""


class UnreadableError(Exception):
    """The file as a whole cannot be read; `line` counts from 1, `place` counts fields from 0."""

    def __init__(self, line: int, problem: str, place: int | None = None) -> None:
        """Keep where and what."""
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem, self.place = line, problem, place


def make_line(number: int, fields: Sequence[str], size: int) -> Line:
    """Give a row, with what makes it unfit; `size` is at least the length of its longest field."""
    if size > LONGEST_FIELD or len(fields) > MOST_FIELDS:
        problem = _too_large(fields)
        if problem is not None:
            return Line(number, tuple(fields[:MOST_FIELDS]), *problem)
    return Line(number, tuple(fields))


def with_nul(number: int, fields: Sequence[str]) -> Line:
    """Give a row that holds a NUL, which says so."""
    place = next((place for place, field in enumerate(fields) if "\0" in field), None)
    return Line(number, tuple(fields[:MOST_FIELDS]), "it holds a NUL character", place)


def _too_large(fields: Sequence[str]) -> Problem | None:
    if len(fields) > MOST_FIELDS:
        return f"it has {len(fields)} fields, and {MOST_FIELDS} is the most", None
    for place, field in enumerate(fields):
        if len(field) > LONGEST_FIELD:
            return f"the text is longer than {LONGEST_FIELD} characters", place
    return None
