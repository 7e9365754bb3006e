"""Puts many proposals on record from one CSV file: all of them, or none with every reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.domain.commands import FieldValue, Propose
from workflow.domain.definition import PROPOSED
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.domain.vocabulary import LANGUAGES
from workflow.intake.table import Columns, Row, read_table
from workflow.persistence.retrying import retried
from workflow.services.change import Change, open_change
from workflow.services.parties import RowReason, RowsRefused
from workflow.services.propose import cleaned, may_propose
from workflow.services.proposing import Proposing
from workflow.services.runtime import Runtime
from workflow.services.typed_fields import read_typed

COLUMNS = Columns(
    ("reference", "kind", "summit", "parties", "title_en"),
    (
        *(f"title_{each}" for each in LANGUAGES if each != "en"),
        *(f"summary_{each}" for each in LANGUAGES),
        "parent", "public", "source", "state", "fields",
    ),
)  # fmt: skip

_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Imported:
    """The references that are on record now."""

    references: tuple[str, ...]


class _AbandonedError(Exception):
    """Rolls the transaction back: a file is taken as a whole."""


@retried
def propose_many(
    runtime: Runtime, caller: Caller, content: bytes, encoding: str | None = None,
    delimiter: str | None = None,
) -> Imported | RowsRefused | Refused:  # fmt: skip
    """Put every row on record on the caller's authority, in one transaction."""
    rows = read_table(content, COLUMNS, encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    reasons: list[RowReason] = []
    try:
        with runtime.uow.write() as tx:
            change = open_change(tx, caller)
            proposing = Proposing(tx, change, [row.cells.get("reference", "") for row in rows])
            for row in rows:
                reasons += [RowReason(row.number, each) for each in _put(change, proposing, row)]
            _abandon_if(reasons)
            proposing.write()
            change.write()
    except _AbandonedError:
        return RowsRefused(tuple(reasons))
    return Imported(tuple(row.cells["reference"] for row in rows))


def _abandon_if(reasons: list[RowReason]) -> None:
    if reasons:
        raise _AbandonedError


def _put(change: Change, proposing: Proposing, row: Row) -> tuple[Refusal, ...]:
    if row.refusal is not None:
        return (row.refusal,)
    malformed = list(_malformed(row))
    fields = _fields(proposing, row)
    if isinstance(fields, list) or malformed:
        return (*malformed, *(fields if isinstance(fields, list) else ()))
    order = cleaned(_order(row, fields))
    mandate = may_propose(change.viewer, order)
    against = [] if mandate else [refuse(Code.NO_MANDATE, party="", role="")]
    return proposing.put(order, mandate, against)


def _malformed(row: Row) -> Iterator[Refusal]:
    state = row.cells.get("state", "")
    if state not in ("", PROPOSED):
        problem = f"a proposal comes on record as {PROPOSED}; import what happened as history"
        yield refuse(Code.ROW_MALFORMED, line=row.number, problem=problem)
    if row.cells.get("public", "").lower() not in _YES:
        yield refuse(Code.ROW_MALFORMED, line=row.number, problem="public is yes or no")


def _fields(proposing: Proposing, row: Row) -> dict[str, FieldValue] | list[Refusal]:
    """Read cells such as `amount=1200 USD; venue=Samarkand`."""
    parts = [part.strip() for part in row.cells.get("fields", "").split(";") if part.strip()]
    typed = {name.strip(): value for name, _, value in (part.partition("=") for part in parts)}
    found = proposing.newest(row.cells["kind"])
    read = read_typed(found[1], typed) if found else {}
    if isinstance(read, list):
        return read
    return {name: value for name, value in read.items() if value is not None}


def _order(row: Row, fields: dict[str, FieldValue]) -> Propose:
    cells = row.cells
    pairs = (part.strip().partition(":") for part in cells["parties"].split(";") if part.strip())
    return Propose(
        reference=cells["reference"],
        kind=cells["kind"],
        summit=cells["summit"],
        titles=_by_language(row, "title"),
        summaries=_by_language(row, "summary"),
        parties=tuple((party.strip(), capacity.strip()) for party, _, capacity in pairs),
        fields=fields,
        parent=cells.get("parent") or None,
        public=_YES[cells.get("public", "").lower()],
        source=cells.get("source") or None,
    )


def _by_language(row: Row, name: str) -> dict[str, str]:
    found = {language: row.cells.get(f"{name}_{language}", "") for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}
