"""What tests of delegations share: a holder, three colleagues, and what becomes of the mandate."""

from datetime import UTC, datetime

from tests import make
from tests.fakes import FakeClock
from tests.people.world import roles_of
from workflow.bootstrap import Runtime
from workflow.domain.identity import OPERATOR, Caller, Mandate
from workflow.persistence import people
from workflow.persistence.entry_scope import EVERYTHING
from workflow.queries.audit import AuditRow, audit_page
from workflow.services.delegation import Delegate, Undelegate, delegate
from workflow.services.people import Done

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""It is 18:00 in Tokyo, where the factory's parties live."""

FINANCE = "UZ:finance_ministry"
ORDER = Delegate(to="bo", party="UZ", role="finance_ministry", ends="2026-03-31")
BACK = Undelegate(to="bo", party="UZ", role="finance_ministry")


def holder_with_colleagues(runtime: Runtime, clock: FakeClock) -> Caller:
    """Make the holder of UZ's finance ministry, with colleagues who hold something else."""
    clock.set(START)
    for login in ("bo", "cy", "di"):
        make.delegate(runtime, login, "UZ", "line_ministry")
    return make.delegate(runtime, "ada", "UZ", "finance_ministry")


def given(runtime: Runtime, by: Caller, order: Delegate = ORDER) -> Done:
    """Delegate; the rules must allow it."""
    done = delegate(runtime, by, order)
    assert isinstance(done, Done), done
    return done


def acts(runtime: Runtime, login: str = "bo") -> bool:
    """Say whether somebody acts for the finance ministry now."""
    return FINANCE in roles_of(runtime, login)


def mandate_of(runtime: Runtime, login: str = "bo") -> Mandate:
    """Give the delegated mandate of somebody."""
    with runtime.uow.read() as tx:
        found = people.mandates_of(tx, make.person(runtime, login).person_id)
    (one,) = [each for each in found if each.delegation]
    return one


def entry(runtime: Runtime) -> AuditRow:
    """Give the last entry, as the log's page shows it."""
    with runtime.uow.read() as tx:
        return audit_page(tx, OPERATOR, EVERYTHING).rows[0]
