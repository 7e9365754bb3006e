"""An auditor exports what they may see, and the export is an entry itself."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from tests.audit.conftest import SECRETARIAT, World
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.entry import Actor, Draft
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused
from workflow.export.new_file import FileExistsAlreadyError
from workflow.export.verify import verify_export
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.entries import append
from workflow.persistence.entry_scope import EVERYTHING, EntryFilter
from workflow.persistence.people_tables import Party, PartyBootstrap
from workflow.services.audit import Export, ExportReport, export_entries
from workflow.services.audit_check import verify_database

ALL_CHAINS = {
    "party/SECRETARIAT",
    "party/UZ",
    "party/JP",
    "proposal/BOTH-1",
    "proposal/UZ-2",
    "proposal/JP-3",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder / "log.jsonl"


def export(
    runtime: Runtime, caller: Caller, path: Path, wanted: EntryFilter = EVERYTHING
) -> ExportReport:
    order = Export(path=path, form=path.suffix[1:], wanted=wanted, replace=True)
    report = export_entries(runtime, caller, order)
    assert isinstance(report, ExportReport)
    assert verify_export(path).ok
    return report


def heads(path: Path) -> set[str]:
    return set(json.loads(path.read_text("utf-8").splitlines()[-1])["heads"])


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()[:-1]]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_export_holds_every_entry_and_verifies(
    runtime: Runtime, world: World, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"log.{form}"
    report = export(runtime, world.everything, path)
    assert report.entries == 13
    assert verify_export(path).sentence == (
        "OK: 13 entries in 6 chains; every chain is whole from its first entry."
    )


def test_joint_secretariats_auditor_sees_every_chain(
    runtime: Runtime, world: World, path: Path
) -> None:
    export(runtime, world.everything, path)
    assert heads(path) == ALL_CHAINS


def test_partys_auditor_sees_what_the_party_sees(
    runtime: Runtime, world: World, path: Path
) -> None:
    """Uzbekistan takes part in two proposals, and in one of them together with Japan."""
    export(runtime, world.of_uz, path)
    assert heads(path) == {"party/UZ", "party/JP", "proposal/BOTH-1", "proposal/UZ-2"}
    export(runtime, world.of_jp, path)
    assert heads(path) == {"party/UZ", "party/JP", "proposal/BOTH-1", "proposal/JP-3"}


def test_partys_auditor_sees_own_exports_only(runtime: Runtime, world: World, path: Path) -> None:
    first = export(runtime, world.of_uz, path)
    export(runtime, world.of_jp, path)
    export(runtime, world.of_uz, path)
    own = [row["leaf_hash"] for row in rows(path) if row["kind"] == "export"]
    assert own == [first.entry]
    assert "but for log" in verify_export(path).sentence


def test_every_party_sees_how_another_got_its_first_administrator(
    runtime: Runtime, world: World, path: Path
) -> None:
    """Of a party that it shares no proposal with: that one entry, and a list that says so."""
    with runtime.uow.write() as tx:
        tx.connection.execute(
            insert(Party).values(code="KZ", sort="state", time_zone="UTC", created_at=tx.at)
        )
        tx.connection.execute(
            insert(PartyBootstrap).values(
                party="KZ", person_id=1, document_sha256="0" * 64, document_name="n", at=tx.at
            )
        )
        other = Draft(chain="party/KZ", kind="grant", via="cli", actor=Actor("p", "KZ"))
        first = Draft(chain="party/KZ", kind="bootstrap", via="cli", actor=Actor("p", SECRETARIAT))
        append(tx, [other, first, other])
    export(runtime, world.of_uz, path)
    assert [row["kind"] for row in rows(path) if "party/KZ" in str(row["leaf"])] == ["bootstrap"]
    assert "but for log, party/KZ" in verify_export(path).sentence
    export(runtime, world.everything, path)
    assert "every chain is whole from its first entry." in verify_export(path).sentence


def test_export_is_an_entry_that_knows_the_file(runtime: Runtime, world: World, path: Path) -> None:
    report = export(runtime, world.everything, path, EntryFilter(actor="u.signer"))
    with runtime.uow.read() as tx:
        last = tx.connection.execute(
            select(AuditEntry.leaf, AuditDetail.value)
            .join(AuditDetail, AuditDetail.entry_id == AuditEntry.id)
            .where(AuditEntry.chain == "log")
        ).one()
    assert json.loads(last.leaf)["facts"] == {
        "entries": 9,
        "format": "jsonl",
        "sha256": report.digest,
    }
    assert json.loads(last.value) == {"actor": "u.signer"}
    assert b"u.signer" not in last.leaf
    assert verify_database(runtime.uow).ok


FILTERS = {
    "proposal": (EntryFilter(proposal="UZ-2"), 3),
    "kind": (EntryFilter(kind="forum"), 9),
    "other_kind": (EntryFilter(kind="statement"), 0),
    "party": (EntryFilter(party="UZ"), 9),
    "actor": (EntryFilter(actor="u.signer"), 9),
    "nobody": (EntryFilter(actor="nobody"), 0),
    "step": (EntryFilter(step="agree"), 6),
    "both": (EntryFilter(step="agree", proposal="UZ-2"), 2),
}


@pytest.mark.parametrize(("wanted", "count"), FILTERS.values(), ids=FILTERS)
def test_export_holds_what_the_filter_says(
    runtime: Runtime, world: World, path: Path, wanted: EntryFilter, count: int
) -> None:
    assert export(runtime, world.everything, path, wanted).entries == count


def test_export_is_filtered_by_time(
    runtime: Runtime, world: World, path: Path, clock: FakeClock
) -> None:
    begin = clock.now()
    day = timedelta(days=1)
    inside = EntryFilter(since=begin, until=begin + day)
    assert export(runtime, world.everything, path, inside).entries == 13
    assert export(runtime, world.everything, path, EntryFilter(until=begin)).entries == 0
    assert export(runtime, world.everything, path, EntryFilter(since=begin + day)).entries == 0


def test_row_names_the_person_and_the_reason(runtime: Runtime, world: World, path: Path) -> None:
    export(runtime, world.everything, path, EntryFilter(proposal="UZ-2"))
    assert [(row["actor"], row["reason"]) for row in rows(path)] == [
        ("u.signer", None),
        ("u.signer", "=agreed"),
        ("u.signer", "Everyone signed"),
    ]


def test_erased_person_is_left_as_a_pseudonym(runtime: Runtime, world: World, path: Path) -> None:
    with runtime.uow.write() as tx:
        tx.connection.execute(
            AuditSubject.__table__.delete().where(AuditSubject.login == "u.signer")  # type: ignore[attr-defined] # a Table
        )
    export(runtime, world.everything, path, EntryFilter(proposal="UZ-2"))
    assert {row["actor"] for row in rows(path)} == {world.signer.pseudonym}


def refused(
    runtime: Runtime, caller: Caller, path: Path, wanted: EntryFilter = EVERYTHING
) -> list[Code]:
    answer = export_entries(runtime, caller, Export(path=path, form="csv", wanted=wanted))
    assert isinstance(answer, Refused)
    assert list(path.parent.iterdir()) == []
    with runtime.uow.read() as tx:
        leaves = tx.connection.scalars(select(AuditEntry.leaf))
        assert "export" not in {read_leaf(leaf).kind for leaf in leaves}
    return [reason.code for reason in answer.reasons]


def test_export_is_for_auditors(runtime: Runtime, world: World, path: Path) -> None:
    assert refused(runtime, world.signer, path) == [Code.AUDITOR_ONLY]


@pytest.mark.parametrize("reference", ["JP-3", "NO-SUCH"])
def test_hidden_proposal_does_not_exist(
    runtime: Runtime, world: World, path: Path, reference: str
) -> None:
    wanted = EntryFilter(proposal=reference)
    assert refused(runtime, world.of_uz, path, wanted) == [Code.NOT_FOUND]


def test_existing_file_is_kept(runtime: Runtime, world: World, path: Path) -> None:
    path.write_text("kept")
    with pytest.raises(FileExistsAlreadyError):
        export_entries(runtime, world.everything, Export(path=path, form="csv"))
    assert path.read_text() == "kept"
