"""Lets a mandate's holder have somebody act for them, from a day to a day, and take it back.

A delegation never outlasts the mandate or the delegation it hangs on, and nobody gets a mandate
back that they have passed on. Every one is an entry in the party's chain that names both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.domain import names
from workflow.domain.entry import Actor
from workflow.domain.identity import MOST_DEPTH, Caller, Mandate, speaks_for_party
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.persistence import delegation_writes, people, people_writes
from workflow.persistence.given_delegations import Given, given_to, passed_on
from workflow.persistence.people import PersonRow
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.delegation_dates import Days, read_days
from workflow.services.people import Done, find_acting
from workflow.services.people_entries import ADMINISTRATOR, mandate_facts, record
from workflow.services.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """A mandate to be delegated; days as written, read in the party's time zone.

    `holder` is the login of whoever gives it; the caller, if unsaid.
    """

    to: str
    party: str
    role: str
    starts: str | None = None
    ends: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelegate:
    """A delegation to be taken back; of every giver that the caller may speak for, if unsaid."""

    to: str
    party: str
    role: str
    holder: str | None = None


@retried
def delegate(runtime: Runtime, caller: Caller, order: Delegate) -> Done | Refused:
    """Let somebody act for a mandate of the caller, or of a person whose party they administer."""
    with runtime.uow.write() as tx:
        giver = _find_giver(tx, caller, order)
        person = find_acting(tx, order.to)
        if isinstance(giver, Refusal) or isinstance(person, Refusal):
            return Refused(tuple(each for each in (giver, person) if isinstance(each, Refusal)))
        days = read_days(tx, order.party, order.starts, order.ends)
        if not isinstance(days, Days):
            return Refused(days)
        found = _find_mandate(tx, giver, order, days)
        if isinstance(found, Refusal):
            return Refused((found,))
        if reasons := _judge(tx, found, giver, person, order, days):
            return Refused(reasons)
        return Done(person.login, _give(tx, caller, found, giver, person, days))


@retried
def undelegate(runtime: Runtime, caller: Caller, order: Undelegate) -> Done | Refused:
    """Take back, from now on, what was delegated; what was signed by it stays signed."""
    with runtime.uow.write() as tx:
        delegation_writes.hold_delegations(tx, order.to)
        if not people_writes.lock_party(tx, order.party):
            return Refused((_unknown_party(order.party),))
        person = people.find_person(tx, order.to)
        given = _revocable(tx, caller, person.id, order) if person is not None else []
        if not given:
            params = {"party": order.party, "role": names.shown(order.role)}
            login = names.shown(order.to)
            return Refused((refuse(Code.DELEGATION_UNKNOWN, login=login, **params),))
        return Done(order.to, end_delegations(tx, caller, given))


def _find_giver(tx: Tx, caller: Caller, order: Delegate) -> PersonRow | Refusal:
    """Lock the party and find who gives: the caller, or whom its administrator names."""
    if not people_writes.lock_party(tx, order.party):
        return _unknown_party(order.party)
    if order.holder in (None, caller.login):
        return find_acting(tx, caller.login)
    if not people.holds_office(tx, caller.person_id, order.party, ADMINISTRATOR):
        return refuse(Code.NOT_ADMINISTRATOR, party=order.party)
    return find_acting(tx, order.holder or "")


def _find_mandate(tx: Tx, giver: PersonRow, order: Delegate, days: Days) -> Mandate | Refusal:
    """Find what the giver will have when the delegation starts: what lasts longest, own first."""
    params = {"party": order.party, "role": names.shown(order.role)}
    if not speaks_for_party(order.role):
        return refuse(Code.OVERSIGHT_NOT_DELEGATED, role=names.shown(order.role))
    held = [
        each
        for each in people.mandates_of(tx, giver.id, days.starts_at)
        if (each.party, each.role) == (order.party, order.role)
    ]
    if not held:
        return refuse(Code.MANDATE_UNKNOWN, login=giver.login, **params)
    lasting = [each for each in held if each.ends_at is None or each.ends_at >= days.ends_at]
    return (lasting or held)[0]


def _judge(
    tx: Tx, mandate: Mandate, giver: PersonRow, person: PersonRow, order: Delegate, days: Days
) -> tuple[Refusal, ...]:
    """Give every reason against passing this mandate on to this person for these days."""
    above = mandate.delegation
    reasons = []
    if person.id == giver.id:
        reasons.append(refuse(Code.DELEGATE_IS_GIVER))
    elif above is not None and person.id in above.givers:
        reasons.append(refuse(Code.DELEGATION_CYCLE, login=person.login))
    if above is not None and above.depth >= MOST_DEPTH:
        reasons.append(refuse(Code.DELEGATION_TOO_DEEP, most=MOST_DEPTH))
    if mandate.ends_at is not None and days.ends_at > mandate.ends_at:
        reasons.append(refuse(Code.DELEGATION_TOO_LONG))
    own = people.own_mandates_of(tx, person.id, days.starts_at)
    if not any(each.party == order.party for each in own):
        reasons.append(refuse(Code.DELEGATE_OF_NO_MANDATE, login=person.login, party=order.party))
    if _given_already(tx, mandate, person, days):
        params = {"party": order.party, "role": order.role}
        reasons.append(refuse(Code.ALREADY_DELEGATED, login=person.login, **params))
    return tuple(reasons)


def _given_already(tx: Tx, mandate: Mandate, person: PersonRow, days: Days) -> bool:
    """Say whether the same mandate is delegated to the person for some of these days."""
    return any(
        each.mandate_id == mandate.id
        and each.starts_at < days.ends_at
        and days.starts_at < each.ends_at
        for each in given_to(tx, [person.id])
    )


def _give(
    tx: Tx, caller: Caller, mandate: Mandate, giver: PersonRow, person: PersonRow, days: Days
) -> str:
    given = replace(mandate, starts_at=days.starts_at, ends_at=days.ends_at)
    delegation_writes.add_delegation(tx, given, giver.id, person.id, caller.person_id)
    above = mandate.delegation
    holder = above.holder_pseudonym if above else giver.pseudonym
    return record(
        tx,
        caller,
        mandate.party,
        "delegate",
        person=person.pseudonym,
        facts={**mandate_facts(given), "depth": above.depth + 1 if above else 1},
        texts=_giver(giver.pseudonym, holder),
        actor=_actor(caller, giver.pseudonym, holder, given),
    )


def _giver(giver: str, holder: str) -> dict[str, str]:
    """Say who passed it on, where that is not the holder, whom the entry's actor names."""
    return {"giver": giver} if giver != holder else {}


def _actor(caller: Caller, giver: str, holder: str, mandate: Mandate | Given) -> Actor:
    """Name who acts, in the office they do it by, and the holder where that is somebody else."""
    by_giver = caller.pseudonym in (giver, holder)
    return Actor(
        caller.pseudonym,
        mandate.party,
        mandate.role if by_giver else ADMINISTRATOR,
        on_behalf_of=holder if caller.pseudonym != holder else None,
        token=caller.credential,
    )


def _revocable(tx: Tx, caller: Caller, delegate_id: int, order: Undelegate) -> list[Given]:
    """Find what the caller may take back: what is theirs, or all if they administer the party.

    Others learn nothing: for them there is no such delegation.
    """
    administers = people.holds_office(tx, caller.person_id, order.party, ADMINISTRATOR)
    return [
        each
        for each in given_to(tx, [delegate_id])
        if (each.party, each.role) == (order.party, order.role)
        and order.holder in (None, each.giver.login, each.holder.login)
        and (administers or caller.person_id in (each.giver.id, each.holder.id))
    ]


def end_delegations(tx: Tx, caller: Caller, given: Sequence[Given]) -> str:
    """End delegations and all that hang on them, each with its entry; return the first one's."""
    entries = []
    while given:
        for each in given:
            delegation_writes.revoke_delegation(tx, each.id)
            entries.append(_record_revocation(tx, caller, each))
        given = passed_on(tx, [each.id for each in given])
    return entries[0]


def _record_revocation(tx: Tx, caller: Caller, given: Given) -> str:
    holder, giver = given.holder.pseudonym, given.giver.pseudonym
    return record(
        tx,
        caller,
        given.party,
        "undelegate",
        person=given.delegate.pseudonym,
        facts={"party": given.party, "role": given.role, "depth": given.depth},
        texts=_giver(giver, holder),
        actor=_actor(caller, giver, holder, given),
    )  # fmt: skip


def _unknown_party(party: str) -> Refusal:
    return refuse(Code.PARTY_UNKNOWN, party=names.shown(party, 20))
