"""Takes in parties, persons and mandates of the past; they judge past acts alone."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from workflow.domain import names
from workflow.domain.entry import Actor, Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import people, people_tables, people_writes
from workflow.persistence.entries import append
from workflow.persistence.unit_of_work import Tx
from workflow.services.history_acts import Act
from workflow.services.people_entries import mandate_facts, party_chain

IMPORTED = "import"


@dataclass(slots=True)
class Known:
    """Who is known to history so far: persons by login, and the mandates they held."""

    persons: dict[str, people.PersonRow] = field(default_factory=dict)
    mandates: dict[str, list[Mandate]] = field(default_factory=lambda: defaultdict(list))
    sorts: dict[str, str] = field(default_factory=dict)

    def mandate(self, login: str, party: str, role: str, at: datetime) -> Mandate | None:
        """Find the mandate somebody held at an instant, of this role or a finer one."""
        for each in self.mandates.get(login, ()):
            if each.party == party and role_covers(role, each.role) and each.holds_at(at):
                return each
        return None


class PeopleOfThePast:
    """Takes acts on people and parties in, one after another, in a transaction."""

    def __init__(self, tx: Tx, caller: Caller, change_id: str, known: Known) -> None:
        """Act for a recorder, with what is known from before."""
        self.tx, self.caller, self.change_id, self.known = tx, caller, change_id, known
        self._drafts: list[Draft] = []

    def take(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Take one act in, or give every reason why it cannot be; `facts` go into its entry."""
        return getattr(self, f"_{act.kind}")(act, facts)  # type: ignore[no-any-return] # one of four below

    def note_irregular(self, act: Act, facts: dict[str, Any]) -> None:
        """Record in the log that the file says so, and what is wrong with it."""
        told = {name: value for name, value in act.raw.items() if isinstance(value, str)}
        self._record(
            act, "log", {"act": act.kind} | facts, kind="irregular", texts={"claimed": told}
        )

    def write(self) -> None:
        """Write the entries of all that was taken in."""
        append(self.tx, self._drafts)
        self._drafts = []

    def _party(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        code, name = act.text("code"), names.tidy_name(act.text("name"))
        reasons = [names.judge_party_code(code), names.judge_name(name)]
        if code in self.known.sorts:
            reasons.append(refuse(Code.ROW_MALFORMED, line=act.line, problem=f"{code} is there"))
        if found := tuple(filter(None, reasons)):
            return found
        sort = "state" if len(code) == 2 else "organisation"  # noqa: PLR2004 - ISO 3166-1 alpha-2
        people_writes.add_party(self.tx, code, sort, "UTC", imported=True)
        people_writes.name_party(self.tx, code, {"en": name})
        self.known.sorts[code] = sort
        self._record(act, party_chain(code), facts | {"sort": sort}, texts={"names": {"en": name}})
        return ()

    def _person(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        login, name = act.text("login"), names.tidy_name(act.text("name"))
        reasons = [names.judge_login(login), names.judge_name(name)]
        if people.find_person(self.tx, login) is not None:
            reasons.append(refuse(Code.LOGIN_TAKEN, login=names.shown(login)))
        if found := tuple(filter(None, reasons)):
            return found
        person, subject = people_writes.add_person(self.tx, login, name, IMPORTED)
        self.known.persons[login] = person
        self._record(
            act, "log", facts, person=person.pseudonym, texts={"name": name}, subjects=(subject,)
        )
        return ()

    def _grant(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        person, reasons = self._office(act)
        if person is None or reasons:
            return reasons
        mandate = people_writes.add_mandate(
            self.tx,
            person.id,
            Mandate(0, act.text("party"), act.text("role"), None, act.at, None),
            granted_by=None,
            origin=IMPORTED,
        )
        self.known.mandates[person.login].append(mandate)
        chain = party_chain(mandate.party)
        self._record(act, chain, {**mandate_facts(mandate), **facts}, person=person.pseudonym)
        return ()

    def _revoke(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        person, reasons = self._office(act)
        if person is None or reasons:
            return reasons
        party, role = act.text("party"), act.text("role")
        held = self.known.mandates[person.login]
        same = [m for m in held if (m.party, m.role) == (party, role) and m.holds_at(act.at)]
        found = same[0] if same else None
        if found is None:
            return (refuse(Code.MANDATE_UNKNOWN, login=person.login, party=party, role=role[:64]),)
        ended = Mandate(found.id, party, role, None, found.starts_at, act.at)
        held[held.index(found)] = ended
        self.tx.connection.execute(
            update(people_tables.Mandate)
            .where(people_tables.Mandate.id == found.id)
            .values(ends_at=act.at)
        )
        chain = party_chain(party)
        self._record(act, chain, {"party": party, "role": role} | facts, person=person.pseudonym)
        return ()

    def _office(self, act: Act) -> tuple[people.PersonRow | None, tuple[Refusal, ...]]:
        """Find the person of history; a mandate of anybody else is their own party's affair."""
        reasons = []
        person = self.known.persons.get(act.text("login"))
        if person is None:
            reasons.append(refuse(Code.PERSON_UNKNOWN, login=names.shown(act.text("login"))))
        if act.text("party") not in self.known.sorts:
            reasons.append(refuse(Code.PARTY_UNKNOWN, party=names.shown(act.text("party"))))
        if not _is_word(act.text("role")):
            reasons.append(refuse(Code.ROLE_UNKNOWN, role=names.shown(act.text("role"))))
        return person, tuple(reasons)

    def _record(self, act: Act, chain: str, facts: dict[str, Any], **details: Any) -> None:  # noqa: ANN401 - a draft's own fields
        kind = details.pop("kind", act.kind)
        self._drafts.append(
            Draft(
                chain=chain,
                kind=kind,
                via=self.caller.via,
                actor=Actor(self.caller.pseudonym, JOINT_SECRETARIAT, "secretariat"),
                change=self.change_id,
                occurred_at=act.at,
                facts=facts,
                **details,
            )
        )


def read_known(tx: Tx) -> Known:
    """Read the parties, and the imported persons and their mandates."""
    p, m = people_tables.Person, people_tables.Mandate
    known = Known(sorts={code: sort for code, (sort, _) in people.parties(tx).items()})
    for login in tx.connection.scalars(select(p.login).where(p.origin == IMPORTED)):
        person = people.find_person(tx, login)
        if person is not None:
            known.persons[login] = person
    held = select(p.login, m.id, m.party, m.role, m.summit, m.starts_at, m.ends_at)
    for row in tx.connection.execute(
        held.join(m, m.person_id == p.id).where(m.origin == IMPORTED).order_by(m.id)
    ):
        known.mandates[row.login].append(Mandate(*row[1:]))
    return known


def _is_word(role: str) -> bool:
    return role.isascii() and role.replace(".", "").replace("_", "").isalnum() and len(role) <= 64  # noqa: PLR2004 - a role's length
