"""Erases a person: login, name and words go, pseudonym and digests stay, and no proof breaks.

The person loses every mandate first, each by an entry of its own. Each party is master of the
words spoken in its name: an administrator erases those alone.

Why: `docs/decisions/0025-erasure.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.domain import names, texts
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.persistence import (
    delegation_writes,
    erasing,
    people,
    people_writes,
    secrets,
    sessions,
)
from workflow.persistence.given_delegations import given_to
from workflow.persistence.people import PersonRow
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.wiping import mark_unfinished, overwrite_deleted, wipe
from workflow.services import mandates, throttle
from workflow.services.delegation import end_delegations
from workflow.services.erasable import ERASURE, Erasable, added_by, names_person, sort_texts
from workflow.services.people_entries import record
from workflow.services.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Whom to erase and why; `keep_texts` leaves reasons and notes that they wrote on record.

    `naming` also erases what others wrote, for the caller's parties, that names the person.
    """

    login: str
    reason: str
    keep_texts: bool = False
    naming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was done: under which name the person is found now, by which entry, how many texts.

    `kept_for` are the parties for which they wrote as well, whose administrators erase that;
    `still_named_in` the entries beside which another's text names them. `wiped` says that the
    bytes are gone from the files, too.
    """

    login: str
    entry: str
    texts: int
    kept_for: tuple[str, ...] = ()
    still_named_in: tuple[str, ...] = ()
    wiped: bool = False


def erase(runtime: Runtime, caller: Caller, order: Erase) -> Erased | Refused:
    """Erase a person of whose parties the caller is administrator, for good."""
    done = _erase(runtime, caller, replace(order, reason=texts.clean(order.reason)))
    return done if isinstance(done, Refused) else replace(done, wiped=wipe(runtime.uow))


def finish(runtime: Runtime) -> bool:
    """Wipe what an earlier erasure could not, since others were reading; say whether all is.

    PostgreSQL sees to dead rows by itself.
    """
    return runtime.engine.dialect.name != "sqlite" or wipe(runtime.uow)


@retried
def _erase(runtime: Runtime, caller: Caller, order: Erase) -> Erased | Refused:
    with runtime.uow.write() as tx:
        overwrite_deleted(tx)
        person = _hold(tx, order.login)
        if person is None:
            return Refused((refuse(Code.PERSON_UNKNOWN, login=names.shown(order.login)),))
        governed = _governed_by(tx, caller, person)
        if isinstance(governed, Refused):
            return governed
        found = sort_texts(tx, person, governed, keep_texts=order.keep_texts, naming=order.naming)
        if reasons := _judge(tx, person, governed, order, found):
            return Refused(tuple(reasons))
        if not names.is_erased(person.login):
            _end_authority(tx, caller, person)
        _empty(tx, person, found)
        return _record(tx, caller, person, governed, order, found)


def _hold(tx: Tx, login: str) -> PersonRow | None:
    """Lock a person with all they hold, so that an act of theirs comes before or after all this."""
    if not texts.is_storable(login):
        return None
    people_writes.hold_mandates(tx, login)
    erasing.hold_person(tx, login)
    delegation_writes.hold_delegations(tx, login)
    return people.find_person(tx, login)


def _governed_by(tx: Tx, caller: Caller, person: PersonRow) -> tuple[str, ...] | Refused:
    """Give the person's parties that the caller administers.

    Every party of which they hold a mandate must be one: neither of two parties disables or
    erases the other's official. Once they hold none, any of their former parties will do.
    """
    parties = erasing.parties_ever(tx, person.id) or (added_by(tx, person) or JOINT_SECRETARIAT,)
    for party in parties:
        people_writes.lock_party(tx, party)
    against = {party: mandates.judge_administrator(tx, caller, party) for party in parties}
    held = {each.party for each in people_writes.unended_mandates(tx, person.id)}
    own = tuple(party for party, reason in against.items() if reason is None)
    reasons = [reason for party, reason in against.items() if reason and (party in held or not own)]
    return Refused(tuple(reasons)) if reasons else own


def _judge(
    tx: Tx, person: PersonRow, governed: Sequence[str], order: Erase, found: Erasable
) -> list[Refusal]:
    reasons = texts.judge_text("reason", order.reason, texts.NOTE_LENGTH, lines=True)
    if not order.reason:
        reasons.append(refuse(Code.TEXT_MISSING, field="reason"))
    if names.is_erased(person.login):
        done = [] if found.texts else [refuse(Code.PERSON_ERASED, login=person.login)]
        return [*reasons, *done]
    if names_person(person, order.reason):
        reasons.append(refuse(Code.REASON_NAMES_PERSON))
    lasts = (each for each in governed if mandates.leaves_no_administrator(tx, person, each))
    return [*reasons, *(refuse(Code.LAST_ADMINISTRATOR, party=each) for each in lasts)]


def _end_authority(tx: Tx, caller: Caller, person: PersonRow) -> None:
    """End all that the person may do, mandates and delegations each by an entry."""
    if given := given_to(tx, [person.id]):
        end_delegations(tx, caller, given)
    mandates.revoke_in(tx, caller, person, people_writes.unended_mandates(tx, person.id))
    sessions.end_sessions(tx, person_id=person.id)
    secrets.revoke_tokens(tx, person.id)
    secrets.void_links(tx, person.id)
    throttle.forget(tx, person.login)


def _empty(tx: Tx, person: PersonRow, found: Erasable) -> None:
    """Delete the texts beside the log and where rows repeat them, then who the person is."""
    erasing.delete_texts(tx, found.fields)
    erasing.blank_repeated(tx, found.repeated)
    erasing.erase_person(tx, person)


def _record(
    tx: Tx, caller: Caller, person: PersonRow, governed: Sequence[str], order: Erase,
    found: Erasable,
) -> Erased:  # fmt: skip
    entry = ""
    for party in governed:
        entry = record(
            tx,
            caller,
            party,
            ERASURE,
            person=person.pseudonym,
            facts={"texts": len(found.texts), "kept_texts": order.keep_texts},
            texts={"reason": order.reason},
        )
    mark_unfinished(tx, entry)
    return Erased(
        login=names.erased_login(person.id),
        entry=entry,
        texts=len(found.texts),
        kept_for=found.kept_for,
        still_named_in=found.still_named_in,
    )
