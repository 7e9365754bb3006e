"""What was signed on paper is recorded with its document, and counts once its party confirms."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, RecordPaper, Revise, Sign
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.persistence.entry_scope import EVERYTHING
from workflow.persistence.proposal_tables import SignOff
from workflow.queries.audit import AuditRow, audit_page
from workflow.queries.inbox import inbox
from workflow.queries.proposal import ProposalPage, proposal_page
from workflow.services.check import find_faults
from workflow.services.paper import record_paper
from workflow.services.people import disable
from workflow.services.revise import revise
from workflow.services.sign import sign

YESTERDAY = date(2026, 1, 4)
NOTE = b"%PDF-1.7 a note verbale"


@pytest.fixture
def fund(runtime: Runtime, clock: FakeClock) -> str:
    """Give a proposal of two days ago; now is 18:00 in Tokyo, where the factory's parties live."""
    now = clock()
    clock.set(now - timedelta(days=2))
    make.delegate(runtime, "jo", "JP")
    make.delegate(runtime, "ada")
    for role in ("administrator", "auditor"):
        make.delegate(runtime, f"uz.{role}", "UZ", role)
    reference = make.proposal(runtime)
    clock.set(now)
    return reference


@pytest.fixture
def ada(runtime: Runtime, fund: str) -> Caller:
    """Give the holder of UZ's line ministry, whose paper it is."""
    assert fund
    return make.person(runtime, "ada")


def recorded(runtime: Runtime, fund: str, by: Caller | None = None, **changes: Any) -> Outcome:  # noqa: ANN401 - what `RecordPaper` takes
    """Record that Ada signed yesterday, on paper; by the secretary unless said."""
    said: dict[str, Any] = {
        "reference": fund, "step": "agree", "party": "UZ", "role": "line_ministry",
        "login": "ada", "occurred_on": YESTERDAY, "file_name": "note.pdf", "content": NOTE,
    }  # fmt: skip
    order = RecordPaper(**{**said, **changes})
    return record_paper(runtime, by or make.secretary(runtime), order)


def confirmed(runtime: Runtime, fund: str, by: Caller) -> Outcome:
    """Confirm for UZ's line ministry, whatever becomes of it."""
    (outcome,) = sign(runtime, by, Sign((fund,), "agree", "UZ", "line_ministry", Decision.CONFIRM))
    return outcome


def why(outcome: Outcome) -> tuple[Code, ...]:
    """Give the codes of a refusal."""
    return tuple(each.code for each in outcome.reasons)


def page(runtime: Runtime, fund: str) -> ProposalPage:
    """Give the proposal's page, as the operator sees it."""
    with runtime.uow.read() as tx:
        found = proposal_page(tx, OPERATOR, fund)
    assert found is not None
    return found


def entry(runtime: Runtime) -> AuditRow:
    """Give the last entry."""
    with runtime.uow.read() as tx:
        return audit_page(tx, OPERATOR, EVERYTHING).rows[0]


def test_a_paper_act_weighs_nothing_until_it_is_confirmed(runtime: Runtime, fund: str) -> None:
    assert recorded(runtime, fund).granted
    assert page(runtime, fund).signed == 0
    make.approve(runtime, fund, by=make.delegate(runtime, party="JP"))
    assert page(runtime, fund).state == "proposed"
    assert confirmed(runtime, fund, make.delegate(runtime, "bo")).granted
    assert page(runtime, fund).state == "agreed"


def test_its_entry_names_the_day_the_paper_and_its_maker(runtime: Runtime, fund: str) -> None:
    recorded(runtime, fund)
    row = entry(runtime)
    assert row.actor is not None
    assert row.person is not None
    assert (row.kind, row.actor.login, row.person.login) == ("sign", "secretary", "ada")
    assert row.occurred == "2026-01-04"
    assert row.facts["paper"] is True
    assert (row.facts["party"], row.facts["role"]) == ("UZ", "line_ministry")
    assert len(str(row.facts["sha256"])) == 64


def test_once_confirmed_it_counts_as_its_makers(runtime: Runtime, fund: str, ada: Caller) -> None:
    recorded(runtime, fund)
    bo = make.delegate(runtime, "bo")
    confirmed(runtime, fund, bo)
    with runtime.uow.read() as tx:
        before, after = tx.connection.execute(select(SignOff).order_by(SignOff.id)).all()
    assert (before.weighs, before.ended_because) == (False, "confirmed")
    assert (after.weighs, after.ended_at, after.decision) == (True, None, "approve")
    assert after.person_id == after.counted_person == ada.person_id
    assert (after.confirmed_by, after.occurred_on) == (bo.person_id, YESTERDAY)


def test_the_log_and_the_rows_agree_about_it(runtime: Runtime, fund: str) -> None:
    recorded(runtime, fund)
    assert list(find_faults(runtime)) == []
    confirmed(runtime, fund, make.delegate(runtime, "bo"))
    assert list(find_faults(runtime)) == []


def test_a_holder_is_asked_to_confirm(runtime: Runtime, fund: str) -> None:
    recorded(runtime, fund)
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, make.delegate(runtime, "bo"))).rows
    assert (item.role, item.act) == ("line_ministry", "confirm")


def test_a_colleague_records_it_but_does_not_confirm_it(runtime: Runtime, fund: str) -> None:
    bo = make.delegate(runtime, "bo")
    assert recorded(runtime, fund, bo).granted
    assert why(confirmed(runtime, fund, bo)) == (Code.RECORDER_MAY_NOT_CONFIRM,)
    assert confirmed(runtime, fund, make.delegate(runtime, "cy")).granted


def test_only_the_secretariat_and_colleagues_record(runtime: Runtime, fund: str) -> None:
    for login in ("jo", "uz.auditor", "uz.administrator"):
        answer = recorded(runtime, fund, make.person(runtime, login))
        assert why(answer) == (Code.MAY_NOT_RECORD,)


def test_its_maker_must_have_held_the_mandate_on_that_day(
    runtime: Runtime, clock: FakeClock, fund: str, ada: Caller
) -> None:
    late = make.delegate(runtime, "late", role="legal_service")
    assert Code.MANDATE_NOT_HELD_THEN in why(recorded(runtime, fund, login=late.login))
    clock.set(clock() + timedelta(days=1))
    make.revoke(runtime, ada)
    clock.set(clock() + timedelta(days=2))
    assert recorded(runtime, fund, occurred_on=date(2026, 1, 6)).granted
    assert why(recorded(runtime, fund, occurred_on=date(2026, 1, 7))) == (
        Code.MANDATE_NOT_HELD_THEN,
    )


def test_who_has_left_since_then_had_signed(runtime: Runtime, fund: str, clock: FakeClock) -> None:
    disable(runtime, make.person(runtime, "uz.administrator"), "ada")
    clock.set(clock() + timedelta(days=1))
    assert recorded(runtime, fund).granted


def test_a_day_is_the_partys(runtime: Runtime, fund: str, clock: FakeClock) -> None:
    # 16:00 UTC is the next day in Tokyo
    clock.set(datetime(2026, 1, 5, 14, 59, tzinfo=UTC))
    assert why(recorded(runtime, fund, occurred_on=date(2026, 1, 6))) == (Code.DATE_IN_FUTURE,)
    clock.set(datetime(2026, 1, 5, 15, 0, tzinfo=UTC))
    assert recorded(runtime, fund, occurred_on=date(2026, 1, 6)).granted


@pytest.mark.usefixtures("ada")
def test_a_first_text_may_have_been_signed_before_it_came_on_record(
    runtime: Runtime, clock: FakeClock
) -> None:
    clock.advance(days=3)
    fund = make.proposal(runtime)
    assert recorded(runtime, fund, occurred_on=date(2026, 1, 6)).granted


def test_nobody_signed_a_later_text_before_there_was_one(
    runtime: Runtime, clock: FakeClock, fund: str
) -> None:
    jo = make.person(runtime, "jo")
    clock.advance(days=2)
    assert revise(runtime, jo, Revise(fund, titles={"en": "Another text"})).granted
    assert why(recorded(runtime, fund)) == (Code.PAPER_BEFORE_TEXT,)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_refused(runtime: Runtime, fund: str, day: date) -> None:
    assert not recorded(runtime, fund, occurred_on=day).granted


def test_what_bars_a_person_bars_their_paper(runtime: Runtime, ada: Caller) -> None:
    fund = make.proposal(runtime, by=ada)
    answer = recorded(runtime, fund, occurred_on=date(2026, 1, 5))
    assert Code.PROPOSER_MAY_NOT_SIGN in why(answer)


def test_it_is_judged_again_when_it_is_confirmed(runtime: Runtime, fund: str, ada: Caller) -> None:
    recorded(runtime, fund)
    assert revise(runtime, ada, Revise(fund, fields={"venue": "Samarkand"})).granted
    answer = confirmed(runtime, fund, make.delegate(runtime, "bo"))
    assert why(answer) == (Code.LAST_EDITOR_MAY_NOT_SIGN,)


def test_a_paper_puts_aside_nothing_that_stands(runtime: Runtime, fund: str, ada: Caller) -> None:
    make.approve(runtime, fund, by=ada)
    answer = recorded(runtime, fund, decision=Decision.OBJECT, note="No.")
    assert why(answer) == (Code.SEAT_ALREADY_SIGNED,)


def test_a_holder_may_sign_in_its_place(runtime: Runtime, fund: str, ada: Caller) -> None:
    recorded(runtime, fund)
    make.approve(runtime, fund, by=ada)
    assert page(runtime, fund).signed == 1


def test_nobody_withdraws_or_confirms_on_paper(runtime: Runtime, fund: str) -> None:
    for decision in (Decision.WITHDRAW, Decision.LIFT, Decision.CONFIRM):
        assert why(recorded(runtime, fund, decision=decision)) == (Code.PAPER_DECISION,)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": b"<html>", "file_name": "note.html"}, Code.FILE_NOT_ACCEPTED),
        ({"login": "nobody"}, Code.PERSON_UNKNOWN),
        ({"party": "XX"}, Code.PARTY_UNKNOWN),
        ({"revision": 7}, Code.REVISION_OLD),
        ({"step": "sail"}, Code.STEP_UNKNOWN),
        ({"reference": "NONE"}, Code.NOT_FOUND),
    ],
)
def test_what_makes_no_sense_is_refused(
    runtime: Runtime, fund: str, changes: dict[str, Any], code: Code
) -> None:
    assert code in why(recorded(runtime, fund, **changes))


def test_a_new_text_makes_an_unconfirmed_paper_void(
    runtime: Runtime, fund: str, ada: Caller
) -> None:
    recorded(runtime, fund)
    assert revise(runtime, ada, Revise(fund, titles={"en": "Another text"})).granted
    answer = confirmed(runtime, fund, make.delegate(runtime, "bo"))
    assert Code.NOTHING_TO_CONFIRM in why(answer)


def test_a_paper_of_an_objection_blocks_once_confirmed(runtime: Runtime, fund: str) -> None:
    assert recorded(runtime, fund, decision=Decision.OBJECT, note="We cannot.").granted
    assert confirmed(runtime, fund, make.delegate(runtime, "bo")).granted
    (agree,) = [each for each in page(runtime, fund).steps if each.name == "agree"]
    assert Code.OBJECTED in {reason.refusal.code for reason in agree.reasons}
