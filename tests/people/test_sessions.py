"""A session ends when it is unused, when it is old, and when somebody ends it."""

import pytest
from sqlalchemy import select, update

from tests import make
from tests.fakes import FakeClock
from tests.people.world import stored_bytes
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.persistence.people_tables import Person, WebSession
from workflow.services.authenticate import (
    end_all_sessions,
    end_session,
    find_session,
    keep_content,
    open_session,
    renew_session,
)


@pytest.fixture
def person(runtime: Runtime) -> Caller:
    """Give somebody who may sign in."""
    return make.delegate(runtime, "n.rahimova")


@pytest.fixture
def token(runtime: Runtime, person: Caller) -> str:
    """Give the secret of an open session."""
    secret = open_session(runtime, person.person_id, {"language": "uz"})
    assert secret is not None
    return secret


def test_a_session_ends_after_half_an_hour_unused(
    runtime: Runtime, clock: FakeClock, token: str
) -> None:
    clock.advance(minutes=29)
    assert find_session(runtime, token) is not None
    clock.advance(minutes=29)
    assert find_session(runtime, token) is not None
    clock.advance(minutes=30)
    assert find_session(runtime, token) is None


def test_a_session_ends_after_twelve_hours_however_used(
    runtime: Runtime, clock: FakeClock, token: str
) -> None:
    for _ in range(12 * 3 - 1):
        clock.advance(minutes=20)
        assert find_session(runtime, token) is not None
    clock.advance(minutes=20)
    assert find_session(runtime, token) is None


def test_the_last_use_is_written_once_a_minute(
    runtime: Runtime, clock: FakeClock, token: str
) -> None:
    seen = set()
    for _ in range(6):
        clock.advance(seconds=30)
        find_session(runtime, token)
        with runtime.uow.read() as tx:
            seen.add(tx.connection.scalar(select(WebSession.last_seen_at)))
    assert len(seen) == 4, "at the start and after each full minute"


def test_what_a_session_remembers_is_kept(runtime: Runtime, token: str) -> None:
    keep_content(runtime, token, {"language": "ja", "note": "東京"})
    session = find_session(runtime, token)
    assert session is not None
    assert session.content == {"language": "ja", "note": "東京"}


def test_a_renewed_secret_replaces_the_old_one(runtime: Runtime, token: str) -> None:
    renewed = renew_session(runtime, token)
    assert renewed is not None
    assert find_session(runtime, token) is None
    assert find_session(runtime, renewed) is not None


def test_signing_out_ends_one_session_or_all(runtime: Runtime, person: Caller, token: str) -> None:
    others = [open_session(runtime, person.person_id) for _ in range(2)]
    end_session(runtime, token)
    assert find_session(runtime, token) is None
    assert all(find_session(runtime, other or "") for other in others)
    end_all_sessions(runtime, person.person_id)
    assert not any(find_session(runtime, other or "") for other in others)


def test_a_disabled_persons_session_is_none(
    runtime: Runtime, clock: FakeClock, person: Caller, token: str
) -> None:
    with runtime.uow.write() as tx:
        tx.connection.execute(update(Person).values(disabled_at=clock()))
    assert find_session(runtime, token) is None
    assert open_session(runtime, person.person_id) is None


@pytest.mark.parametrize("made_up", ["", "token", "\x00", "\ud800", "x" * 10_000])
def test_a_made_up_secret_finds_nothing(runtime: Runtime, token: str, made_up: str) -> None:
    assert token != made_up
    assert find_session(runtime, made_up) is None


def test_the_secret_is_stored_nowhere(runtime: Runtime, token: str) -> None:
    assert not any(token.encode() in value for value in stored_bytes(runtime))
