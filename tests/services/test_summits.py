"""Summits come from a file, as a whole or not at all."""

import pytest
from sqlalchemy import select

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Code, Refused
from workflow.persistence.audit_tables import AuditEntry
from workflow.queries.summits import summits_list
from workflow.services.parties import RowsRefused
from workflow.services.summits import import_summits

HEADER = "code,title_en,title_uz,host,place,starts_on,ends_on\n"
TOKYO = "CAJ-2025,Tokyo summit,Tokio sammiti,JP,Tokyo,2025-12-19,2025-12-20\n"


def test_a_summit_is_written_with_its_titles_and_an_entry(runtime: Runtime) -> None:
    make.party(runtime, "JP")
    assert import_summits(runtime, None, (HEADER + TOKYO).encode()) == ("CAJ-2025",)
    with runtime.uow.read() as tx:
        (found,) = summits_list(tx)
        kinds = list(tx.connection.scalars(select(AuditEntry.kind)))
    assert (found.place, found.titles["uz"]) == ("Tokyo", "Tokio sammiti")
    assert kinds == ["summit"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("CAJ-2025,Again,,JP,Tokyo,2025-12-19,2025-12-20\n", Code.REFERENCE_TAKEN),
        ("X 1,A title,,JP,Tokyo,2025-12-19,2025-12-20\n", Code.REFERENCE_MALFORMED),
        ("X-1,A title,,XX,Tokyo,2025-12-19,2025-12-20\n", Code.PARTY_UNKNOWN),
        ("X-1,A title,,JP,Tokyo,2025-12-20,2025-12-19\n", Code.DATES_MALFORMED),
        ("X-1,A title,,JP,Tokyo,tomorrow,2025-12-19\n", Code.DATES_MALFORMED),
        ("X-1,,,JP,Tokyo,2025-12-19,2025-12-20\n", Code.TEXT_MISSING),
        ("X-1,A \u202etitle,,JP,Tokyo,2025-12-19,2025-12-20\n", Code.TEXT_UNSAFE),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_nothing_is_done(
    runtime: Runtime, row: str, code: Code
) -> None:
    make.party(runtime, "JP")
    refused = import_summits(runtime, None, (HEADER + TOKYO + row).encode())
    assert isinstance(refused, RowsRefused)
    assert [(each.line, each.reason.code) for each in refused.reasons] == [(3, code)]
    with runtime.uow.read() as tx:
        assert summits_list(tx) == ()


def test_only_the_joint_secretariat_writes_summits(runtime: Runtime) -> None:
    make.party(runtime, "JP")
    refused = import_summits(runtime, make.delegate(runtime), (HEADER + TOKYO).encode())
    assert isinstance(refused, Refused)
    assert import_summits(runtime, make.secretary(runtime), (HEADER + TOKYO).encode()) == (
        "CAJ-2025",
    )
