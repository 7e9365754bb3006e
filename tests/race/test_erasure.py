"""Whoever is erased while they write leaves nothing behind: each act is before it, or refused."""

from threading import Event, Thread

from tests import make
from tests.people.erasing import LOGIN, NAME, NOTE, ORDER, assert_whole, held
from tests.people.world import administrator, office
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Sign
from workflow.services.erase import Erased, erase
from workflow.services.people import Done, NewPerson, add
from workflow.services.sign import sign


def test_a_person_is_erased_while_they_sign(runtime: Runtime) -> None:
    admin = administrator(runtime)
    new = NewPerson(LOGIN, NAME, "UZ", office(role="line_ministry"))
    assert isinstance(add(runtime, admin, new), Done)
    who = make.person(runtime, LOGIN)
    funds = [make.proposal(runtime) for _ in range(60)]
    begun, outcomes = Event(), list[bool]()

    def write() -> None:
        for fund in funds:
            order = Sign((fund,), "agree", "UZ", "line_ministry", Decision.RESERVE, note=NOTE)
            outcomes.append(sign(runtime, who, order)[0].granted)
            if len(outcomes) == 5:
                begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    done = erase(runtime, admin, ORDER)
    writer.join()
    assert isinstance(done, Erased)
    assert outcomes == sorted(outcomes, reverse=True)
    assert done.texts == sum(outcomes) + 1
    assert held(runtime, NOTE.encode(), LOGIN.encode(), NAME.encode()) == []
    assert_whole(runtime)
