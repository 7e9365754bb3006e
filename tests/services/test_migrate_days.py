"""A migration carries on what both editions have, and can be undone where only days moved."""

from typing import Any

from sqlalchemy import select

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.persistence.proposal_tables import Deadline
from workflow.services.check import find_faults
from workflow.services.migrate import Migrated, migrate, revert_migration

TOKYO = "Asia/Tokyo"


def moved(runtime: Runtime, number: int = 2) -> Migrated:
    """Move every proposal to an edition."""
    done = migrate(runtime, make.secretary(runtime), make.KIND, number)
    assert isinstance(done, Migrated)
    return done


def moved_back(runtime: Runtime, done: Migrated) -> Migrated:
    """Revert a migration."""
    back = revert_migration(runtime, make.secretary(runtime), done.change_id or "")
    assert isinstance(back, Migrated)
    return back


def days(runtime: Runtime) -> list[str]:
    """Give the days of all deadlines."""
    with runtime.uow.read() as tx:
        return [day.isoformat() for day in tx.connection.scalars(select(Deadline.due_on))]


def test_a_silence_of_both_editions_ends_on_the_day_it_had(
    runtime: Runtime, clock: FakeClock
) -> None:
    asked = {"of": ["lead", "member"], "role": "foreign_ministry", "days": 14, "place": TOKYO}
    make.definition(runtime, agree={"needs": {"silence": asked}})
    make.proposal(runtime)
    clock.advance(days=10)
    make.definition(runtime, agree={"needs": {"silence": asked}, "bars": []})
    done = moved(runtime)
    assert (done.lines[0].missing, days(runtime)) == ((), ["2026-01-19"])
    assert moved_back(runtime, done).lines[0].granted
    assert days(runtime) == ["2026-01-19"]
    assert list(find_faults(runtime)) == []


def test_a_migration_that_moved_the_day_of_effect_is_undone(runtime: Runtime) -> None:
    def delayed(number: int) -> dict[str, Any]:
        return {"bars": [], "delay": {"days": number, "place": TOKYO}}

    make.definition(runtime, agree=delayed(30))
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    make.definition(runtime, agree=delayed(60))
    done = moved(runtime)
    assert days(runtime) == ["2026-03-06"]
    assert moved_back(runtime, done).lines[0].granted
    assert days(runtime) == ["2026-02-04"]
    assert list(find_faults(runtime)) == []


def test_who_no_longer_counts_by_the_new_rules_may_sign_another_seat(runtime: Runtime) -> None:
    def asking(**ministries: str) -> dict[str, Any]:
        each = {"each": ["lead", "member"]}
        first = each | {"role": "line_ministry"} | ministries
        second = each | {"role": "legal_service"}
        return {"bars": [], "needs": {"all": [{"signoffs": first}, {"signoffs": second}]}}

    make.definition(runtime, agree=asking(abstentions="count"))
    fund = make.proposal(runtime)
    ada = make.mandate(runtime, make.delegate(runtime), role="legal_service")
    seat = {"party": "UZ", "role": "line_ministry"}
    make.decide(runtime, fund, ada, Decision.ABSTAIN, **seat)
    make.definition(runtime, agree=asking())
    moved(runtime)
    make.decide(runtime, fund, ada, Decision.APPROVE, party="UZ", role="legal_service")
    assert list(find_faults(runtime)) == []
