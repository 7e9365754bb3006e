"""Takes in parties, persons and mandates of the past; they judge past acts alone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from workflow.domain import names
from workflow.domain.disclosure import make_subject
from workflow.domain.entry import Actor, Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import imported_people, imports, people, people_writes
from workflow.persistence.imported_people import Held
from workflow.persistence.imports import IMPORTED
from workflow.persistence.numbers import claim
from workflow.persistence.people import PersonRow
from workflow.persistence.unit_of_work import Tx
from workflow.services.history_acts import Act
from workflow.services.people_entries import mandate_facts, party_chain


@dataclass(slots=True)
class Known:
    """Who is known of those that a chunk of acts names: persons by login, and what they held."""

    persons: dict[str, PersonRow] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    """Logins of people whom no import made."""
    held: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))
    parties: dict[str, str] = field(default_factory=dict)
    """Code to English name."""

    def mandate(self, login: str, party: str, role: str, at: datetime) -> Mandate | None:
        """Find the mandate somebody held at an instant, of this role or a finer one."""
        for each in self.held.get(login, ()):
            mandate = each.mandate
            same = mandate.party == party and role_covers(role, mandate.role)
            if same and mandate.holds_at(at):
                return mandate
        return None


class PeopleOfThePast:
    """Takes acts on people and parties in, one after another, in a transaction."""

    def __init__(self, tx: Tx, caller: Caller, change_id: str, acts: Sequence[Act]) -> None:
        """Act for a recorder, with what is known of those whom the acts name."""
        self.tx, self.caller, self.change_id = tx, caller, change_id
        self.known = _read_known(tx, acts)
        self.drafts: list[Draft] = []
        self.restated: set[int] = set()
        """Lines that say again what is known, and so leave no entry."""
        self._counts = {kind: sum(act.kind == kind for act in acts) for kind in ("person", "grant")}
        self._persons: list[PersonRow] = []
        self._mandates: list[Held] = []
        self._ended: list[tuple[int, datetime]] = []

    @cached_property
    def _person_numbers(self) -> Iterator[int]:
        return iter(claim(self.tx, "person", self._counts["person"]))

    @cached_property
    def _mandate_numbers(self) -> Iterator[int]:
        return iter(claim(self.tx, "mandate", self._counts["grant"]))

    def take(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Take one act in, or give every reason why it cannot be; `facts` go into its entry."""
        return getattr(self, f"_{act.kind}")(act, facts)  # type: ignore[no-any-return] # one of four below

    def note_irregular(self, act: Act, facts: dict[str, Any]) -> None:
        """Record in the log that the file says so, and what is wrong with it."""
        self._record(
            act, "log", {"act": act.kind} | facts, kind="irregular", texts={"claimed": act.claim}
        )

    def write(self) -> None:
        """Write the people; their entries are written with all others."""
        imported_people.add_persons(self.tx, self._persons)
        imported_people.add_mandates(self.tx, self._mandates)
        imported_people.end_mandates(self.tx, self._ended)

    def _party(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        code, name = act.text("code"), names.tidy_name(act.text("name"))
        reasons = [names.judge_party_code(code), names.judge_name(name)]
        if found := tuple(filter(None, reasons)):
            return found
        if code in self.known.parties:
            return self._restate(act, self.known.parties[code], name)
        sort = "state" if len(code) == 2 else "organisation"  # noqa: PLR2004 - ISO 3166-1 alpha-2
        people_writes.add_party(self.tx, code, sort, "UTC", imported=True)
        people_writes.name_party(self.tx, code, {"en": name})
        self.known.parties[code] = name
        self._record(act, party_chain(code), facts | {"sort": sort}, texts={"names": {"en": name}})
        return ()

    def _restate(self, act: Act, known: str, name: str) -> tuple[Refusal, ...]:
        """Take in what is known already; another name for the same code is not repaired."""
        if known != name:
            problem = f"{names.shown(act.reference)} is known as {names.shown(known)}"
            return (refuse(Code.ROW_MALFORMED, line=act.line, problem=problem),)
        self.restated.add(act.line)
        return ()

    def _person(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        login, name = act.text("login"), names.tidy_name(act.text("name"))
        reasons = [names.judge_login(login), names.judge_name(name)]
        if login in self.known.others:
            reasons.append(refuse(Code.LOGIN_TAKEN, login=names.shown(login)))
        if found := tuple(filter(None, reasons)):
            return found
        if login in self.known.persons:
            return self._restate(act, self.known.persons[login].name, name)
        subject = make_subject(login, name, self.tx.ids.salt())
        number, pseudonym = next(self._person_numbers), subject.pseudonym
        person = PersonRow(number, login, name, pseudonym, IMPORTED, None, None, None)
        self._persons.append(person)
        self.known.persons[login] = person
        self._record(act, "log", facts, person=pseudonym, texts={"name": name}, subjects=(subject,))
        return ()

    def _grant(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        person, reasons = self._office(act)
        if person is None or reasons:
            return reasons
        number = next(self._mandate_numbers)
        mandate = Mandate(number, act.text("party"), act.text("role"), None, act.at, None)
        held = Held(person.id, mandate, is_new=True)
        self._mandates.append(held)
        self.known.held[person.login].append(held)
        chain = party_chain(mandate.party)
        self._record(act, chain, {**mandate_facts(mandate), **facts}, person=person.pseudonym)
        return ()

    def _revoke(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        person, reasons = self._office(act)
        if person is None or reasons:
            return reasons
        party, role = act.text("party"), act.text("role")
        # All of them: whoever was granted it twice does not keep it once.
        same = [
            held
            for held in self.known.held[person.login]
            if (held.mandate.party, held.mandate.role) == (party, role)
            and held.mandate.holds_at(act.at)
        ]
        if not same:
            return (refuse(Code.MANDATE_UNKNOWN, login=person.login, party=party, role=role[:64]),)
        for held in same:
            held.mandate = replace(held.mandate, ends_at=act.at)
            if not held.is_new:
                self._ended.append((held.mandate.id, act.at))
        told = {"party": party, "role": role} | facts
        self._record(act, party_chain(party), told, person=person.pseudonym)
        return ()

    def _office(self, act: Act) -> tuple[PersonRow | None, tuple[Refusal, ...]]:
        """Find the person of history; a mandate of anybody else is their own party's affair."""
        reasons = []
        person = self.known.persons.get(act.text("login"))
        if person is None:
            reasons.append(refuse(Code.PERSON_UNKNOWN, login=names.shown(act.text("login"))))
        if act.text("party") not in self.known.parties:
            reasons.append(refuse(Code.PARTY_UNKNOWN, party=names.shown(act.text("party"))))
        if not names.is_role(act.text("role")):
            reasons.append(refuse(Code.ROLE_UNKNOWN, role=names.shown(act.text("role"))))
        return person, tuple(reasons)

    def _record(self, act: Act, chain: str, facts: dict[str, Any], **details: Any) -> None:  # noqa: ANN401 - a draft's own fields
        kind = details.pop("kind", act.kind)
        self.drafts.append(
            Draft(
                chain=chain,
                kind=kind,
                via=self.caller.via,
                actor=recorder(self.caller),
                change=self.change_id,
                occurred_at=act.at,
                facts=facts,
                **details,
            )
        )


def recorder(caller: Caller) -> Actor:
    """Name who records history, for the joint secretariat."""
    return Actor(caller.pseudonym, JOINT_SECRETARIAT, "secretariat", token=caller.credential)


def _read_known(tx: Tx, acts: Sequence[Act]) -> Known:
    logins = sorted({act.text("login") for act in acts} - {""})
    found = imports.persons(tx, logins)
    of_history = {login: row for login, row in found.items() if row.origin == IMPORTED}
    known = Known(persons=of_history, others=frozenset(found.keys() - of_history.keys()))
    by_number = {row.id: login for login, row in of_history.items()}
    for person_id, mandate in imports.mandates(tx, sorted(by_number)):
        known.held[by_number[person_id]].append(Held(person_id, mandate))
    known.parties = {code: written.get("en", "") for code, written in _names(tx).items()}
    return known


def _names(tx: Tx) -> dict[str, dict[str, str]]:
    """Give every party's names; {} for one that has none."""
    written = people.party_names(tx)
    return {code: dict(written.get(code, {})) for code in people.parties(tx)}
