"""Exports and erasure: an old one still verifies, a new one shows a pseudonym."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import make
from tests.people.erasing import DETAILS, LOGIN, NAME, ORDER, held, wordy
from tests.people.world import administrator
from tests.sealed import with_key
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.export.verify import verify_export
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.keys import VerifierKey
from workflow.log.receipt import verify_receipt
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entry_scope import EntryFilter
from workflow.services.audit import Export, export_entries
from workflow.services.audit_check import verify_database
from workflow.services.bundle import BundleOrder, export_bundle
from workflow.services.erase import Erased, erase
from workflow.services.log_keys import public_keys
from workflow.services.receipts import Receipt, make_receipt
from workflow.services.seal import seal


@pytest.fixture
def admin(runtime: Runtime) -> Caller:
    """Give UZ's administrator."""
    return administrator(runtime)


@pytest.fixture
def person(runtime: Runtime, admin: Caller) -> Caller:
    """Give an official of UZ who has revised and signed in their own words."""
    return wordy(runtime, admin)


def test_an_export_from_before_still_verifies_and_a_new_one_shows_a_pseudonym(
    runtime: Runtime, admin: Caller, person: Caller, tmp_path: Path
) -> None:
    auditor = make.delegate(runtime, "auditor", "SECRETARIAT", "auditor")
    old, new = (Export(path=tmp_path / name, form="jsonl") for name in ("old", "new"))
    export_entries(runtime, auditor, old)
    erase(runtime, admin, ORDER)
    export_entries(runtime, auditor, new)
    assert verify_export(old.path).fault is None
    assert verify_export(new.path).fault is None
    assert LOGIN in old.path.read_text()
    assert [each for each in DETAILS if each in new.path.read_bytes()] == []
    assert person.pseudonym in new.path.read_text()


@pytest.mark.usefixtures("person")
def test_filters_of_an_export_that_name_the_login_go(
    runtime: Runtime, admin: Caller, tmp_path: Path
) -> None:
    auditor = make.delegate(runtime, "auditor", "SECRETARIAT", "auditor")
    wanted = EntryFilter(actor=LOGIN)
    export_entries(runtime, auditor, Export(path=tmp_path / "x", form="csv", wanted=wanted))
    erase(runtime, admin, ORDER)
    assert held(runtime, *DETAILS) == []


def test_every_proof_from_before_holds_and_later_bundles_continue_it(
    runtime: Runtime, admin: Caller, person: Caller, tmp_path: Path
) -> None:
    log = with_key(runtime, tmp_path)
    auditor = make.delegate(runtime, "auditor", "SECRETARIAT", "auditor")
    with runtime.uow.read() as tx:
        theirs = AuditEntry.actor == person.pseudonym
        entry = tx.connection.scalars(select(AuditEntry.leaf_hash).where(theirs)).first()
    assert entry is not None
    seal(log)
    receipt = make_receipt(log, auditor, entry)
    assert isinstance(receipt, Receipt)
    old, new = tmp_path / "old", tmp_path / "new"
    export_bundle(log, auditor, BundleOrder(old))
    kept = (old / "checkpoint").read_bytes()
    assert isinstance(erase(log, admin, ORDER), Erased)
    export_bundle(log, auditor, BundleOrder(new))
    keys = [VerifierKey.parse(each) for each in public_keys(log)]
    assert verify_receipt(receipt.content, Trust(keys), entry).ok
    assert verify_bundle(old, Trust(keys)).ok
    assert verify_bundle(new, Trust(keys, since=kept, receipt=receipt.content)).ok
    assert verify_database(log.uow, Trust(keys, since=kept)).ok
    assert NAME.encode() in everything_in(old)
    assert [each for each in DETAILS if each in everything_in(new)] == []


def everything_in(folder: Path) -> bytes:
    """Return all bytes of a bundle, those packed in its workbook too."""
    content = [each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()]
    with zipfile.ZipFile(folder / "views" / "events.xlsx") as book:
        content += [book.read(name) for name in book.namelist()]
    return b"".join(content)
