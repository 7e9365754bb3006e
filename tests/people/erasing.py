"""What tests of erasure share: a person of many words, and how one looks for what is left."""

from sqlalchemy import select

from tests import make
from tests.people.world import office, stored_bytes
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Revise
from workflow.domain.identity import Caller
from workflow.persistence.audit_tables import AuditEntry
from workflow.services.audit_check import verify_database
from workflow.services.check import find_faults
from workflow.services.erase import Erase
from workflow.services.people import Done, NewPerson, add
from workflow.services.revise import revise

LOGIN, NAME = "n.rahimova", "Nilufar Rahimova"
NOTE, REASON = "Ring me on 555 0134", "I moved the date, N. R."
DETAILS = (LOGIN.encode(), NAME.encode(), NOTE.encode(), REASON.encode())
ORDER = Erase(login=LOGIN, reason="Asked for on 1 May.")


def wordy(runtime: Runtime, admin: Caller) -> Caller:
    """Add an official of UZ who revises a proposal and signs another, in their own words."""
    done = add(runtime, admin, NewPerson(LOGIN, NAME, "UZ", office(role="line_ministry")))
    assert isinstance(done, Done), done
    who = make.person(runtime, LOGIN)
    make.mandate(runtime, who, role="foreign_ministry")
    order = Revise(make.proposal(runtime), titles={"en": "Another"}, reason=REASON)
    revised = revise(runtime, who, order)
    assert revised.granted, revised
    make.decide(
        runtime, make.proposal(runtime), who, Decision.OBJECT, note=NOTE, role="line_ministry"
    )
    return who


def held(runtime: Runtime, *details: bytes) -> list[bytes]:
    """Give those of the details that a value of any table holds."""
    return [each for each in details if any(each in value for value in stored_bytes(runtime))]


def leaves(runtime: Runtime) -> list[bytes]:
    """Give every entry's bytes."""
    with runtime.uow.read() as tx:
        return list(tx.connection.scalars(select(AuditEntry.leaf).order_by(AuditEntry.id)))


def assert_whole(runtime: Runtime) -> None:
    """Verify the log, and count anew all that is kept."""
    assert verify_database(runtime.uow).fault is None
    assert list(find_faults(runtime)) == []
