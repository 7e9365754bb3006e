"""The demo's proposals walked to their ends by its officials, as the shipped definitions ask."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from tests import databases, make
from tests.fakes import FakeClock
from tests.services import demo_walk
from tests.services.demo_walk import (
    DESK,
    KIND_OF,
    KINDS,
    bring,
    caller,
    fill,
    page,
    put_papers,
    sign_all,
    supply,
)
from workflow.bootstrap import build_runtime
from workflow.domain.commands import Decision, StepLine, TakeStep
from workflow.domain.requirement import leaves
from workflow.domain.verdicts import Code
from workflow.services.runtime import Runtime
from workflow.services.step import take_step

FUND_SIGNERS = [
    "uz.investment", "jp.economy",
    "uz.foreign", "jp.foreign", "kz.foreign", "kg.foreign", "tj.foreign", "tm.foreign",
    "uz.finance", "jp.finance", "kz.finance", "kg.finance", "tj.finance",
    "uz.legal", "jp.legal", "jbic.agency", "jica.agency", "nexi.agency",
    "uz.head", "jp.head", "kz.head", "kg.head", "tj.head", "tm.head",
]  # fmt: skip


@pytest.fixture
def demo(prepared_folder: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Runtime]:
    file = tmp_path / "summit.sqlite"
    with databases.sqlite_copy(prepared_folder / "walk", file, demo_walk.demonstrated) as url:
        runtime = build_runtime(Settings(database_url=url), clock=clock)
        yield runtime
        runtime.engine.dispose()


def touch(runtime: Runtime, reference: str, of_type: str) -> None:
    """Act on a proposal, so that what is due on it happens first."""
    make.evidence(runtime, reference, caller(runtime, "uz.foreign"), "UZ", of_type)


def at_nine(clock: FakeClock, day: date) -> None:
    """Let the clock show nine in the morning of a day, in UTC."""
    clock.set(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


@pytest.mark.parametrize("reference", ["CAJ-01", "CAJ-13", "UZJ-01", "UZJ-06", "UZJ-09"])
def test_a_proposal_of_the_demo_can_be_agreed_by_its_officials(
    demo: Runtime, reference: str
) -> None:
    bring(demo, reference, KIND_OF[reference], "agree")
    assert page(demo, reference).state == "agreed"


def test_a_fund_waits_for_the_letter_of_each_contributor(demo: Runtime) -> None:
    reference, kind = "CAJ-01", "investment-fund"
    wanted = list(leaves(KINDS[kind].steps["agree"].needs))
    fill(demo, reference, kind, wanted)
    supply(demo, reference, "UZ", "founding_memorandum")
    supply(demo, reference, "JBIC", "pledge_letter")
    supply(demo, reference, "JICA", "pledge_letter")
    supply(demo, reference, "JICA", "pledge_letter")
    for login in FUND_SIGNERS:
        make.decide(demo, reference, caller(demo, login), Decision.APPROVE)
    assert page(demo, reference).state == "proposed"
    supply(demo, reference, "NEXI", "pledge_letter")
    assert page(demo, reference).state == "agreed"


def test_a_calendar_is_agreed_by_fourteen_days_of_silence(demo: Runtime, clock: FakeClock) -> None:
    reference, kind = "UZJ-11", "cultural-exchange"
    clock.advance(days=40)
    fill(demo, reference, kind, list(leaves(KINDS[kind].steps["agree"].needs)))
    supply(demo, reference, "UZ", "annual_calendar")
    for state in ("UZ", "JP"):
        make.decide(demo, reference, caller(demo, f"{state.lower()}.foreign"), Decision.APPROVE)
    at_nine(clock, date(2026, 2, 28))
    touch(demo, reference, "annual_calendar")
    assert page(demo, reference).state == "proposed"
    at_nine(clock, date(2026, 3, 1))
    touch(demo, reference, "annual_calendar")
    assert page(demo, reference).state == "agreed"


def test_a_corridor_is_implemented_by_the_roll_up_of_its_projects(demo: Runtime) -> None:
    corridor, airport, kind = "CAJ-05", "UZJ-06", "transport-logistics"
    bring(demo, corridor, kind, "agree")
    sign_all(demo, corridor, kind, "implement")
    order = TakeStep("implement", (StepLine(corridor),))
    (outcome,) = take_step(demo, caller(demo, DESK), order)
    assert Code.CHILDREN_MISSING in {reason.code for reason in outcome.reasons}
    bring(demo, airport, kind, "agree")
    bring(demo, airport, kind, "implement")
    make.step(demo, corridor, "implement", caller(demo, DESK))
    assert page(demo, corridor).state == "implemented"


def test_a_forum_is_not_recorded_as_held_before_its_day_in_samarkand(
    demo: Runtime, clock: FakeClock
) -> None:
    reference, kind = "CAJ-11", "forum"
    bring(demo, reference, kind, "agree")
    put_papers(demo, reference, list(leaves(KINDS[kind].steps["implement"].needs)))
    sign_all(demo, reference, kind, "implement")
    order = TakeStep("implement", (StepLine(reference),))
    for hour, codes in ((18, [Code.DATE_AHEAD]), (19, [])):
        clock.set(datetime(2026, 1, 31, hour, tzinfo=UTC))
        (outcome,) = take_step(demo, caller(demo, DESK), order)
        assert [reason.code for reason in outcome.reasons] == codes
    assert page(demo, reference).state == "implemented"
