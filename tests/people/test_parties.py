"""Parties are written from a file as a whole, and get a first administrator once."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import select

from tests import make
from tests.people.world import administrator, codes, roles_of
from workflow.bootstrap import Runtime
from workflow.domain.identity import JOINT_SECRETARIAT
from workflow.domain.verdicts import Code
from workflow.persistence import people
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.evidence_tables import EvidenceFile
from workflow.services.bootstrap_party import Bootstrap, bootstrap
from workflow.services.parties import PartiesImported, RowsRefused, import_parties
from workflow.services.people import Done

HEADER = "code,name_en,name_ja,name_uz,name_ru,sort,time_zone\n"
UZ = "UZ,Uzbekistan,ウズベキスタン,Oʻzbekiston,Узбекистан,state,Asia/Tashkent\n"
JP = "JP,Japan,日本,Yaponiya,Япония,state,Asia/Tokyo\n"
NOTE = Bootstrap("UZ", "uz.admin", "S. Yusupov", "note.txt", b"We name S. Yusupov.")


def imported(runtime: Runtime, text: str) -> object:
    """Import parties as the operator."""
    return import_parties(runtime, None, text.encode())


def test_parties_come_with_names_in_four_languages(runtime: Runtime) -> None:
    assert imported(runtime, HEADER + UZ + JP) == PartiesImported(("UZ", "JP"), (), ())
    with runtime.uow.read() as tx:
        assert people.parties(tx)["UZ"] == ("state", "Asia/Tashkent")
        assert people.party_names(tx)["UZ"] == {
            "en": "Uzbekistan",
            "ja": "ウズベキスタン",
            "uz": "Oʻzbekiston",
            "ru": "Узбекистан",
        }


def test_importing_again_changes_what_changed(runtime: Runtime) -> None:
    imported(runtime, HEADER + UZ + JP)
    renamed = UZ.replace("Uzbekistan", "Republic of Uzbekistan")
    assert imported(runtime, HEADER + renamed + JP) == PartiesImported((), ("UZ",), ("JP",))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("uz,Uzbekistan,,,,state,Asia/Tashkent\n", Code.PARTY_MALFORMED),
        ("UΖ,Uzbekistan,,,,state,Asia/Tashkent\n", Code.PARTY_MALFORMED),
        ("J1CA,Fake,,,,organisation,Asia/Tokyo\n", Code.PARTY_LOOKS_ALIKE),
        ("FR,France,,,,kingdom,Europe/Paris\n", Code.FIELD_MALFORMED),
        ("JP,Japan,,,,organisation,Asia/Tokyo\n", Code.FIELD_MALFORMED),
        ("FR,France,,,,state,Mars/Olympus\n", Code.TIME_ZONE_UNKNOWN),
        ("FR,France,,,,state,../../etc/passwd\n", Code.TIME_ZONE_UNKNOWN),
        ("FR,France,,,,state,Europe\n", Code.TIME_ZONE_UNKNOWN),
        ("FR,,,,,state,Europe/Paris\n", Code.TEXT_MISSING),
        ("FR,Fran\u202ece,,,,state,Europe/Paris\n", Code.TEXT_UNSAFE),
        ("FR,France\n", Code.ROW_MALFORMED),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(runtime: Runtime, row: str, code: Code) -> None:
    imported(runtime, HEADER + JP + "JICA,Agency,,,,organisation,Asia/Tokyo\n")
    answer = imported(runtime, HEADER + UZ + row)
    assert isinstance(answer, RowsRefused)
    assert [(each.line, each.reason.code) for each in answer.reasons] == [(3, code)]
    with runtime.uow.read() as tx:
        assert "UZ" not in people.parties(tx)


def test_only_the_hosts_administrator_writes_parties(runtime: Runtime) -> None:
    answer = import_parties(runtime, administrator(runtime, "JP"), (HEADER + UZ).encode())
    assert codes(answer) == (Code.NOT_ADMINISTRATOR,)
    host = administrator(runtime, JOINT_SECRETARIAT)
    assert isinstance(import_parties(runtime, host, (HEADER + UZ).encode()), PartiesImported)


def test_a_first_administrator_is_made_by_a_document_once(runtime: Runtime) -> None:
    imported(runtime, HEADER + UZ)
    assert isinstance(bootstrap(runtime, None, NOTE), Done)
    assert roles_of(runtime, "uz.admin") == {"UZ:administrator"}
    second = Bootstrap("UZ", "second", "Second", "note.txt", b"Another.")
    assert codes(bootstrap(runtime, None, second)) == (Code.ALREADY_BOOTSTRAPPED,)
    make.revoke(runtime, make.person(runtime, "uz.admin"))
    assert codes(bootstrap(runtime, None, second)) == (Code.ALREADY_BOOTSTRAPPED,)


def test_the_document_is_kept_and_named_by_the_entry(runtime: Runtime) -> None:
    imported(runtime, HEADER + UZ)
    bootstrap(runtime, None, NOTE)
    digest = sha256(NOTE.document).hexdigest()
    with runtime.uow.read() as tx:
        kept = tx.connection.execute(select(EvidenceFile.sha256, EvidenceFile.content)).one()
        leaf = tx.connection.scalar(select(AuditEntry.leaf).where(AuditEntry.kind == "bootstrap"))
    assert tuple(kept) == (digest, NOTE.document)
    assert json.loads(leaf or b"")["facts"] == {"party": "UZ", "document": digest}


def test_every_reason_against_a_bootstrap_is_given(runtime: Runtime) -> None:
    administrator(runtime, "UZ")
    jp = administrator(runtime, "JP")
    order = Bootstrap("UZ", "X", "", "run.exe", b"MZ\x00")
    assert set(codes(bootstrap(runtime, jp, order))) == {
        Code.NOT_ADMINISTRATOR,
        Code.ALREADY_BOOTSTRAPPED,
        Code.LOGIN_MALFORMED,
        Code.TEXT_MISSING,
        Code.FILE_NOT_ACCEPTED,
    }


def test_an_unknown_party_is_not_bootstrapped(runtime: Runtime) -> None:
    assert codes(bootstrap(runtime, None, NOTE)) == (Code.PARTY_UNKNOWN,)
