"""The check names whoever changed by whose authority something was done, or until when it lasts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests import make
from tests.fakes import EPOCH, FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, RecordPaper, Sign
from workflow.persistence.people_tables import Delegation
from workflow.persistence.proposal_tables import Deadline, SignOff
from workflow.services.check import find_faults
from workflow.services.delegation import Delegate, delegate
from workflow.services.paper import record_paper
from workflow.services.people import Done
from workflow.services.sign import sign

SILENCE = {"of": ["lead"], "role": "legal_service", "days": 14, "place": "Asia/Tokyo"}
NEEDS = {
    "all": [
        {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}},
        {"silence": SILENCE},
    ]
}


@pytest.fixture
def fund(runtime: Runtime) -> str:
    """Give a proposal that was signed by a delegate for UZ, and on paper for JP."""
    make.definition(runtime, agree={"bars": [], "needs": NEEDS})
    ada, bo = make.delegate(runtime, "ada"), make.delegate(runtime, "bo", role="legal_service")
    jo, reference = make.delegate(runtime, "jo", "JP"), make.proposal(runtime)
    lent = Delegate(to="bo", party="UZ", role="line_ministry", ends="2026-01-31")
    assert isinstance(delegate(runtime, ada, lent), Done)
    order = Sign((reference,), "agree", "UZ", "line_ministry")
    assert sign(runtime, bo, order)[0].granted
    paper = RecordPaper(
        reference=reference, step="agree", party="JP", role="line_ministry", login="jo",
        occurred_on=date(2026, 1, 5), file_name="note.pdf", content=b"%PDF-1.7 a note",
    )  # fmt: skip
    assert record_paper(runtime, make.secretary(runtime), paper).granted
    make.decide(runtime, reference, jo, Decision.CONFIRM)
    return reference


def test_what_was_lent_and_signed_on_paper_has_no_fault(runtime: Runtime, fund: str) -> None:
    assert fund
    assert list(find_faults(runtime)) == []


@pytest.mark.parametrize(
    "edit",
    [
        update(SignOff).where(SignOff.holder_id.is_not(None)).values(holder_id=None),
        update(SignOff).values(recorded_by=None),
        update(SignOff).where(SignOff.confirmed_by.is_not(None)).values(confirmed_by=1),
        update(Delegation).values(ends_at=EPOCH + timedelta(days=1)),
        update(Delegation).values(delegate_id=3),
        update(Delegation).values(revoked_at=Delegation.starts_at),
    ],
)
def test_authority_that_was_edited_is_named(runtime: Runtime, fund: str, edit: object) -> None:
    assert fund
    with runtime.uow.write() as tx:
        tx.connection.execute(edit)  # type: ignore[call-overload] # any statement
    assert list(find_faults(runtime)) != []


def test_a_silence_that_is_said_to_be_over_before_its_time_is_named(
    runtime: Runtime, fund: str, clock: FakeClock
) -> None:
    with runtime.uow.write() as tx:
        tx.connection.execute(update(Deadline).values(handled_at=clock()))
    (fault,) = find_faults(runtime)
    assert fault == f"{fund}: a deadline of agree is said to be done before its time (1)"
