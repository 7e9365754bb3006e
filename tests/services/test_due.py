"""What is due happens by itself, at its own moment, however late somebody looks."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Sign
from workflow.domain.identity import OPERATOR, Via
from workflow.domain.verdicts import Code, Outcome
from workflow.persistence.proposal_tables import Proposal
from workflow.queries.history import Event, history
from workflow.queries.proposal import proposal_page
from workflow.queries.shapes import page_json
from workflow.services.check import find_faults
from workflow.services.due import DueReport, do_due_work
from workflow.services.sign import sign

TOKYO, TASHKENT = "Asia/Tokyo", "Asia/Tashkent"
NOTHING = DueReport()


def silence(days: int, place: str = TOKYO) -> dict[str, Any]:
    asked = {"of": ["lead", "member"], "role": "foreign_ministry"}
    return {"needs": {"silence": asked | {"days": days, "place": place}}}


def delayed(days: int, needs: dict[str, Any], place: str = TOKYO) -> dict[str, Any]:
    return {"fires": "by-itself", "needs": needs, "delay": {"days": days, "place": place}}


def utc(day: str, time: str = "00:00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)


def state(runtime: Runtime, reference: str) -> str:
    with runtime.uow.read() as tx:
        found = select(Proposal.state).where(Proposal.reference == reference)
        return tx.connection.scalar(found) or ""


def events(runtime: Runtime, reference: str, kind: str = "step") -> list[Event]:
    """Give the entries of a kind, oldest first."""
    with runtime.uow.read() as tx:
        page = history(tx, OPERATOR, reference)
    assert page is not None
    return [event for event in reversed(page.rows) if event.kind == kind]


def object_now(runtime: Runtime, reference: str) -> Outcome:
    diplomat = make.delegate(runtime, party="JP", role="foreign_ministry")
    order = Sign((reference,), "agree", "JP", "foreign_ministry", Decision.OBJECT, note="No.")
    return sign(runtime, diplomat, order)[0]


def test_a_silence_that_nobody_broke_is_consent_from_the_next_day_in_its_place(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(14))
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-19", "14:59:59"))
    assert do_due_work(runtime) == NOTHING
    clock.set(utc("2026-01-19", "15:00:20"))
    assert do_due_work(runtime) == DueReport(looked=1, steps_taken=1)
    (taken,) = events(runtime, fund)
    assert (taken.at, taken.occurred_at) == (clock(), utc("2026-01-19", "15:00:00"))
    assert (taken.occurred_on, taken.occurred_in) == (date(2026, 1, 20), TOKYO)
    assert (taken.via, taken.actor_name) == (Via.DUE_WORK, None)
    assert do_due_work(runtime) == NOTHING
    assert list(find_faults(runtime)) == []


def test_an_objection_in_the_last_minute_of_the_last_day_in_tokyo_blocks(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(14))
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-19", "14:59:00"))
    assert object_now(runtime, fund).granted
    clock.advance(days=30)
    assert do_due_work(runtime) == DueReport(looked=1)
    assert state(runtime, fund) == "proposed"
    assert do_due_work(runtime) == NOTHING
    assert list(find_faults(runtime)) == []


def test_an_objection_at_midnight_in_tokyo_is_late_though_it_is_still_yesterday_in_tashkent(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(14))
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-19", "15:00:00"))
    assert [each.code for each in object_now(runtime, fund).reasons] == [Code.STEP_NOT_OPEN]
    assert state(runtime, fund) == "agreed"


def test_a_late_objection_to_a_step_that_is_still_open_is_only_recorded(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(14) | {"by": ["secretariat"]})
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-19", "15:00:00"))
    assert object_now(runtime, fund).granted
    assert make.step(runtime, fund, "agree", make.secretary(runtime)).state == "agreed"
    assert list(find_faults(runtime)) == []


def test_a_treaty_enters_into_force_on_the_thirtieth_day_after_the_twentieth_ratification(
    runtime: Runtime, clock: FakeClock
) -> None:
    states = [f"{first}{second}" for first in "ABCD" for second in "ABCDEF"][:21]
    parties = [("JICA", "member"), *((code, "member") for code in states)]
    ratified = {"each": ["member"], "role": "line_ministry", "at_least": 20, "counting": "state"}
    make.definition(runtime, agree=delayed(30, {"signoffs": ratified}))
    treaty = make.proposal(runtime, parties=parties)
    make.approve(runtime, treaty, make.delegate(runtime, party="JICA"))
    for code in states[:19]:
        clock.advance(days=3)
        make.approve(runtime, treaty, make.delegate(runtime, party=code))
    assert events(runtime, treaty, "schedule") == []
    clock.set(utc("2026-03-31", "15:30:00"))  # 1 April in Tokyo
    make.approve(runtime, treaty, make.delegate(runtime, party=states[19]))
    (scheduled,) = events(runtime, treaty, "schedule")
    assert scheduled.facts == {
        "event_on": "2026-04-01", "effective_on": "2026-05-01", "effective_in": TOKYO,
    }  # fmt: skip
    clock.set(utc("2026-04-15"))
    make.approve(runtime, treaty, make.delegate(runtime, party=states[20]))
    clock.set(utc("2026-04-30", "14:59:59"))
    assert do_due_work(runtime) == NOTHING
    clock.set(utc("2026-06-01"))
    assert do_due_work(runtime).steps_taken == 1
    (taken,) = events(runtime, treaty)
    assert (taken.occurred_on, taken.facts["event_on"]) == (date(2026, 5, 1), "2026-04-01")
    assert taken.occurred_at == utc("2026-04-30", "15:00:00")
    assert list(find_faults(runtime)) == []


def test_after_a_long_pause_each_thing_happens_on_its_own_day(
    runtime: Runtime, clock: FakeClock
) -> None:
    """Silence of the child, its delay, its parent with a delay, and the parent's parent."""
    in_force = delayed(10, {"parties": {"in": ["lead"], "at_least": 1}})
    make.definition(runtime, agree=silence(5), implement=in_force)
    make.definition(
        runtime, "umbrella", agree=delayed(7, {"children": {"in": ["implemented"]}}, TASHKENT)
    )
    make.definition(runtime, "summit", agree={"needs": {"children": {"in": ["agreed"]}}})
    top = make.proposal(runtime, kind="summit")
    umbrella = make.proposal(runtime, kind="umbrella", parent=top)
    first = make.proposal(runtime, parent=umbrella)
    clock.advance(days=2)
    second = make.proposal(runtime, parent=umbrella)
    clock.advance(days=200)
    report = do_due_work(runtime)
    assert (report.steps_taken, report.scheduled, report.failed) == (6, 3, ())
    days = {
        each: [event.occurred_on for event in events(runtime, each)] for each in (first, second)
    }
    assert days == {
        first: [date(2026, 1, 11), date(2026, 1, 21)],
        second: [date(2026, 1, 13), date(2026, 1, 23)],
    }
    (agreed,) = events(runtime, umbrella)
    # 23 January begins in Tokyo while it is the 22nd in Tashkent.
    assert (agreed.facts["event_on"], agreed.occurred_on) == ("2026-01-22", date(2026, 1, 29))
    (moved,) = events(runtime, top)
    assert (moved.occurred_at, state(runtime, top)) == (agreed.occurred_at, "agreed")
    assert do_due_work(runtime) == NOTHING
    assert list(find_faults(runtime)) == []


def test_a_parent_that_waits_for_one_child_moves_with_the_first(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(5))
    one = {"needs": {"children": {"in": ["agreed"], "at_least": 1}}}
    make.definition(runtime, "umbrella", agree=one)
    umbrella = make.proposal(runtime, kind="umbrella")
    make.proposal(runtime, parent=umbrella)
    clock.advance(days=2)
    make.proposal(runtime, parent=umbrella)
    clock.advance(days=100)
    assert do_due_work(runtime).steps_taken == 3
    (moved,) = events(runtime, umbrella)
    assert moved.occurred_at == utc("2026-01-10", "15:00:00")


def test_an_act_finds_the_proposal_as_the_calendar_left_it(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree=silence(5))
    fund = make.proposal(runtime)
    clock.advance(days=30)
    make.evidence(runtime, fund, make.delegate(runtime))
    taken, supplied = events(runtime, fund)[0], events(runtime, fund, "evidence")[0]
    assert (taken.via, taken.occurred_on) == (Via.DUE_WORK, date(2026, 1, 11))
    assert taken.sequence < supplied.sequence
    assert do_due_work(runtime) == NOTHING


def test_losing_what_satisfied_a_step_unschedules_it(runtime: Runtime, clock: FakeClock) -> None:
    needs = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    make.definition(runtime, agree=delayed(10, needs))
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    make.approve(runtime, fund, ada)
    clock.advance(days=3)
    make.decide(runtime, fund, ada, Decision.WITHDRAW)
    assert len(events(runtime, fund, "unschedule")) == 1
    clock.advance(days=30)
    assert do_due_work(runtime) == NOTHING
    assert state(runtime, fund) == "proposed"
    assert list(find_faults(runtime)) == []


def test_a_damaged_proposal_is_named_and_stops_no_other(runtime: Runtime, clock: FakeClock) -> None:
    make.definition(runtime, agree=silence(5))
    funds = [make.proposal(runtime) for _ in range(9)]
    with runtime.uow.write() as tx:
        broken = update(Proposal).where(Proposal.reference == funds[4]).values(shape="?")
        tx.connection.execute(broken)
    clock.advance(days=30)
    report = do_due_work(runtime)
    assert [each.reference for each in report.failed] == [funds[4]]
    assert (report.looked, report.steps_taken) == (8, 8)
    assert [each.reference for each in do_due_work(runtime).failed] == [funds[4]]


def test_a_limit_ends_a_run_and_the_next_goes_on(runtime: Runtime, clock: FakeClock) -> None:
    make.definition(runtime, agree=silence(5))
    for _ in range(5):
        make.proposal(runtime)
    clock.advance(days=30)
    assert do_due_work(runtime, limit=2) == DueReport(looked=2, steps_taken=2)
    assert do_due_work(runtime) == DueReport(looked=3, steps_taken=3)


def test_a_page_names_the_days_ahead(runtime: Runtime) -> None:
    needs = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    on = {"date": {"on": "2026-03-01", "place": TASHKENT}}
    make.definition(runtime, agree=delayed(10, needs), implement={"needs": on}, shelve={
        "from": "proposed", "to": "implemented", "side": True, "fires": "by-itself", **silence(5),
    })  # fmt: skip
    fund = make.proposal(runtime)
    make.approve(runtime, fund, make.delegate(runtime))
    expected = [
        ("shelve", "silence", "2026-01-10", TOKYO), ("agree", "effect", "2026-01-15", TOKYO),
    ]  # fmt: skip
    with runtime.uow.read() as tx:
        page = proposal_page(tx, OPERATOR, fund)
    assert page is not None
    shown = page_json(page, str)["deadlines"]
    told = [(each["step"], each["what"], each["due_on"], each["place"]) for each in shown]
    assert told == expected


def test_what_is_satisfied_late_takes_effect_on_the_day_that_its_sign_offs_fixed(
    runtime: Runtime, clock: FakeClock
) -> None:
    signed = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    shown = {"evidence": {"type": "meeting_report", "count": 1, "verified": True}}
    make.definition(runtime, agree=delayed(10, {"all": [signed, shown]}))
    fund = make.proposal(runtime)
    make.approve(runtime, fund, make.delegate(runtime))
    make.evidence(runtime, fund, make.delegate(runtime))
    clock.set(utc("2026-02-20"))
    make.verified(runtime, fund, make.delegate(runtime, party="JP", role="verifier"))
    (taken,) = events(runtime, fund)
    assert (taken.at, taken.via) == (clock(), Via.CLI)
    assert (taken.occurred_on, taken.facts["event_on"]) == (date(2026, 1, 15), "2026-01-05")
    assert list(find_faults(runtime)) == []
