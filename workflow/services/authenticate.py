"""Finds out who somebody is: by password, by token, by one-time link.

Whatever is wrong, the answer is the same, and an unknown login costs the same work as a known
one. Everybody who sets or proves a password comes through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from workflow.domain.identity import Caller, Via
from workflow.domain.names import shown
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.persistence import people, people_tables, secrets, sessions
from workflow.persistence.unit_of_work import Tx
from workflow.services import throttle
from workflow.services.passwords import ARGON2, Hasher, judge_password
from workflow.services.people_entries import record_of_person
from workflow.services.runtime import Runtime

TOKEN_LIFE: Final = timedelta(hours=24)
TERMINAL: Final = "terminal"
"""The address of whoever types at the machine itself."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The right password: who it is, and the secret of the new session."""

    caller: Caller
    session_token: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """The answer to every login and password that do not belong together."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many attempts: nothing was compared."""

    retry_after_seconds: int


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, and what it remembers."""

    caller: Caller
    person: people.PersonRow
    content: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A new access token; its secret is shown once."""

    login: str
    token: str
    expires_at: datetime


def sign_in(
    runtime: Runtime,
    login: str,
    password: str,
    address: str,
    *,
    content: Mapping[str, Any] | None = None,
    hasher: Hasher = ARGON2,
) -> SignedIn | Wrong | Throttled:
    """Open a session for whoever gives the right password."""
    proved = _prove(runtime, login, password, address, hasher)
    if not isinstance(proved, people.PersonRow):
        return proved
    with runtime.uow.write() as tx:
        # who was disabled while the password was compared is nobody now
        if people.caller_of(tx, proved.id, Via.WEB) is None:
            return Wrong()
        number, secret = sessions.add_session(tx, proved.id, content or {})
    return SignedIn(_web_caller(proved, number), secret)


def caller_by_password(
    runtime: Runtime, login: str, password: str, hasher: Hasher = ARGON2
) -> Caller | Refused:
    """Name the person who typed the right password at a terminal as the caller."""
    proved = _prove(runtime, login, password, TERMINAL, hasher)
    if isinstance(proved, people.PersonRow):
        return Caller(proved.id, proved.login, proved.pseudonym, Via.CLI)
    return _refused(proved)


def open_session(
    runtime: Runtime, person_id: int, content: Mapping[str, Any] | None = None
) -> str | None:
    """Open a session for a person who has proved who they are; None if they may not act."""
    with runtime.uow.write() as tx:
        if people.caller_of(tx, person_id, Via.WEB) is None:
            return None
        return sessions.add_session(tx, person_id, content or {})[1]


def find_session(runtime: Runtime, token: str) -> Session | None:
    """Find the session of a browser; one of a disabled person is none."""
    with runtime.uow.read() as tx:
        row = sessions.find_session_row(tx, token)
        person = people.find_person_by_id(tx, row.person_id) if row is not None else None
        is_stale = row is not None and tx.at - row.last_seen_at >= sessions.SEEN_EVERY
    if row is None or person is None or not person.may_act:
        return None
    if is_stale:
        with runtime.uow.write() as tx:
            sessions.mark_seen(tx, token)
    return Session(_web_caller(person, row.id), person, row.content, row.created_at)


def keep_content(runtime: Runtime, token: str, content: Mapping[str, Any]) -> None:
    """Replace what a session remembers."""
    with runtime.uow.write() as tx:
        sessions.write_content(tx, token, content)


def renew_session(runtime: Runtime, token: str) -> str | None:
    """Give a session a new secret, as after a step-up; the old one is good for nothing."""
    with runtime.uow.write() as tx:
        return sessions.renew_secret(tx, token)


def end_session(runtime: Runtime, token: str) -> None:
    """Sign one browser out."""
    with runtime.uow.write() as tx:
        sessions.end_sessions(tx, secret=token)


def end_all_sessions(runtime: Runtime, person_id: int) -> None:
    """Sign a person out everywhere."""
    with runtime.uow.write() as tx:
        sessions.end_sessions(tx, person_id=person_id)


def issue_token(
    runtime: Runtime, login: str, password: str | None, hasher: Hasher = ARGON2
) -> Issued | Refused:
    """Make an access token for whoever gives the right password; a demo asks for none."""
    if password is not None:
        proved = _prove(runtime, login, password, TERMINAL, hasher)
        if not isinstance(proved, people.PersonRow):
            return _refused(proved)
    with runtime.uow.write() as tx:
        if password is None and not people.is_demo(tx):
            return Refused((refuse(Code.SIGN_IN_WRONG),))
        person = people.find_person(tx, login)
        if person is None or not person.may_act:
            return Refused((refuse(Code.SIGN_IN_WRONG),))
        return _issue(tx, person)


def caller_by_token(runtime: Runtime, token: str, login: str) -> Caller | Refused:
    """Name the person an access token belongs to as the caller, if it is the one named."""
    with runtime.uow.read() as tx:
        found = secrets.find_token(tx, token)
        caller = found and people.caller_of(tx, found[1], Via.CLI, f"token-{found[0]}")
    if not caller or caller.login != login:
        return Refused((refuse(Code.TOKEN_INVALID, login=shown(login)),))
    return caller


def link_login(runtime: Runtime, token: str) -> str | None:
    """Say whose password a one-time link may set; None when it is used, old or made up."""
    with runtime.uow.read() as tx:
        person_id = secrets.find_link(tx, token)
        person = people.find_person_by_id(tx, person_id) if person_id is not None else None
    return person.login if person is not None and person.may_act else None


def redeem_link(
    runtime: Runtime, token: str, new_password: str, hasher: Hasher = ARGON2
) -> people.PersonRow | Refused:
    """Set a password by a one-time link, once; sessions and tokens of before end."""
    with runtime.uow.read() as tx:
        person_id = secrets.find_link(tx, token)
        person = people.find_person_by_id(tx, person_id) if person_id is not None else None
    if person is None or not person.may_act:
        return Refused((refuse(Code.LINK_INVALID),))
    if reason := judge_password(new_password, (person.login, person.name)):
        return Refused((reason,))
    hashed = hasher.hash(new_password)
    with runtime.uow.write() as tx:
        if secrets.use_link(tx, token) is None:
            return Refused((refuse(Code.LINK_INVALID),))
        _set_password(tx, person, hashed, Via.WEB)
    return person


def change_password(
    runtime: Runtime,
    caller: Caller,
    password: str,
    new_password: str,
    *,
    address: str = TERMINAL,
    hasher: Hasher = ARGON2,
) -> people.PersonRow | Refused:
    """Replace a password by its owner, who gives the present one; all sessions and tokens end."""
    proved = _prove(runtime, caller.login, password, address, hasher)
    if not isinstance(proved, people.PersonRow):
        return _refused(proved)
    if reason := judge_password(new_password, (proved.login, proved.name)):
        return Refused((reason,))
    hashed = hasher.hash(new_password)
    with runtime.uow.write() as tx:
        _set_password(tx, proved, hashed, caller.via)
    return proved


def _prove(
    runtime: Runtime, login: str, password: str, address: str, hasher: Hasher
) -> people.PersonRow | Wrong | Throttled:
    with runtime.uow.write() as tx:
        attempt = throttle.name_attempt(tx, login, address)
        if seconds := throttle.count_attempt(tx, attempt):
            return Throttled(seconds)
        person = people.find_person(tx, login)
        stored = _stored(tx, person)
    # outside of the transaction: comparing takes long, and others wait for a write on SQLite
    if not hasher.matches(stored, password) or person is None or stored is None:
        return Wrong()
    renewed = hasher.hash(password) if hasher.is_outdated(stored) else None
    with runtime.uow.write() as tx:
        throttle.forgive(tx, attempt)
        if renewed is not None:
            _replace_hash(tx, person.id, stored, renewed)
    return person


def _stored(tx: Tx, person: people.PersonRow | None) -> str | None:
    if person is None or not person.may_act:
        return None
    return tx.connection.scalar(
        select(people_tables.Person.password_hash).where(people_tables.Person.id == person.id)
    )


def _replace_hash(tx: Tx, person_id: int, stored: str, renewed: str) -> None:
    # only the hash that was compared: a password changed meanwhile stays changed
    tx.connection.execute(
        update(people_tables.Person)
        .where(people_tables.Person.id == person_id, people_tables.Person.password_hash == stored)
        .values(password_hash=renewed)
    )


def _set_password(tx: Tx, person: people.PersonRow, hashed: str, via: Via) -> None:
    tx.connection.execute(
        update(people_tables.Person)
        .where(people_tables.Person.id == person.id)
        .values(password_hash=hashed)
    )
    secrets.void_links(tx, person.id)
    secrets.revoke_tokens(tx, person.id)
    sessions.end_sessions(tx, person_id=person.id)
    record_of_person(tx, person, "password", via=via)


def _issue(tx: Tx, person: people.PersonRow) -> Issued:
    expires_at = tx.at + TOKEN_LIFE
    number, token = secrets.add_token(tx, person.id, expires_at)
    record_of_person(tx, person, "token", credential=f"token-{number}")
    return Issued(person.login, token, expires_at)


def _refused(answer: Wrong | Throttled) -> Refused:
    if isinstance(answer, Throttled):
        return Refused((refuse(Code.SIGN_IN_THROTTLED, seconds=answer.retry_after_seconds),))
    return Refused((refuse(Code.SIGN_IN_WRONG),))


def _web_caller(person: people.PersonRow, session_id: int) -> Caller:
    return Caller(person.id, person.login, person.pseudonym, Via.WEB, f"session-{session_id}")
