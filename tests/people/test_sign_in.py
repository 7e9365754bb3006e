"""Signing in: one answer to everything wrong, and the same work for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests import make
from tests.fakes import FakeClock
from tests.people.world import PASSWORD, CountingHasher, administrator, official
from workflow.bootstrap import Runtime
from workflow.domain.identity import Via
from workflow.persistence import people
from workflow.persistence.people_tables import SignInThrottle
from workflow.persistence.people_writes import add_person
from workflow.services import authenticate
from workflow.services.authenticate import SignedIn, Throttled, Wrong, sign_in
from workflow.services.passwords import ARGON2
from workflow.services.people import disable

HOME = "203.0.113.7"
CAFE = "198.51.100.9"


@pytest.fixture
def hasher() -> CountingHasher:
    """Give a hasher that counts its work."""
    return CountingHasher()


def test_the_right_password_opens_a_session(runtime: Runtime, hasher: CountingHasher) -> None:
    person = official(runtime)
    answer = sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=hasher)
    assert isinstance(answer, SignedIn)
    assert (answer.caller.person_id, answer.caller.via) == (person.person_id, Via.WEB)
    session = authenticate.find_session(runtime, answer.session_token)
    assert session is not None
    assert session.caller == answer.caller


def test_everything_wrong_gets_one_answer_and_one_comparison(
    runtime: Runtime, hasher: CountingHasher
) -> None:
    official(runtime)
    make.person(runtime, "without.password")
    official_two = make.delegate(runtime, "second", "UZ")
    disable(runtime, make.person(runtime, "uz.admin"), official_two.login)
    for login in ("n.rahimova", "nobody", "without.password", "second", "Ω", "", "x" * 5000):
        hasher.compared.clear()
        assert sign_in(runtime, login, "a wrong password", HOME, hasher=hasher) == Wrong()
        assert hasher.compared == [login == "n.rahimova"]


def test_the_real_hasher_works_as_hard_for_nobody() -> None:
    stored = ARGON2.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert ARGON2.matches(stored, PASSWORD)
    assert not ARGON2.matches(stored, PASSWORD + " ")
    assert not ARGON2.matches(None, "a password that nobody has")
    assert not ARGON2.matches("not a hash", PASSWORD)
    assert not ARGON2.is_outdated(stored)
    assert (
        ARGON2._nobodys.rpartition("$")[0].rpartition("$")[0]
        == (stored.rpartition("$")[0].rpartition("$")[0])
    )


def test_a_password_is_the_same_however_its_letters_are_composed(runtime: Runtime) -> None:
    official(runtime, hasher=CountingHasher())
    stored = ARGON2.hash("cafe\u0301 at the corner")
    assert ARGON2.matches(stored, "caf\u00e9 at the corner")


def test_a_hash_of_old_parameters_is_renewed(runtime: Runtime) -> None:
    official(runtime, hasher=CountingHasher("v1:"))
    newer = CountingHasher("v2:")
    assert isinstance(sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=newer), SignedIn)
    older = CountingHasher("v1:")
    with runtime.uow.read() as tx:
        stored = authenticate._stored(tx, people.find_person(tx, "n.rahimova"))
    assert stored is not None
    assert older.is_outdated(stored)


def wrong(runtime: Runtime, hasher: CountingHasher, login: str, address: str) -> Wrong | Throttled:
    """Try a wrong password."""
    answer = sign_in(runtime, login, "a wrong password", address, hasher=hasher)
    assert not isinstance(answer, SignedIn)
    return answer


def test_an_account_has_five_attempts_and_then_growing_waits(
    runtime: Runtime, clock: FakeClock, hasher: CountingHasher
) -> None:
    official(runtime)
    for _ in range(5):
        assert wrong(runtime, hasher, "n.rahimova", HOME) == Wrong()
    compared = len(hasher.compared)
    for seconds in (60, 120, 240, 480, 900, 900):
        assert wrong(runtime, hasher, "n.rahimova", CAFE) == Throttled(seconds)
        assert len(hasher.compared) == compared, "a throttled attempt compares nothing"
        clock.advance(seconds=seconds)
        assert wrong(runtime, hasher, "n.rahimova", HOME) == Wrong()
        compared += 1


def test_the_owner_signs_in_between_an_attackers_attempts(
    runtime: Runtime, clock: FakeClock, hasher: CountingHasher
) -> None:
    official(runtime)
    assert isinstance(sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=hasher), SignedIn)
    clock.advance(hours=3)
    for _ in range(50):
        wrong(runtime, hasher, "n.rahimova", CAFE)
    assert isinstance(wrong(runtime, hasher, "n.rahimova", CAFE), Throttled)
    assert isinstance(sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=hasher), SignedIn)


def test_nobody_is_locked_out(runtime: Runtime, clock: FakeClock, hasher: CountingHasher) -> None:
    official(runtime)
    for _ in range(5):
        wrong(runtime, hasher, "n.rahimova", CAFE)
    clock.advance(seconds=60)
    assert isinstance(sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=hasher), SignedIn)
    assert wrong(runtime, hasher, "n.rahimova", HOME) == Wrong(), "the count starts anew"


def test_an_address_has_twenty_attempts_whatever_the_login(
    runtime: Runtime, hasher: CountingHasher
) -> None:
    for number in range(20):
        assert wrong(runtime, hasher, f"guess{number}", HOME) == Wrong()
    assert wrong(runtime, hasher, "guess20", HOME) == Throttled(60)
    assert wrong(runtime, hasher, "guess20", CAFE) == Wrong()


def test_guesses_at_the_same_moment_are_all_counted(
    runtime: Runtime, hasher: CountingHasher
) -> None:
    official(runtime)
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda number: wrong(runtime, hasher, "n.rahimova", f"203.0.113.{number}"),
                range(12),
            )
        )
    assert answers.count(Wrong()) == len(hasher.compared) == 5


def test_an_office_behind_one_address_signs_in_all_morning(
    runtime: Runtime, hasher: CountingHasher
) -> None:
    official(runtime)
    for _ in range(40):
        answer = sign_in(runtime, "n.rahimova", PASSWORD, HOME, hasher=hasher)
        assert isinstance(answer, SignedIn)


def test_whoever_has_one_ipv6_network_has_one_allowance(
    runtime: Runtime, hasher: CountingHasher
) -> None:
    for number in range(20):
        wrong(runtime, hasher, f"guess{number}", f"2001:db8:1:2::{number + 1:x}")
    assert isinstance(wrong(runtime, hasher, "guess20", "2001:db8:1:2:ffff::1"), Throttled)
    assert wrong(runtime, hasher, "guess20", "2001:db8:1:3::1") == Wrong()


def test_guessed_logins_are_forgotten_after_a_day(
    runtime: Runtime, clock: FakeClock, hasher: CountingHasher
) -> None:
    for number in range(5):
        wrong(runtime, hasher, f"guess{number}", HOME)
    clock.advance(days=1, seconds=1)
    wrong(runtime, hasher, "another", CAFE)
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(func.count()).select_from(SignInThrottle)) == 2


def test_an_imported_person_cannot_sign_in(runtime: Runtime, hasher: CountingHasher) -> None:
    administrator(runtime)
    with runtime.uow.write() as tx:
        add_person(tx, "historic", "Historic", "import")
    assert sign_in(runtime, "historic", PASSWORD, HOME, hasher=hasher) == Wrong()
