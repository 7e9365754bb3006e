"""Reads the files the demo is shipped in: parties, summits, proposals, claims, officials."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workflow.domain.verdicts import Refused
from workflow.domain.vocabulary import LANGUAGES
from workflow.intake.table import Columns, read_table

Cells = Mapping[str, str]


def _by_language(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in LANGUAGES)


_COLUMNS = {
    "parties": Columns(("code", *_by_language("name"), "sort", "time_zone")),
    "summits": Columns(
        ("code", *_by_language("title"), "host", *_by_language("place"), "starts_on", "ends_on",
         "time_zone", "sources")
    ),
    "proposals": Columns(
        ("reference", "kind", "summit", "parent", "parties", "state",
         *_by_language("title", "summary"), "agreed_on", "sources"),
        ("state_basis", "agreed_when", "implemented_when", "agreed_on_basis"),
    ),
    "claims": Columns(
        ("reference", "what", "amount", "currency", "meaning", "said_by", "where_said", "said_on",
         "note")
    ),
    "officials": Columns(("login", "name", "party", "role")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """The rows of the demo's files, by column."""

    parties: tuple[Cells, ...]
    summits: tuple[Cells, ...]
    proposals: tuple[Cells, ...]
    claims: tuple[Cells, ...]
    officials: tuple[Cells, ...]


class DemoFilesError(Exception):
    """A shipped file of the demo is damaged."""


def read_demo(folder: Path) -> DemoFiles:
    """Read the five files of a folder. Raises: DemoFilesError, OSError."""
    return DemoFiles(**{name: _read(folder / f"{name}.csv", _COLUMNS[name]) for name in _COLUMNS})


def by_language(cells: Cells, name: str) -> dict[str, str]:
    """Give the texts of a column that exists once a language, without the empty ones."""
    found = {language: cells[f"{name}_{language}"] for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def _read(path: Path, columns: Columns) -> tuple[Cells, ...]:
    rows = read_table(path.read_bytes(), columns)
    if isinstance(rows, Refused):
        raise DemoFilesError(f"{path}: {rows.reasons}")
    for row in rows:
        if row.refusal is not None:
            raise DemoFilesError(f"{path}, line {row.number}: {row.refusal.named}")
    return tuple(row.cells for row in rows)
