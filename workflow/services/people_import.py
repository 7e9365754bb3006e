"""Adds many people and mandates from one file: all of it, or nothing with every reason."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.domain import names
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.intake.table import Columns, Row, read_table
from workflow.persistence import people
from workflow.persistence.unit_of_work import Tx
from workflow.services import mandates
from workflow.services.mandates import Office
from workflow.services.parties import RowReason, RowsRefused
from workflow.services.people import NewPerson, add_in, find_acting
from workflow.services.runtime import Runtime

COLUMNS = Columns(("login", "name", "party", "role"), ("from", "until", "summit"))


@dataclass(frozen=True, slots=True)
class PeopleImported:
    """Who is new, with the secret of their one-time link, and how many mandates were given."""

    added: tuple[tuple[str, str], ...]
    granted: int
    unchanged: int


class _AbandonedError(Exception):
    """Rolls the transaction back: a file is taken as a whole."""


def import_people(
    runtime: Runtime, caller: Caller, content: bytes, encoding: str | None = None,
    delimiter: str | None = None, *, lines: bool = False,
) -> PeopleImported | RowsRefused | Refused:  # fmt: skip
    """Carry out a table, or JSON Lines where `lines` is set; a mandate that is held stays."""
    rows = _read_lines(content) if lines else read_table(content, COLUMNS, encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    reasons: list[RowReason] = []
    try:
        with runtime.uow.write() as tx:
            report = _take_rows(runtime, tx, caller, rows, reasons)
            _abandon_if(reasons)
    except _AbandonedError:
        return RowsRefused(tuple(reasons))
    return report


def _abandon_if(reasons: list[RowReason]) -> None:
    if reasons:
        raise _AbandonedError


def _take_rows(
    runtime: Runtime, tx: Tx, caller: Caller, rows: tuple[Row, ...], reasons: list[RowReason]
) -> PeopleImported:
    added, granted, unchanged = [], 0, 0
    for row in rows:
        answer = row.refusal or _take(runtime, tx, caller, row.cells)
        if isinstance(answer, Refusal | Refused):
            against = answer.reasons if isinstance(answer, Refused) else (answer,)
            reasons += [RowReason(row.number, each) for each in against]
        elif answer is None:
            unchanged += 1
        else:
            granted += 1
            added += [(row.cells["login"], answer)] if answer else []
    return PeopleImported(tuple(added), granted, unchanged)


def _take(
    runtime: Runtime, tx: Tx, caller: Caller, cells: Mapping[str, str]
) -> str | Refused | None:
    """Take one row: a new person's link, '' for a new mandate alone, None when all was so."""
    office = Office(
        party=cells["party"],
        role=cells["role"],
        summit=cells.get("summit") or None,
        starts=cells.get("from") or None,
        ends=cells.get("until") or None,
    )
    if people.find_person(tx, cells["login"]) is None:
        new = NewPerson(cells["login"], cells["name"], office.party, office)
        done = add_in(runtime, tx, caller, new)
        return done if isinstance(done, Refused) else done.link
    return _grant(runtime, tx, caller, cells["login"], office)


def _grant(
    runtime: Runtime, tx: Tx, caller: Caller, login: str, office: Office
) -> str | Refused | None:
    if reason := mandates.judge_administrator(tx, caller, office.party):
        return Refused((reason,))
    mandate = mandates.read_office(runtime, tx, office)
    person = find_acting(tx, login)
    if isinstance(person, Refusal):
        return Refused((person,))
    if isinstance(mandate, list):
        return Refused(tuple(mandate))
    if mandates.overlapping(tx, person.id, mandate):
        return None
    mandates.grant_in(tx, caller, person, mandate)
    return ""


def _read_lines(content: bytes) -> tuple[Row, ...] | Refused:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refused((refuse(Code.FILE_NOT_TEXT),))
    return tuple(_rows(text))


def _rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            cells = _cells(line)
            malformed = refuse(Code.ROW_MALFORMED, line=number, problem="it is no object of texts")
            yield Row(number, cells or {}, None if cells else malformed)


def _cells(line: str) -> Mapping[str, str] | None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not set(COLUMNS.required) <= set(given):
        return None
    kept = {name: given.get(name) or "" for name in COLUMNS.known}
    if set(given) - set(kept) or not all(isinstance(each, str) for each in kept.values()):
        return None
    return {name: names.tidy_name(each) for name, each in kept.items()}
