"""Erasing a person: the details go from every table, and every proof stays whole."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from tests import make
from tests.people.erasing import (
    DETAILS,
    LOGIN,
    NAME,
    NOTE,
    ORDER,
    REASON,
    assert_whole,
    held,
    leaves,
    wordy,
)
from tests.people.world import (
    PASSWORD,
    CountingHasher,
    added,
    administrator,
    codes,
    office,
    official,
)
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.log.leaf import read_leaf
from workflow.persistence import people, secrets, sessions
from workflow.persistence.audit_tables import AuditEntry, AuditSubject
from workflow.persistence.people_tables import AccessToken, WebSession
from workflow.persistence.proposal_tables import SignOff
from workflow.services.authenticate import issue_token
from workflow.services.delegation import Delegate, delegate
from workflow.services.erase import Erased, erase
from workflow.services.people import Done, NewPerson, add, disable, grant, revoke


@pytest.fixture
def admin(runtime: Runtime) -> Caller:
    """Give UZ's administrator."""
    return administrator(runtime)


@pytest.fixture
def person(runtime: Runtime, admin: Caller) -> Caller:
    """Give an official of UZ who has revised and signed in their own words."""
    return wordy(runtime, admin)


@pytest.mark.usefixtures("person")
def test_details_go_from_every_table_and_the_log_stays_whole(
    runtime: Runtime, admin: Caller
) -> None:
    assert held(runtime, *DETAILS) == list(DETAILS)
    before = leaves(runtime)
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased), done
    assert held(runtime, *DETAILS) == []
    assert leaves(runtime)[: len(before)] == before
    assert done.wiped
    assert_whole(runtime)


def test_no_leaf_ever_held_login_name_or_words(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    erase(runtime, admin, ORDER)
    written = b"\n".join(leaves(runtime))
    assert [each for each in (*DETAILS, b"uz.admin") if each in written] == []
    assert person.pseudonym.encode() in written


def test_the_erasure_is_an_entry_after_those_that_revoke(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    with runtime.uow.read() as tx:
        last = tx.connection.scalar(select(func.max(AuditEntry.id)))
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(
            select(AuditEntry.chain, AuditEntry.kind, AuditEntry.leaf, AuditEntry.leaf_hash)
            .where(AuditEntry.id > last)
            .order_by(AuditEntry.id)
        ).all()
    assert [(each.chain, each.kind) for each in rows] == [
        ("party/UZ", "revoke"), ("party/UZ", "revoke"), ("party/UZ", "erase"),
    ]  # fmt: skip
    leaf = read_leaf(rows[-1].leaf)
    assert leaf.people == {"actor": admin.pseudonym, "person": person.pseudonym}
    assert leaf.facts == {"texts": done.texts, "kept_texts": False}
    assert (rows[-1].leaf_hash.hex(), done.texts) == (done.entry, 3)


def test_the_person_can_do_nothing_more(runtime: Runtime) -> None:
    who = official(runtime, LOGIN)
    admin = make.person(runtime, "uz.admin")
    issue_token(runtime, LOGIN, PASSWORD, hasher=CountingHasher())
    with runtime.uow.write() as tx:
        sessions.add_session(tx, who.person_id, {"form": NOTE})
        secrets.add_link(tx, who.person_id, "reset", tx.at)
    assert isinstance(erase(runtime, admin, ORDER), Erased)
    with runtime.uow.read() as tx:
        row = people.find_person_by_id(tx, who.person_id)
        ended = [*tx.connection.scalars(select(AccessToken.revoked_at))]
        ended += tx.connection.scalars(select(WebSession.ended_at))
        assert people.mandates_of(tx, who.person_id) == ()
    assert row is not None
    assert (row.login, row.name, row.may_act) == (f"erased:{who.person_id}", "(erased)", False)
    assert None not in ended
    assert held(runtime, *DETAILS) == []


def test_delegations_to_the_person_end_by_entries(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    ada = make.delegate(runtime, "ada", "UZ", "finance_ministry")
    days = {"starts": "2026-02-01", "ends": "2026-03-01"}
    lent = Delegate(to=LOGIN, party="UZ", role="finance_ministry", **days)
    assert isinstance(delegate(runtime, ada, lent), Done)
    erase(runtime, admin, ORDER)
    with runtime.uow.read() as tx:
        kinds = set(tx.connection.scalars(select(AuditEntry.kind)))
        assert people.mandates_of(tx, person.person_id) == ()
    assert "undelegate" in kinds
    assert_whole(runtime)


def test_the_login_serves_a_new_person_under_a_new_pseudonym(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    erase(runtime, admin, ORDER)
    added(runtime, admin, LOGIN)
    with runtime.uow.read() as tx:
        found = people.find_person(tx, LOGIN)
    assert found is not None
    assert found.id != person.person_id
    assert found.pseudonym != person.pseudonym


@pytest.mark.usefixtures("person")
def test_texts_can_be_kept_on_record(runtime: Runtime, admin: Caller) -> None:
    done = erase(runtime, admin, replace(ORDER, keep_texts=True))
    assert isinstance(done, Erased)
    assert held(runtime, *DETAILS) == [NOTE.encode(), REASON.encode()]
    assert_whole(runtime)


@pytest.mark.usefixtures("person")
def test_what_others_wrote_is_named_and_erased_on_demand(runtime: Runtime, admin: Caller) -> None:
    colleague = make.delegate(runtime, "bo", "UZ", "line_ministry")
    told = f"{NAME} told me so."
    other = make.proposal(runtime)
    make.decide(runtime, other, colleague, Decision.OBJECT, note=told)
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    (place,) = done.still_named_in
    assert place.startswith(f"proposal/{other} #")
    assert held(runtime, told.encode()) == [told.encode()]


@pytest.mark.usefixtures("person")
def test_what_others_wrote_goes_when_asked_for(runtime: Runtime, admin: Caller) -> None:
    colleague = make.delegate(runtime, "bo", "UZ", "line_ministry")
    told = f"{NAME} told me so."
    make.decide(runtime, make.proposal(runtime), colleague, Decision.OBJECT, note=told)
    done = erase(runtime, admin, replace(ORDER, naming=True))
    assert isinstance(done, Erased)
    assert done.still_named_in == ()
    assert held(runtime, told.encode(), *DETAILS) == []
    assert_whole(runtime)


def test_a_note_that_is_left_behind_would_be_seen(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    erase(runtime, admin, ORDER)
    with runtime.uow.write() as tx:
        tx.connection.execute(
            update(SignOff).where(SignOff.person_id == person.person_id).values(note=NOTE)
        )
    assert held(runtime, *DETAILS) == [NOTE.encode()]


def test_other_parties_words_wait_for_their_own_administrator(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    jp = administrator(runtime, "JP")
    make.mandate(runtime, person, "JP", "line_ministry")
    words = "Spoken for Japan"
    make.decide(runtime, make.proposal(runtime), person, Decision.OBJECT, note=words,
                party="JP", role="line_ministry")  # fmt: skip
    refused = erase(runtime, admin, ORDER)
    assert codes(refused) == (Code.NOT_ADMINISTRATOR,)
    assert isinstance(revoke(runtime, jp, LOGIN, "JP", "line_ministry"), Done)
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    assert done.kept_for == ("JP",)
    assert held(runtime, words.encode(), *DETAILS) == [words.encode()]
    again = erase(runtime, jp, replace(ORDER, login=done.login))
    assert isinstance(again, Erased)
    assert held(runtime, words.encode()) == []
    assert codes(erase(runtime, jp, replace(ORDER, login=done.login))) == (Code.PERSON_ERASED,)
    assert_whole(runtime)


def test_refusals_say_why_and_change_nothing(
    runtime: Runtime, admin: Caller, person: Caller
) -> None:
    jp = administrator(runtime, "JP")
    before = leaves(runtime)
    named = replace(ORDER, reason=f"{NAME} asked.")
    assert codes(erase(runtime, admin, replace(ORDER, login="nobody"))) == (Code.PERSON_UNKNOWN,)
    assert codes(erase(runtime, admin, replace(ORDER, login="a\0b"))) == (Code.PERSON_UNKNOWN,)
    assert codes(erase(runtime, admin, replace(ORDER, reason=" "))) == (Code.TEXT_MISSING,)
    assert codes(erase(runtime, admin, named)) == (Code.REASON_NAMES_PERSON,)
    assert codes(erase(runtime, jp, ORDER)) == (Code.NOT_ADMINISTRATOR,)
    assert codes(erase(runtime, person, ORDER)) == (Code.NOT_ADMINISTRATOR,)
    alone = replace(ORDER, login="uz.admin")
    assert codes(erase(runtime, admin, alone)) == (Code.LAST_ADMINISTRATOR,)
    assert leaves(runtime) == before
    assert held(runtime, *DETAILS) == list(DETAILS)


@pytest.mark.usefixtures("person")
def test_an_erased_person_is_unknown_by_login_and_erased_by_number(
    runtime: Runtime, admin: Caller
) -> None:
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    assert codes(erase(runtime, admin, ORDER)) == (Code.PERSON_UNKNOWN,)
    again = replace(ORDER, login=done.login)
    assert codes(erase(runtime, admin, again)) == (Code.PERSON_ERASED,)


def test_somebody_disabled_or_without_mandates_is_erased_as_well(
    runtime: Runtime, admin: Caller
) -> None:
    assert isinstance(add(runtime, admin, NewPerson("idle", "Idle One", "UZ")), Done)
    added(runtime, admin, LOGIN)
    disable(runtime, admin, LOGIN)
    assert isinstance(erase(runtime, admin, replace(ORDER, login="idle")), Erased)
    assert isinstance(erase(runtime, admin, ORDER), Erased)
    assert held(runtime, b"idle", b"Idle One", *DETAILS) == []


def test_an_administrator_may_erase_themselves_when_another_stays(
    runtime: Runtime, admin: Caller
) -> None:
    added(runtime, admin, LOGIN)
    grant(runtime, admin, LOGIN, office(role="administrator"))
    assert isinstance(erase(runtime, admin, replace(ORDER, login=admin.login)), Erased)
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(
            select(AuditSubject.login).where(AuditSubject.pseudonym == admin.pseudonym)
        ) is None  # fmt: skip
    assert_whole(runtime)
