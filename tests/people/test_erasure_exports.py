"""Exports and erasure: an old one still verifies, a new one shows a pseudonym."""

from pathlib import Path

import pytest

from tests import make
from tests.people.erasing import DETAILS, LOGIN, ORDER, held, wordy
from tests.people.world import administrator
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.export.verify import verify_export
from workflow.persistence.entry_scope import EntryFilter
from workflow.services.audit import Export, export_entries
from workflow.services.erase import erase


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
