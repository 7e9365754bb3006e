"""Words that came by paper or from history are the person's as well; documents are not."""

import io
import json
from datetime import date, timedelta

from sqlalchemy import select

from tests import make
from tests.fakes import FakeClock
from tests.history import past
from tests.people.erasing import LOGIN, NAME, ORDER, assert_whole, held
from tests.people.world import administrator, office
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, RecordPaper, Sign
from workflow.persistence.evidence_tables import EvidenceFile
from workflow.services.erase import Erased, erase
from workflow.services.history import HistoryReport, import_history
from workflow.services.paper import record_paper
from workflow.services.people import Done, NewPerson, add
from workflow.services.sign import sign

WORDS = "Written by my own hand"
PAPER = b"%PDF-1.7 a note verbale"


def test_a_papers_note_and_file_name_go_and_the_document_stays(
    runtime: Runtime, clock: FakeClock
) -> None:
    now = clock()
    clock.set(now - timedelta(days=2))
    admin, fund = administrator(runtime), make.proposal(runtime)
    new = NewPerson(LOGIN, NAME, "UZ", office(role="line_ministry"))
    assert isinstance(add(runtime, admin, new), Done)
    clock.set(now)
    paper = RecordPaper(
        reference=fund, step="agree", party="UZ", role="line_ministry", login=LOGIN,
        occurred_on=date(2026, 1, 4), file_name="rahimova.pdf", content=PAPER, note=WORDS,
        decision=Decision.RESERVE,
    )  # fmt: skip
    assert record_paper(runtime, make.secretary(runtime), paper).granted
    colleague = make.delegate(runtime, "bo", "UZ", "line_ministry")
    remark = "I have seen the paper"
    order = Sign((fund,), "agree", "UZ", "line_ministry", Decision.CONFIRM, note=remark)
    assert sign(runtime, colleague, order)[0].granted
    assert isinstance(erase(runtime, admin, ORDER), Erased)
    gone = (WORDS, "rahimova.pdf", LOGIN, NAME)
    assert held(runtime, *(each.encode() for each in gone)) == []
    assert held(runtime, remark.encode()) == [remark.encode()]
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(EvidenceFile.content)) == PAPER
    assert_whole(runtime)


def test_somebody_of_history_goes_with_what_the_file_claimed(runtime: Runtime) -> None:
    make.definition(runtime)
    when = past.BEGINNING.isoformat()
    seat = {"login": LOGIN, "party": "UZ", "role": "line_ministry", "at": when}
    acts = [
        *past.parties("UZ", "JP"),
        {"act": "person", "login": LOGIN, "name": NAME, "at": when},
        {"act": "grant", **seat},
        past.propose({"UZ": "lead", "JP": "member"}),
        past.sign("UZ", "1991-02-01", "object", login=LOGIN, note=WORDS),
        past.sign("JP", "1991-03-01", login=LOGIN, note="No mandate for this"),
    ]
    file = io.BytesIO("\n".join(map(json.dumps, acts)).encode())
    report = import_history(runtime, make.secretary(runtime), file)
    assert isinstance(report, HistoryReport)
    assert report.as_json()["irregular"] == 1
    claimed = (LOGIN, NAME, WORDS, "No mandate for this")
    assert len(held(runtime, *(each.encode() for each in claimed))) == len(claimed)
    assert isinstance(erase(runtime, administrator(runtime), ORDER), Erased)
    assert held(runtime, *(each.encode() for each in claimed)) == []
    assert_whole(runtime)
