"""Says who may act: each party's own administrator adds people and grants and revokes mandates.

Every act is judged inside its transaction, after the party is locked, and leaves an entry in
the party's chain.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from workflow.domain import names
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.persistence import people, people_writes, secrets, sessions
from workflow.persistence.people import PersonRow
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services import mandates
from workflow.services.mandates import Office
from workflow.services.parties import ensure_secretariat
from workflow.services.people_entries import ADMINISTRATOR, record
from workflow.services.runtime import Runtime

LINK_LIFE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added by a party's administrator, with a first mandate where given."""

    login: str
    name: str
    party: str
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An act on a person that was carried out; `link` is the secret of a one-time link."""

    login: str
    entry: str
    link: str | None = None


@retried
def add(runtime: Runtime, caller: Caller, new: NewPerson) -> Done | Refused:
    """Add a person, who sets a password by the one-time link that is returned."""
    with runtime.uow.write() as tx:
        return add_in(runtime, tx, caller, new)


def add_in(runtime: Runtime, tx: Tx, caller: Caller, new: NewPerson) -> Done | Refused:
    """Add a person within a transaction, or refuse with nothing written."""
    if reason := mandates.judge_administrator(tx, caller, new.party):
        return Refused((reason,))
    name = names.tidy_name(new.name)
    mandate = mandates.read_office(runtime, tx, new.office) if new.office is not None else None
    reasons = [*judge_new_login(tx, new.login), *filter(None, [names.judge_name(name)])]
    if isinstance(mandate, list):
        reasons += mandate
    if reasons or isinstance(mandate, list):
        return Refused(tuple(reasons))
    person, entry = enrol(tx, caller, new.login, name, party=new.party)
    if mandate is not None:
        entry = mandates.grant_in(tx, caller, person, mandate)
    return Done(person.login, entry, _link(tx, person, "invitation"))


def enrol(
    tx: Tx, caller: Caller | None, login: str, name: str, *, party: str, acts_for: str | None = None
) -> tuple[PersonRow, str]:
    """Write a person who was judged, and the entry."""
    origin = people_writes.origin_of_new(tx)
    person, subject = people_writes.add_person(tx, login, name, origin)
    entry = record(
        tx,
        caller,
        party,
        "person",
        person=person.pseudonym,
        texts={"name": name},
        subjects=(subject,),
        acts_for=acts_for,
    )
    return person, entry


@retried
def invite_first_administrator(runtime: Runtime, login: str) -> Done | Refused:
    """Make the joint secretariat's first administrator, who runs the machine; once.

    They grant nobody a mandate of another party. Asked again for the same person, it makes a
    new link while no password is set, and nothing afterwards: `link` is then None.
    """
    with runtime.uow.write() as tx:
        ensure_secretariat(tx)
        people_writes.lock_party(tx, JOINT_SECRETARIAT)
        if people_writes.ever_had_role(tx, JOINT_SECRETARIAT, ADMINISTRATOR):
            return _invite_again(tx, login)
        if reasons := judge_new_login(tx, login):
            return Refused(tuple(reasons))
        return make_administrator(tx, None, login, login, JOINT_SECRETARIAT)


def make_administrator(
    tx: Tx, caller: Caller | None, login: str, name: str, party: str, **facts: str
) -> Done:
    """Write a party's first administrator, who was judged; every party sees the entry.

    The caller, if any, acts for the joint secretariat; `facts` say by which document.
    """
    person, _ = enrol(tx, caller, login, name, party=party, acts_for=JOINT_SECRETARIAT)
    mandate = Mandate(0, party, ADMINISTRATOR, None, tx.at, None)
    mandates.grant_in(tx, caller, person, mandate, JOINT_SECRETARIAT)
    entry = record(
        tx,
        caller,
        party,
        "bootstrap",
        person=person.pseudonym,
        facts={"party": party, **facts},
        acts_for=JOINT_SECRETARIAT,
    )
    return Done(login, entry, _link(tx, person, "invitation"))


@retried
def invite(runtime: Runtime, caller: Caller, login: str) -> Done | Refused:
    """Make a new one-time link for a person, by whom alone their mandates are administered."""
    with runtime.uow.write() as tx:
        found = _find_own(tx, caller, login)
        if isinstance(found, Refused):
            return found
        person, parties = found
        purpose = "reset" if people_writes.has_password(tx, person.id) else "invitation"
        entry = ""
        for party in parties:
            facts = {"purpose": purpose}
            entry = record(tx, caller, party, "invite", person=person.pseudonym, facts=facts)
        return Done(login, entry, _link(tx, person, purpose))


@retried
def grant(runtime: Runtime, caller: Caller, login: str, office: Office) -> Done | Refused:
    """Give a person a role of the caller's own party."""
    with runtime.uow.write() as tx:
        if reason := mandates.judge_administrator(tx, caller, office.party):
            return Refused((reason,))
        mandate = mandates.read_office(runtime, tx, office)
        person = find_acting(tx, login)
        if isinstance(mandate, list) or isinstance(person, Refusal):
            against = mandate if isinstance(mandate, list) else []
            return Refused((*against, *([person] if isinstance(person, Refusal) else [])))
        if mandates.overlapping(tx, person.id, mandate):
            params = {"login": login, "party": office.party, "role": office.role}
            return Refused((refuse(Code.MANDATE_ALREADY_HELD, **params),))
        return Done(login, mandates.grant_in(tx, caller, person, mandate))


@retried
def revoke(runtime: Runtime, caller: Caller, login: str, party: str, role: str) -> Done | Refused:
    """Take a role of the caller's own party back, now; what was signed with it stays signed."""
    with runtime.uow.write() as tx:
        people_writes.hold_mandates(tx, login)
        if reason := mandates.judge_administrator(tx, caller, party):
            return Refused((reason,))
        person = people.find_person(tx, login)
        if person is None:
            return Refused((refuse(Code.PERSON_UNKNOWN, login=names.shown(login)),))
        held = [
            each
            for each in people_writes.unended_mandates(tx, person.id)
            if (each.party, each.role) == (party, role)
        ]
        if not held:
            params = {"login": login, "party": party, "role": names.shown(role)}
            return Refused((refuse(Code.MANDATE_UNKNOWN, **params),))
        if mandates.is_administrative(held[0]) and mandates.leaves_no_administrator(
            tx, person, party
        ):
            return Refused((refuse(Code.LAST_ADMINISTRATOR, party=party),))
        return Done(login, mandates.revoke_in(tx, caller, person, held))


@retried
def disable(runtime: Runtime, caller: Caller, login: str) -> Done | Refused:
    """Let a person act no more: sessions, tokens and links end at once."""
    with runtime.uow.write() as tx:
        people_writes.hold_mandates(tx, login)
        found = _find_own(tx, caller, login)
        if isinstance(found, Refused):
            return found
        person, parties = found
        lasts = [each for each in parties if mandates.leaves_no_administrator(tx, person, each)]
        if lasts:
            return Refused(tuple(refuse(Code.LAST_ADMINISTRATOR, party=each) for each in lasts))
        people_writes.disable_person(tx, person.id)
        sessions.end_sessions(tx, person_id=person.id)
        secrets.revoke_tokens(tx, person.id)
        secrets.void_links(tx, person.id)
        entry = ""
        for party in parties:
            entry = record(tx, caller, party, "disable", person=person.pseudonym)
        return Done(login, entry)


def judge_new_login(tx: Tx, login: str) -> list[Refusal]:
    """Give every reason against a new login: its form, and others that look like it."""
    if reason := names.judge_login(login):
        return [reason]
    skeleton = names.login_skeleton(login)
    for other in people_writes.all_logins(tx):
        if other == login:
            return [refuse(Code.LOGIN_TAKEN, login=login)]
        if names.login_skeleton(other) == skeleton:
            return [refuse(Code.LOGIN_LOOKS_ALIKE, login=login, other=other)]
    return []


def _invite_again(tx: Tx, login: str) -> Done | Refused:
    person = people.find_person(tx, login)
    if person is None or not people.holds_office(tx, person.id, JOINT_SECRETARIAT, ADMINISTRATOR):
        return Refused((refuse(Code.ALREADY_BOOTSTRAPPED, party=JOINT_SECRETARIAT),))
    if people_writes.has_password(tx, person.id):
        return Done(login, "")
    entry = record(
        tx,
        None,
        JOINT_SECRETARIAT,
        "invite",
        person=person.pseudonym,
        facts={"purpose": "invitation"},
    )
    return Done(login, entry, _link(tx, person, "invitation"))


def find_acting(tx: Tx, login: str) -> PersonRow | Refusal:
    """Find somebody who may act, or say why there is no such person."""
    person = people.find_person(tx, login)
    if person is None or person.origin == "import":
        return refuse(Code.PERSON_UNKNOWN, login=names.shown(login))
    if not person.may_act:
        return refuse(Code.PERSON_DISABLED, login=login)
    return person


def _find_own(tx: Tx, caller: Caller, login: str) -> tuple[PersonRow, list[str]] | Refused:
    """Find a person and their parties, if the caller administers every one of these.

    Who could make a link for somebody else's official could sign in their place.
    """
    person = find_acting(tx, login)
    if isinstance(person, Refusal):
        return Refused((person,))
    parties = sorted({each.party for each in people_writes.unended_mandates(tx, person.id)})
    reasons = [mandates.judge_administrator(tx, caller, party) for party in parties]
    if not parties:
        reasons = [refuse(Code.MANDATE_UNKNOWN, login=login, party="", role="")]
    if refused := tuple(filter(None, reasons)):
        return Refused(refused)
    return person, parties


def _link(tx: Tx, person: PersonRow, purpose: str) -> str:
    return secrets.add_link(tx, person.id, purpose, tx.at + LINK_LIFE)
