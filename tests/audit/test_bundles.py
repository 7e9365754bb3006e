"""An auditor's bundle holds what the auditor may see, proves it, and is an entry itself."""

import json
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select, update

from config.log_key import LogKeyFile
from tests.audit.conftest import World
from tests.sealed import acts, record, with_key
from workflow.bootstrap import Runtime
from workflow.domain.entry import START, Draft
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused
from workflow.export.bundle_check import find_false_view
from workflow.export.new_file import FileExistsAlreadyError
from workflow.export.row import Record
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.keys import SigningKey, VerifierKey
from workflow.log.leaf import read_leaf
from workflow.log.receipt import verify_receipt
from workflow.log.verdict import Verified
from workflow.persistence.audit_tables import AuditDetail, AuditEntry
from workflow.persistence.people_tables import Mandate
from workflow.services.audit import ExportReport
from workflow.services.bundle import BundleOrder, NoLogKeyError, export_bundle
from workflow.services.log_keys import add_key, public_keys
from workflow.services.receipts import Receipt, make_receipt
from workflow.services.seal import seal

CANARY = "the text that no other party may read"


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log whose key is on this machine."""
    return with_key(runtime, tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give an empty folder to export to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def export(log: Runtime, caller: Caller, path: Path, proposal: str | None = None) -> ExportReport:
    report = export_bundle(log, caller, BundleOrder(path, proposal))
    assert isinstance(report, ExportReport)
    return report


def trust(log: Runtime) -> Trust:
    return Trust([VerifierKey.parse(text) for text in public_keys(log)])


def check(log: Runtime, path: Path) -> Verified:
    assert find_false_view(path) is None
    return verify_bundle(path, trust(log))


def chains(path: Path) -> set[str]:
    manifest = json.loads((path / "manifest.json").read_bytes())
    return {each["chain"] for each in manifest["chains"]}


def everything_in(path: Path) -> bytes:
    """Return all bytes of a folder, those packed in workbooks too."""
    content = b""
    for each in (each for each in path.rglob("*") if each.is_file()):
        content += each.read_bytes()
        if each.suffix == ".xlsx":
            with zipfile.ZipFile(each) as book:
                content += b"".join(book.read(name) for name in book.namelist())
    return content


def test_whole_bundle_holds_every_entry(log: Runtime, world: World, out: Path) -> None:
    report = export(log, world.everything, out / "b")
    result = check(log, out / "b")
    assert (result.ok, result.entries, result.partial) == (True, report.entries, [])
    assert (out / "b" / "tile" / "entries").is_dir()


def test_export_of_a_bundle_is_an_entry(log: Runtime, world: World, out: Path) -> None:
    report = export(log, world.everything, out / "b", "UZ-2")
    with log.uow.read() as tx:
        found = tx.connection.scalars(select(AuditEntry.leaf).where(AuditEntry.kind == "export"))
        leaf = read_leaf(found.one())
    manifest = sha256((out / "b" / "manifest.json").read_bytes()).hexdigest()
    assert leaf.facts == {"format": "bundle", "entries": 3, "sha256": manifest}
    assert report.digest == manifest
    assert list(leaf.digests) == ["filters"]


def test_next_bundle_continues_the_last_one(log: Runtime, world: World, out: Path) -> None:
    first, second = out / "first", out / "second"
    export(log, world.everything, first)
    export(log, world.everything, second)
    kept = (first / "checkpoint").read_bytes()
    result = verify_bundle(second, Trust(trust(log).keys, since=kept))
    assert result.ok
    assert result.also[0].startswith("it continues the checkpoint of ")
    size = kept.split(b"\n")[1].decode()
    assert (second / "consistency" / f"{size}.txt").is_file()


def test_bundle_of_one_proposal_holds_that_chain(log: Runtime, world: World, out: Path) -> None:
    export(log, world.everything, out / "b", "JP-3")
    result = check(log, out / "b")
    assert (result.ok, result.entries, chains(out / "b")) == (True, 3, {"proposal/JP-3"})
    assert not (out / "b" / "tile" / "entries").exists()
    assert b"BOTH-1" not in everything_in(out / "b")


def test_partys_bundle_says_nothing_that_the_party_may_not_see(
    log: Runtime, world: World, out: Path
) -> None:
    secret = Draft(
        chain="proposal/SECRET-9", kind="propose", via="cli", proposal="SECRET-9",
        previous=START, texts={"reason": CANARY},
    )  # fmt: skip
    record(log, secret)
    export(log, world.of_uz, out / "b")
    assert check(log, out / "b").ok
    seen = {"party/UZ", "party/JP", "proposal/BOTH-1", "proposal/UZ-2"}
    assert chains(out / "b") == seen
    content = everything_in(out / "b")
    for word in (CANARY, "SECRET-9", "JP-3", "SECRETARIAT"):
        assert word.encode() not in content
    assert not (out / "b" / "tile" / "entries").exists()
    whole = export(log, world.everything, out / "whole")
    assert CANARY.encode() in everything_in(whole.path)


def test_party_sees_single_entries_of_the_logs_own_chain(
    log: Runtime, world: World, out: Path
) -> None:
    for number in range(3):
        export(log, (world.of_uz, world.of_jp)[number % 2], out / str(number))
    export(log, world.of_uz, out / "b")
    result = check(log, out / "b")
    assert (result.ok, result.partial) == (True, ["log"])


def test_erased_text_leaves_the_bundle_whole(log: Runtime, world: World, out: Path) -> None:
    with log.uow.write() as tx:
        tx.connection.execute(AuditDetail.__table__.delete())  # type: ignore[attr-defined] # it is a Table
    export(log, world.everything, out / "b")
    assert check(log, out / "b").ok
    assert b"Everyone signed" not in everything_in(out / "b")


def test_entry_written_meanwhile_is_not_in_the_bundle(
    log: Runtime, world: World, out: Path
) -> None:
    def interrupt(batches: Iterable[Iterable[Record]], _: object) -> Iterable[Iterable[Record]]:
        if log.engine.dialect.name == "postgresql":
            record(log, *acts(3, "party/KZ"))
            seal(log)
        return batches

    report = export_bundle(log, world.everything, BundleOrder(out / "b"), interrupt)
    assert isinstance(report, ExportReport)
    assert check(log, out / "b").ok
    assert "party/KZ" not in chains(out / "b")


def test_only_auditors_get_bundles(log: Runtime, world: World, out: Path) -> None:
    refused = export_bundle(log, world.signer, BundleOrder(out / "b"))
    assert isinstance(refused, Refused)
    assert [each.code for each in refused.reasons] == [Code.AUDITOR_ONLY]
    assert list(out.iterdir()) == []


def test_proposal_that_is_hidden_does_not_exist(log: Runtime, world: World, out: Path) -> None:
    refused = export_bundle(log, world.of_uz, BundleOrder(out / "b", "JP-3"))
    assert isinstance(refused, Refused)
    assert [each.code for each in refused.reasons] == [Code.NOT_FOUND]


def test_mandate_that_ends_meanwhile_leaves_nothing(log: Runtime, world: World, out: Path) -> None:
    def revoke(batches: Iterable[Iterable[Record]], _: object) -> Iterable[Iterable[Record]]:
        yield from batches
        if log.engine.dialect.name == "postgresql":
            with log.uow.write() as tx:
                tx.connection.execute(
                    update(Mandate)
                    .where(Mandate.person_id == world.everything.person_id)
                    .values(ends_at=tx.at)
                )

    answer = export_bundle(log, world.everything, BundleOrder(out / "b"), revoke)
    if log.engine.dialect.name == "postgresql":
        assert isinstance(answer, Refused)
        assert list(out.iterdir()) == []


def test_folder_that_exists_is_never_replaced(log: Runtime, world: World, out: Path) -> None:
    (out / "b").mkdir()
    (out / "gone").symlink_to(out / "nowhere")
    for name in ("b", "gone"):
        with pytest.raises(FileExistsAlreadyError):
            export(log, world.everything, out / name)
    assert {each.name for each in out.iterdir()} == {"b", "gone"}


def test_machine_without_the_logs_key_makes_no_bundle(
    runtime: Runtime, world: World, out: Path
) -> None:
    with pytest.raises(NoLogKeyError):
        export(runtime, world.everything, out / "b")
    assert list(out.iterdir()) == []


def test_bundle_is_signed_by_whichever_keys_sign_now(
    log: Runtime, world: World, tmp_path: Path, out: Path
) -> None:
    """The newest checkpoint is the old key's; the manifest is signed by the new one alone."""
    seal(log)
    (old,) = trust(log).keys
    fresh = SigningKey.generate(old.name)
    add_key(log, fresh)
    seal(log)
    LogKeyFile(tmp_path / "log.key").write((fresh,))
    export(log, world.everything, out / "b")
    assert check(log, out / "b").ok
    assert verify_bundle(out / "b", Trust((fresh.verifier,))).ok
    assert not verify_bundle(out / "b", Trust((old,))).ok


def hash_of(log: Runtime, chain: str) -> bytes:
    with log.uow.read() as tx:
        statement = select(AuditEntry.leaf_hash).where(AuditEntry.chain == chain)
        return tx.connection.scalars(statement.order_by(AuditEntry.sequence.desc())).first() or b""


def test_receipt_is_for_whoever_may_see_the_entry(log: Runtime, world: World) -> None:
    entry = hash_of(log, "proposal/UZ-2")
    for who in (world.signer, world.of_uz, world.everything):
        made = make_receipt(log, who, entry)
        assert isinstance(made, Receipt)
        assert verify_receipt(made.content, trust(log), entry).ok
    for hidden in (entry, bytes(32)):
        refused = make_receipt(log, world.of_jp, hidden)
        assert isinstance(refused, Refused)
        assert [each.code for each in refused.reasons] == [Code.ENTRY_NOT_FOUND]


def test_receipt_holds_against_a_later_bundle(log: Runtime, world: World, out: Path) -> None:
    made = make_receipt(log, world.signer, hash_of(log, "proposal/UZ-2"))
    assert isinstance(made, Receipt)
    for name, proposal in (("whole", None), ("part", "UZ-2"), ("other", "JP-3")):
        export(log, world.everything, out / name, proposal)
        result = verify_bundle(out / name, Trust(trust(log).keys, receipt=made.content))
        assert result.ok, name


def test_receipt_waits_for_a_machine_with_the_key(runtime: Runtime, world: World) -> None:
    refused = make_receipt(runtime, world.everything, hash_of(runtime, "proposal/UZ-2"))
    assert isinstance(refused, Refused)
    assert [each.code for each in refused.reasons] == [Code.CHECKPOINT_MISSING]
