"""Writes parties: the host's machine lists them, and can speak for none."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workflow.domain import names
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.domain.vocabulary import LANGUAGES
from workflow.intake.table import Columns, Row, read_table
from workflow.persistence import people, people_writes
from workflow.persistence.unit_of_work import Tx
from workflow.services.people_entries import ADMINISTRATOR, record
from workflow.services.runtime import Runtime

COLUMNS = Columns(("code", "name_en", "sort", "time_zone"), ("name_ja", "name_uz", "name_ru"))

_SORTS = ("state", "organisation")
_SECRETARIAT_NAMES = {
    "en": "Joint secretariat of the summits",
    "ja": "合同事務局",
    "uz": "Sammitlar qoʻshma kotibiyati",
    "ru": "Совместный секретариат саммитов",
}


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as a file gives it; `names` are by language."""

    code: str
    sort: str
    time_zone: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowReason:
    """A reason against one row of a file; lines count from 1, 0 means the file itself."""

    line: int
    reason: Refusal


@dataclass(frozen=True, slots=True)
class RowsRefused:
    """The whole file was judged, some of it refused, and none of it carried out."""

    reasons: tuple[RowReason, ...]


@dataclass(frozen=True, slots=True)
class PartiesImported:
    """The codes that are new, those that changed, and those that were already so."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def import_parties(
    runtime: Runtime, caller: Caller | None, content: bytes, encoding: str | None = None,
    delimiter: str | None = None,
) -> PartiesImported | RowsRefused | Refused:  # fmt: skip
    """Write the parties of a table; without a caller the machine's operator does.

    A code that is there is renamed or moved to another time zone; its sort stays.
    """
    rows = read_table(content, COLUMNS, encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    with runtime.uow.write() as tx:
        if caller is not None and not _is_host(tx, caller):
            return Refused((refuse(Code.NOT_ADMINISTRATOR, party=JOINT_SECRETARIAT),))
        known, reasons = dict(people.parties(tx)), []
        for row in rows:
            found = _judge_row(row, known)
            reasons += [RowReason(row.number, each) for each in found]
            if not found:
                known[row.cells["code"]] = (row.cells["sort"], row.cells["time_zone"])
        if reasons:
            return RowsRefused(tuple(reasons))
        return _write_all(tx, caller, [_read(row) for row in rows])


def put_party(tx: Tx, caller: Caller | None, new: NewParty) -> bool | None:
    """Write a party that was judged: True when new, False when changed, None when as before."""
    before = people.parties(tx).get(new.code)
    if before is None:
        people_writes.add_party(tx, new.code, new.sort, new.time_zone)
    elif before[1] == new.time_zone and dict(people.party_names(tx)[new.code]) == new.names:
        return None
    else:
        people_writes.move_party(tx, new.code, new.time_zone)
    people_writes.name_party(tx, new.code, new.names)
    record(
        tx,
        caller,
        new.code,
        "party",
        facts={"sort": new.sort, "time_zone": new.time_zone},
        texts={f"name.{language}": name for language, name in new.names.items()},
        acts_for=JOINT_SECRETARIAT,
    )
    return before is None


def ensure_secretariat(tx: Tx) -> None:
    """Write the joint secretariat unless it is there; an import may move and rename it."""
    if JOINT_SECRETARIAT not in people.parties(tx):
        put_party(tx, None, NewParty(JOINT_SECRETARIAT, "organisation", "UTC", _SECRETARIAT_NAMES))


def _is_host(tx: Tx, caller: Caller) -> bool:
    return people.holds_office(tx, caller.person_id, JOINT_SECRETARIAT, ADMINISTRATOR)


def _write_all(tx: Tx, caller: Caller | None, parties: list[NewParty]) -> PartiesImported:
    written: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for each in parties:
        written[put_party(tx, caller, each)].append(each.code)
    return PartiesImported(tuple(written[True]), tuple(written[False]), tuple(written[None]))


def _read(row: Row) -> NewParty:
    by_language = {
        language: names.tidy_name(row.cells[f"name_{language}"])
        for language in LANGUAGES
        if row.cells.get(f"name_{language}")
    }
    return NewParty(row.cells["code"], row.cells["sort"], row.cells["time_zone"], by_language)


def _judge_row(row: Row, known: Mapping[str, tuple[str, str]]) -> list[Refusal]:
    """Give every reason against a row; `known` holds the rows above it, too."""
    if row.refusal is not None:
        return [row.refusal]
    new = _read(row)
    reasons = [names.judge_party_code(new.code), _find_look_alike(new.code, known)]
    reasons += [names.judge_name(name, f"name_{of}") for of, name in new.names.items()]
    if "en" not in new.names:
        reasons.append(refuse(Code.TEXT_MISSING, field="name_en"))
    sort = known[new.code][0] if new.code in known else None
    if new.sort not in _SORTS or sort not in (None, new.sort):
        reasons.append(refuse(Code.FIELD_MALFORMED, field="sort", type=" or ".join(_SORTS)))
    if not is_time_zone(new.time_zone):
        reasons.append(refuse(Code.TIME_ZONE_UNKNOWN, time_zone=names.shown(new.time_zone)))
    return [each for each in reasons if each is not None]


def _find_look_alike(code: str, known: Mapping[str, tuple[str, str]]) -> Refusal | None:
    skeleton = names.party_skeleton(code)
    for other in known:
        if other != code and names.party_skeleton(other) == skeleton:
            return refuse(Code.PARTY_LOOKS_ALIKE, party=names.shown(code), other=other)
    return None


def is_time_zone(name: str) -> bool:
    """Say whether a name is a time zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # unknown names are OSErrors where they name a folder
        return False
    except KeyError:  # ZoneInfoNotFoundError
        return False
    return True
