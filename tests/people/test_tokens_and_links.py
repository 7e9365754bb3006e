"""Access tokens last a day, one-time links are used once, and neither is kept in clear."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from tests import make
from tests.fakes import FakeClock
from tests.people.world import (
    OTHER_PASSWORD,
    PASSWORD,
    CountingHasher,
    added,
    administrator,
    codes,
    official,
    stored_bytes,
)
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller, Via
from workflow.domain.verdicts import Code, Refused
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.installation_tables import InstallationFact
from workflow.services.authenticate import (
    Issued,
    caller_by_token,
    change_password,
    find_session,
    issue_token,
    link_login,
    open_session,
    redeem_link,
)
from workflow.services.people import Done, disable, invite

HASHER = CountingHasher()


def issued(runtime: Runtime, login: str = "n.rahimova", password: str | None = PASSWORD) -> str:
    """Issue a token; the password must be right."""
    answer = issue_token(runtime, login, password, HASHER)
    assert isinstance(answer, Issued), answer
    return answer.token


def link(runtime: Runtime) -> str:
    """Add somebody, and give the secret of their link."""
    done = added(runtime, administrator(runtime))
    assert done.link is not None
    return done.link


def test_a_token_names_its_person_and_how_they_came(runtime: Runtime) -> None:
    person = official(runtime)
    caller = caller_by_token(runtime, issued(runtime), "n.rahimova")
    assert isinstance(caller, Caller)
    assert (caller.person_id, caller.via) == (person.person_id, Via.CLI)
    assert (caller.credential or "").startswith("token-")


def test_a_token_is_good_for_a_day(runtime: Runtime, clock: FakeClock) -> None:
    official(runtime)
    token = issued(runtime)
    clock.advance(hours=24, microseconds=-1)
    assert isinstance(caller_by_token(runtime, token, "n.rahimova"), Caller)
    clock.advance(microseconds=1)
    assert codes(caller_by_token(runtime, token, "n.rahimova")) == (Code.TOKEN_INVALID,)


def test_a_token_is_good_for_its_own_person_alone(runtime: Runtime) -> None:
    official(runtime)
    token = issued(runtime)
    for login in ("uz.admin", "nobody", "", "N.RAHIMOVA"):
        assert codes(caller_by_token(runtime, token, login)) == (Code.TOKEN_INVALID,)
    assert codes(caller_by_token(runtime, token + "x", "n.rahimova")) == (Code.TOKEN_INVALID,)


def test_a_token_asks_for_the_password_unless_the_database_is_a_demo(runtime: Runtime) -> None:
    official(runtime)
    for password in (None, "", "a wrong password"):
        assert codes(issue_token(runtime, "n.rahimova", password, HASHER)) == (Code.SIGN_IN_WRONG,)
    with runtime.uow.write() as tx:
        tx.connection.execute(insert(InstallationFact).values(name="demo", value="tokyo"))
    assert issued(runtime, password=None)
    assert codes(issue_token(runtime, "nobody", None, HASHER)) == (Code.SIGN_IN_WRONG,)


def test_a_disabled_persons_token_is_good_for_nothing(runtime: Runtime) -> None:
    official(runtime)
    token = issued(runtime)
    assert isinstance(disable(runtime, make.person(runtime, "uz.admin"), "n.rahimova"), Done)
    assert codes(caller_by_token(runtime, token, "n.rahimova")) == (Code.TOKEN_INVALID,)


def test_a_link_sets_a_password_once(runtime: Runtime) -> None:
    secret = link(runtime)
    assert link_login(runtime, secret) == "n.rahimova"
    assert not isinstance(redeem_link(runtime, secret, PASSWORD, HASHER), Refused)
    assert link_login(runtime, secret) is None
    again = redeem_link(runtime, secret, OTHER_PASSWORD, HASHER)
    assert codes(again) == (Code.LINK_INVALID,)
    assert issued(runtime)


def test_of_many_who_use_a_link_at_once_one_succeeds(runtime: Runtime) -> None:
    secret = link(runtime)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: codes(redeem_link(runtime, secret, PASSWORD, HASHER)), range(8))
        )
    assert sorted(answers) == [(), *[(Code.LINK_INVALID,)] * 7]


def test_a_weak_password_does_not_use_the_link_up(runtime: Runtime) -> None:
    secret = link(runtime)
    assert codes(redeem_link(runtime, secret, "short", HASHER)) == (Code.PASSWORD_TOO_SHORT,)
    weak = redeem_link(runtime, secret, "rahimova.nilufar", HASHER)
    assert codes(weak) == (Code.PASSWORD_COMMON,)
    assert not isinstance(redeem_link(runtime, secret, PASSWORD, HASHER), Refused)


def test_a_link_is_good_for_a_week(runtime: Runtime, clock: FakeClock) -> None:
    secret = link(runtime)
    clock.advance(days=7)
    assert codes(redeem_link(runtime, secret, PASSWORD, HASHER)) == (Code.LINK_INVALID,)


def test_a_new_link_voids_the_one_before(runtime: Runtime) -> None:
    first = link(runtime)
    second = invite(runtime, make.person(runtime, "uz.admin"), "n.rahimova")
    assert isinstance(second, Done)
    assert link_login(runtime, first) is None
    assert link_login(runtime, second.link or "") == "n.rahimova"


def test_a_new_password_ends_sessions_and_tokens(runtime: Runtime) -> None:
    person = official(runtime)
    token, session = issued(runtime), open_session(runtime, person.person_id)
    changed = change_password(runtime, person, PASSWORD, OTHER_PASSWORD, hasher=HASHER)
    assert not isinstance(changed, Refused)
    assert codes(caller_by_token(runtime, token, "n.rahimova")) == (Code.TOKEN_INVALID,)
    assert find_session(runtime, session or "") is None
    assert issued(runtime, password=OTHER_PASSWORD)


def test_a_password_is_changed_by_who_knows_it(runtime: Runtime) -> None:
    person = official(runtime)
    answer = change_password(runtime, person, "a wrong password", OTHER_PASSWORD, hasher=HASHER)
    assert codes(answer) == (Code.SIGN_IN_WRONG,)


def test_no_secret_is_stored_in_clear(runtime: Runtime) -> None:
    secret = link(runtime)
    redeem_link(runtime, secret, PASSWORD)  # the real hasher: what is stored is a real hash
    answer = issue_token(runtime, "n.rahimova", PASSWORD)
    assert isinstance(answer, Issued)
    for value in stored_bytes(runtime):
        assert not any(each.encode() in value for each in (secret, answer.token, PASSWORD))


def test_a_token_is_an_entry_of_the_persons_party(runtime: Runtime, clock: FakeClock) -> None:
    person = official(runtime)
    issued(runtime)
    with runtime.uow.read() as tx:
        leaf = tx.connection.scalar(
            select(AuditEntry.leaf).where(
                AuditEntry.kind == "token", AuditEntry.chain == "party/UZ"
            )
        )
    assert leaf is not None
    assert json.loads(leaf)["actor"]["pseudonym"] == person.pseudonym
    assert clock() + timedelta(hours=24) > clock()


@pytest.mark.parametrize("act", ["person", "grant", "password"])
def test_acts_on_people_name_nobody_in_the_leaf(runtime: Runtime, act: str) -> None:
    official(runtime)
    with runtime.uow.read() as tx:
        leaves = tx.connection.scalars(select(AuditEntry.leaf).where(AuditEntry.kind == act)).all()
    assert leaves
    for leaf in leaves:
        assert b"rahimova" not in leaf.lower()
        assert b"uz.admin" not in leaf
