"""Each party's own administrator says who acts for it, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.people.world import (
    PASSWORD,
    CountingHasher,
    added,
    administrator,
    codes,
    office,
    roles_of,
)
from workflow.bootstrap import Runtime
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.domain.verdicts import Code, Refused
from workflow.services.authenticate import redeem_link
from workflow.services.people import (
    Done,
    NewPerson,
    add,
    disable,
    grant,
    invite,
    invite_first_administrator,
    revoke,
)

ROLES = ("head_of_delegation", "finance_ministry", "secretariat", "auditor", "verifier")


@pytest.fixture
def uz(runtime: Runtime) -> Caller:
    """Give UZ's administrator."""
    return administrator(runtime)


def test_an_administrator_grants_roles_of_the_own_party(runtime: Runtime, uz: Caller) -> None:
    make.person(runtime, "someone")
    assert isinstance(grant(runtime, uz, "someone", office()), Done)
    assert roles_of(runtime, "someone") == {"UZ:finance_ministry"}


@pytest.mark.parametrize("role", ["administrator", *ROLES])
@pytest.mark.parametrize("party", ["JP", JOINT_SECRETARIAT])
def test_nobody_grants_a_role_of_another_party(runtime: Runtime, party: str, role: str) -> None:
    other = make.delegate(runtime, "other", party, role)
    make.party(runtime, "UZ")
    make.person(runtime, "someone")
    answer = grant(runtime, other, "someone", office("UZ"))
    assert codes(answer) == (Code.NOT_ADMINISTRATOR,)
    assert roles_of(runtime, "someone") == set()


@pytest.mark.parametrize("role", ROLES)
def test_other_roles_of_the_party_grant_nothing(runtime: Runtime, role: str) -> None:
    delegate = make.delegate(runtime, "delegate", "UZ", role)
    assert codes(grant(runtime, delegate, "delegate", office())) == (Code.NOT_ADMINISTRATOR,)


def test_nobody_adds_invites_revokes_or_disables_for_another_party(
    runtime: Runtime, uz: Caller
) -> None:
    jp = administrator(runtime, "JP")
    added(runtime, uz, "n.rahimova")
    new = NewPerson("someone", "Someone", "UZ")
    for answer in (
        add(runtime, jp, new),
        invite(runtime, jp, "n.rahimova"),
        revoke(runtime, jp, "n.rahimova", "UZ", "finance_ministry"),
        disable(runtime, jp, "n.rahimova"),
    ):
        assert codes(answer) == (Code.NOT_ADMINISTRATOR,)
    assert roles_of(runtime, "n.rahimova") == {"UZ:finance_ministry"}


def test_who_acts_for_two_parties_is_invited_and_disabled_by_neither_alone(
    runtime: Runtime, uz: Caller
) -> None:
    administrator(runtime, "JP")
    both = make.delegate(runtime, "both", "UZ")
    make.mandate(runtime, both, "JP")
    assert codes(invite(runtime, uz, "both")) == (Code.NOT_ADMINISTRATOR,)
    assert codes(disable(runtime, uz, "both")) == (Code.NOT_ADMINISTRATOR,)


def test_a_revoked_administrator_grants_nothing(runtime: Runtime, uz: Caller) -> None:
    make.revoke(runtime, uz)
    assert codes(grant(runtime, uz, uz.login, office())) == (Code.NOT_ADMINISTRATOR,)


def test_the_last_administrator_stays(runtime: Runtime, uz: Caller) -> None:
    alone = revoke(runtime, uz, uz.login, "UZ", "administrator")
    assert codes(alone) == (Code.LAST_ADMINISTRATOR,)
    assert codes(disable(runtime, uz, uz.login)) == (Code.LAST_ADMINISTRATOR,)
    make.delegate(runtime, "second", "UZ", "administrator")
    assert isinstance(revoke(runtime, uz, uz.login, "UZ", "administrator"), Done)


def test_an_administrator_for_a_while_does_not_replace_one_for_good(
    runtime: Runtime, clock: FakeClock, uz: Caller
) -> None:
    until = clock() + timedelta(days=30)
    deputy = make.delegate(runtime, "deputy", "UZ", "administrator", until=until)
    answer = revoke(runtime, deputy, uz.login, "UZ", "administrator")
    assert codes(answer) == (Code.LAST_ADMINISTRATOR,)
    assert isinstance(revoke(runtime, uz, "deputy", "UZ", "administrator"), Done)


def test_of_two_administrators_who_revoke_each_other_one_stays(
    runtime: Runtime, uz: Caller
) -> None:
    other = make.delegate(runtime, "second", "UZ", "administrator")
    pairs = [(uz, other.login), (other, uz.login)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: revoke(runtime, pair[0], pair[1], "UZ", "administrator"), pairs)
        )
    assert [type(each) for each in answers].count(Done) == 1
    assert len(roles_of(runtime, uz.login) | roles_of(runtime, other.login)) == 1


def test_the_machines_first_administrator_is_made_once(runtime: Runtime) -> None:
    first = invite_first_administrator(runtime, "root.admin")
    assert isinstance(first, Done)
    again = invite_first_administrator(runtime, "root.admin")
    assert isinstance(again, Done)
    assert None not in (first.link, again.link)
    assert codes(invite_first_administrator(runtime, "another")) == (Code.ALREADY_BOOTSTRAPPED,)
    assert roles_of(runtime, "root.admin") == {f"{JOINT_SECRETARIAT}:administrator"}


def test_once_a_password_is_set_the_first_administrator_gets_no_other_link(
    runtime: Runtime,
) -> None:
    first = invite_first_administrator(runtime, "root.admin")
    assert isinstance(first, Done)
    assert not isinstance(
        redeem_link(runtime, first.link or "", PASSWORD, CountingHasher()), Refused
    )
    assert invite_first_administrator(runtime, "root.admin") == Done("root.admin", "")


def test_a_disabled_person_holds_no_mandate(runtime: Runtime, uz: Caller) -> None:
    added(runtime, uz, "n.rahimova")
    assert isinstance(disable(runtime, uz, "n.rahimova"), Done)
    assert roles_of(runtime, "n.rahimova") == set()
    answer = grant(runtime, uz, "n.rahimova", office(role="auditor"))
    assert codes(answer) == (Code.PERSON_DISABLED,)


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ("n.rahimova", Code.LOGIN_TAKEN),
        ("n.rahirnova", Code.LOGIN_LOOKS_ALIKE),
        ("n-rahimova", Code.LOGIN_LOOKS_ALIKE),
        ("N.Rahimova", Code.LOGIN_MALFORMED),
        ("n.rаhimova", Code.LOGIN_MALFORMED),
        ("x", Code.LOGIN_MALFORMED),
        ("", Code.LOGIN_MALFORMED),
        ("two words", Code.LOGIN_MALFORMED),
        ("a" * 65, Code.LOGIN_MALFORMED),
    ],
)
def test_a_login_that_looks_like_another_is_refused(
    runtime: Runtime, uz: Caller, login: str, code: Code
) -> None:
    added(runtime, uz, "n.rahimova")
    assert codes(add(runtime, uz, NewPerson(login, "Someone", "UZ"))) == (code,)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", Code.TEXT_MISSING),
        ("Nil\u202eufar", Code.TEXT_UNSAFE),
        ("Nil\u200bufar", Code.TEXT_UNSAFE),
        ("Nil\x00ufar", Code.TEXT_UNSAFE),
        ("Nil\ud800ufar", Code.TEXT_UNSAFE),
        ("N" * 201, Code.TEXT_TOO_LONG),
    ],
)
def test_a_name_holds_only_what_is_seen(
    runtime: Runtime, uz: Caller, name: str, code: Code
) -> None:
    assert codes(add(runtime, uz, NewPerson("someone", name, "UZ"))) == (code,)


def test_every_reason_against_a_new_person_is_given(runtime: Runtime, uz: Caller) -> None:
    wrong = office(role="astrologer", starts="yesterday", summit="NOWHERE-1900")
    assert set(codes(add(runtime, uz, NewPerson("X", "", "UZ", wrong)))) == {
        Code.LOGIN_MALFORMED,
        Code.TEXT_MISSING,
        Code.ROLE_UNKNOWN,
        Code.DATES_MALFORMED,
        Code.SUMMIT_UNKNOWN,
    }
