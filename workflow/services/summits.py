"""Writes summits: the meetings that proposals come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from workflow.domain import texts
from workflow.domain.entry import Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Via
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.domain.vocabulary import LANGUAGES
from workflow.intake.table import Columns, Row, read_table
from workflow.persistence import people
from workflow.persistence.entries import append
from workflow.persistence.people_tables import Summit, SummitTitle
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.parties import RowReason, RowsRefused
from workflow.services.people_entries import actor_of
from workflow.services.runtime import Runtime

COLUMNS = Columns(
    ("code", "title_en", "host", "place", "starts_on", "ends_on"),
    ("title_ja", "title_uz", "title_ru"),
)
SECRETARIAT = "secretariat"


@dataclass(frozen=True, slots=True)
class NewSummit:
    """A summit as a file gives it; `titles` are by language."""

    code: str
    host: str
    place: str
    starts_on: date
    ends_on: date
    titles: Mapping[str, str]


@retried
def import_summits(
    runtime: Runtime, caller: Caller | None, content: bytes, encoding: str | None = None,
    delimiter: str | None = None,
) -> tuple[str, ...] | RowsRefused | Refused:  # fmt: skip
    """Write the summits of a table and give their codes; the whole file or nothing.

    Without a caller the machine's operator does; else the joint secretariat's mandate is asked.
    """
    rows = read_table(content, COLUMNS, encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    with runtime.uow.write() as tx:
        if caller is not None and not people.holds_office(
            tx, caller.person_id, JOINT_SECRETARIAT, SECRETARIAT
        ):
            needed = refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role=SECRETARIAT)
            return Refused((needed,))
        known = set(tx.connection.scalars(select(Summit.code)))
        reasons = []
        for row in rows:
            reasons += [RowReason(row.number, each) for each in _judge(tx, row, known)]
            known.add(row.cells["code"])
        if reasons:
            return RowsRefused(tuple(reasons))
        for row in rows:
            _write(tx, caller, _read(row))
        return tuple(row.cells["code"] for row in rows)


def _judge(tx: Tx, row: Row, known: set[str]) -> list[Refusal]:
    cells = row.cells
    reasons = texts.judge_reference(cells["code"])
    if cells["code"] in known:
        reasons.append(refuse(Code.REFERENCE_TAKEN, reference=cells["code"]))
    if cells["host"] not in people.parties(tx):
        reasons.append(refuse(Code.PARTY_UNKNOWN, party=cells["host"][:80]))
    if not (_day(cells["starts_on"]) and _day(cells["ends_on"])) or (
        cells["starts_on"] > cells["ends_on"]
    ):
        reasons.append(refuse(Code.DATES_MALFORMED))
    for name in ("title_en", "place"):
        if not texts.clean(cells[name]):
            reasons.append(refuse(Code.TEXT_MISSING, field=name))
    for name in ("place", *_titles(row)):
        reasons += texts.judge_text(name, texts.clean(cells[name]), texts.TITLE_LENGTH)
    return reasons


def _titles(row: Row) -> list[str]:
    return [f"title_{each}" for each in LANGUAGES if row.cells.get(f"title_{each}")]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read(row: Row) -> NewSummit:
    cells = row.cells
    titles = {name.removeprefix("title_"): texts.clean(cells[name]) for name in _titles(row)}
    starts_on, ends_on = (
        date.fromisoformat(cells["starts_on"]),
        date.fromisoformat(cells["ends_on"]),
    )
    place = texts.clean(cells["place"])
    return NewSummit(cells["code"], cells["host"], place, starts_on, ends_on, titles)


def _write(tx: Tx, caller: Caller | None, new: NewSummit) -> None:
    tx.connection.execute(
        insert(Summit).values(
            code=new.code, host=new.host, place=new.place,
            starts_on=new.starts_on, ends_on=new.ends_on,
        )
    )  # fmt: skip
    tx.connection.execute(
        insert(SummitTitle),
        [
            {"summit": new.code, "language": language, "title": title}
            for language, title in new.titles.items()
        ],
    )
    draft = Draft(
        chain="log",
        kind="summit",
        via=caller.via if caller else Via.SETUP,
        actor=actor_of(caller, None),
        facts={
            "code": new.code, "host": new.host, "starts_on": new.starts_on.isoformat(),
            "ends_on": new.ends_on.isoformat(),
        },
        texts={"place": new.place} | {f"title.{lang}": text for lang, text in new.titles.items()},
    )  # fmt: skip
    append(tx, [draft])
