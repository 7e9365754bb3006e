"""Factories: the smallest world in which a test's sentence makes sense.

    ada = make.delegate(runtime)                     # signs for UZ's line ministry
    fund = make.proposal(runtime, by=ada)            # its reference, such as 'P-1'
    make.approve(runtime, fund, by=make.delegate(runtime, party="JP"))

Parties, summits and definitions that a factory needs are made on the way, once. Acts go through
services; people are written as rows, since who may invite whom is not what these tests are about.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from workflow.domain.commands import (
    AddEvidence,
    Decision,
    FieldValue,
    Propose,
    Sign,
    StepLine,
    TakeStep,
    VerifyEvidence,
)
from workflow.domain.definition import Definition
from workflow.domain.disclosure import make_subject
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Via, Viewer
from workflow.domain.verdicts import Outcome
from workflow.persistence import definitions, people
from workflow.persistence.audit_tables import AuditSubject
from workflow.persistence.people_tables import Mandate, Party, PartyName, Person, Summit
from workflow.persistence.proposal_tables import Claim, DefinitionEdition, Proposal
from workflow.persistence.unit_of_work import Tx
from workflow.services.evidence import add_evidence, verify_evidence
from workflow.services.propose import propose
from workflow.services.runtime import Runtime
from workflow.services.sign import sign
from workflow.services.step import take_step

TWO_PARTIES = (("UZ", "lead"), ("JP", "member"))
KIND = "charter"
SUMMIT = "TOKYO-2025"

# --- parties and people --------------------------------------------------------------------------


def party(runtime: Runtime, code: str = "UZ", sort: str = "state") -> str:
    """Make a party unless it is there, and give its code."""
    with runtime.uow.write() as tx:
        return _party(tx, code, sort)


def summit(runtime: Runtime, code: str = SUMMIT) -> str:
    """Make a summit unless it is there, and give its code."""
    with runtime.uow.write() as tx:
        return _summit(tx, code)


def person(runtime: Runtime, login: str | None = None, name: str | None = None) -> Caller:
    """Make a person without mandates, or give the one who has that login."""
    with runtime.uow.write() as tx:
        known = people.find_person(tx, login) if login else None
        row_id = known.id if known else _person(tx, login, name)
        caller = people.caller_of(tx, row_id, Via.CLI)
    assert caller is not None
    return caller


def mandate(
    runtime: Runtime,
    who: Caller,
    party: str = "UZ",
    role: str = "line_ministry",
    *,
    summit: str | None = None,
    until: datetime | None = None,
) -> Caller:
    """Give a person a role of a party, from a day ago; and give the person back."""
    with runtime.uow.write() as tx:
        _party(tx, party, _sort_of(party))
        tx.connection.execute(
            insert(Mandate).values(
                person_id=who.person_id, party=party, role=role,
                summit=_summit(tx, summit) if summit else None,
                starts_at=tx.at - timedelta(days=1), ends_at=until, origin="real",
            )
        )  # fmt: skip
    return who


def delegate(
    runtime: Runtime,
    login: str | None = None,
    party: str = "UZ",
    role: str = "line_ministry",
    **bounds: Any,  # noqa: ANN401 - those of `mandate`
) -> Caller:
    """Make a person who holds one role of one party."""
    return mandate(runtime, person(runtime, login), party, role, **bounds)


def secretary(runtime: Runtime, login: str = "secretary") -> Caller:
    """Give the joint secretariat's secretary."""
    with runtime.uow.read() as tx:
        known = people.find_person(tx, login)
        known_caller = people.caller_of(tx, known, Via.CLI) if known else None
    return known_caller or delegate(runtime, login, JOINT_SECRETARIAT, "secretariat")


def revoke(runtime: Runtime, who: Caller) -> None:
    """End every mandate of a person now."""
    with runtime.uow.write() as tx:
        tx.connection.execute(
            update(Mandate).where(Mandate.person_id == who.person_id).values(ends_at=tx.at)
        )


def viewer(tx: Tx, who: Caller) -> Viewer:
    """Say what a person may see now."""
    return people.viewer_of(tx, who)


# --- definitions and proposals -------------------------------------------------------------------


def labels(text: str) -> dict[str, str]:
    """Give the same label in four languages."""
    return dict.fromkeys(("en", "ja", "uz", "ru"), text)


def rules(kind: str = KIND, **steps: Mapping[str, Any]) -> dict[str, Any]:
    """Write a small definition: two ministries agree, evidence and the secretariat implement.

    Each step given by name changes keys of that step, or adds it.
    """
    plain: dict[str, dict[str, Any]] = {
        "agree": {
            "from": "proposed", "to": "agreed", "fires": "by-itself",
            "bars": ["proposer", "last-editor"],
            "objections": {"from": ["lead", "member"], "block_at": 1},
            "needs": {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}},
        },
        "implement": {
            "from": "agreed", "to": "implemented", "by": ["secretariat"],
            "needs": {"evidence": {"type": "meeting_report", "count": 1, "verified": True}},
        },
        "return": {
            "from": "proposed", "to": "proposed", "side": True, "then": "new-revision",
            "by": ["foreign_ministry"], "reason": "required",
            "needs": {"signoffs": {"each": ["lead"], "role": "foreign_ministry", "at_least": 1}},
        },
    }  # fmt: skip
    for name, changes in steps.items():
        merged = {**plain.get(name, {}), **changes}
        if "by" in changes:
            merged.pop("fires", None)
        plain[name] = merged
    for name, step in plain.items():
        step.setdefault("labels", labels(name.capitalize()))
        step.setdefault("meaning", labels(f"I {name} on behalf of my party."))
    return {
        "language": 1,
        "kind": kind,
        "labels": labels(kind.capitalize()),
        "material": ["titles", "summary", "parties", "amount"],
        "states": {name: labels(name) for name in ("proposed", "agreed", "implemented")},
        "fields": {
            "amount": {"type": "money", "labels": labels("Amount")},
            "venue": {"type": "text", "labels": labels("Venue")},
        },
        "steps": plain,
    }


def definition(runtime: Runtime, kind: str = KIND, **steps: Mapping[str, Any]) -> Definition:
    """Publish `rules(kind, **steps)` as the kind's newest edition."""
    made = Definition.from_mapping(rules(kind, **steps))
    with runtime.uow.write() as tx:
        known = definitions.newest(tx, kind)
        if known is None or known[1].digest != made.digest:
            definitions.publish(tx, made, tx.at, None)
    return made


def proposal(
    runtime: Runtime,
    by: Caller | None = None,
    reference: str | None = None,
    *,
    kind: str = KIND,
    parties: Iterable[tuple[str, str]] = TWO_PARTIES,
    titles: Mapping[str, str] | None = None,
    fields: Mapping[str, FieldValue] | None = None,
    summit: str = SUMMIT,
    **others: Any,  # noqa: ANN401 - those of `Propose`
) -> str:
    """Put a proposal on record, by the secretary unless said, and give its reference."""
    by = by or secretary(runtime)
    with runtime.uow.write() as tx:
        if reference is None:
            count = tx.connection.scalar(select(func.count()).select_from(Proposal)) or 0
            reference = f"P-{count + 1}"
        for code, _ in parties:
            _party(tx, code, _sort_of(code))
        _summit(tx, summit)
        known = tx.connection.scalar(
            select(DefinitionEdition.id).where(DefinitionEdition.kind == kind).limit(1)
        )
    if known is None:
        definition(runtime, kind)
    outcome = propose(
        runtime,
        by,
        Propose(
            reference=reference, kind=kind, summit=summit, parties=tuple(parties),
            titles=titles or {"en": f"Proposal {reference}"}, fields=fields or {}, **others,
        ),
    )  # fmt: skip
    assert outcome.granted, outcome
    return reference


def claim(runtime: Runtime, reference: str, minor_units: int, **others: Any) -> None:  # noqa: ANN401 - columns
    """Write a sourced figure of a proposal: a pledge in USD unless said."""
    values = {"what": "the whole", "currency": "USD", "meaning": "pledge", "said_by": "press"}
    with runtime.uow.write() as tx:
        proposal_id = select(Proposal.id).where(Proposal.reference == reference)
        tx.connection.execute(
            insert(Claim).values(
                proposal_id=proposal_id.scalar_subquery(), minor_units=minor_units,
                **{**values, **others},
            )
        )  # fmt: skip


# --- acts ----------------------------------------------------------------------------------------


def approve(runtime: Runtime, reference: str, by: Caller, step: str = "agree") -> Outcome:
    """Sign in the person's first mandate; the rules must allow it."""
    return decide(runtime, reference, by, Decision.APPROVE, step=step)


def object_to(runtime: Runtime, reference: str, by: Caller, step: str = "agree") -> Outcome:
    """Object in the person's first mandate, with a note; the rules must allow it."""
    return decide(runtime, reference, by, Decision.OBJECT, step=step, note="We object.")


def decide(
    runtime: Runtime, reference: str, by: Caller, decision: Decision, *, step: str = "agree",
    **others: Any,  # noqa: ANN401 - those of `Sign`
) -> Outcome:  # fmt: skip
    """Sign in the person's first mandate, unless a party and role are said."""
    with runtime.uow.read() as tx:
        held = people.mandates_of(tx, by.person_id)[0]
    others = {"party": held.party, "role": held.role, **others}
    (outcome,) = sign(runtime, by, Sign((reference,), step, decision=decision, **others))
    assert outcome.granted, outcome
    return outcome


def agreed(runtime: Runtime, reference: str, parties: Iterable[str] = ("UZ", "JP")) -> None:
    """Let every party's line ministry approve, so that the default rules make it agreed."""
    for code in parties:
        approve(runtime, reference, delegate(runtime, party=code))


def evidence(
    runtime: Runtime, reference: str, by: Caller, party: str = "UZ", of_type: str = "meeting_report"
) -> Outcome:
    """Supply a link to a document; the rules must allow it."""
    outcome = add_evidence(
        runtime,
        by,
        AddEvidence(
            reference, of_type, "The report", date(2026, 1, 2), party, link="https://example.org/r"
        ),
    )
    assert outcome.granted, outcome
    return outcome


def verified(
    runtime: Runtime, reference: str, by: Caller, number: int = 1, party: str = "JP"
) -> Outcome:
    """Verify a document; the rules must allow it."""
    outcome = verify_evidence(runtime, by, VerifyEvidence(reference, number, party))
    assert outcome.granted, outcome
    return outcome


def step(
    runtime: Runtime, reference: str, name: str, by: Caller, reason: str | None = None
) -> Outcome:
    """Take a step by hand; the rules must allow it."""
    (outcome,) = take_step(runtime, by, TakeStep(name, (StepLine(reference, reason),)))
    assert outcome.granted, outcome
    return outcome


# --- rows ----------------------------------------------------------------------------------------


def _sort_of(code: str) -> str:
    return "state" if len(code) == 2 else "organisation"


def _party(tx: Tx, code: str, sort: str) -> str:
    if tx.connection.scalar(select(Party.code).where(Party.code == code)) is None:
        tx.connection.execute(
            insert(Party).values(code=code, sort=sort, time_zone="Asia/Tokyo", created_at=tx.at)
        )
        tx.connection.execute(insert(PartyName).values(party=code, language="en", name=code))
    return code


def _summit(tx: Tx, code: str) -> str:
    if tx.connection.scalar(select(Summit.code).where(Summit.code == code)) is None:
        _party(tx, "JP", "state")
        day = date(2025, 12, 20)
        tx.connection.execute(
            insert(Summit).values(code=code, host="JP", place="Tokyo", starts_on=day, ends_on=day)
        )
    return code


def _person(tx: Tx, login: str | None, name: str | None) -> int:
    count = tx.connection.scalar(select(func.count()).select_from(Person)) or 0
    login = login or f"person{count + 1}"
    name = name or login.capitalize()
    subject = make_subject(login, name, tx.ids.salt())
    tx.connection.execute(
        insert(AuditSubject).values(
            pseudonym=subject.pseudonym, login=login, name=name, salt=subject.salt
        )
    )
    identity: int = tx.connection.execute(
        insert(Person)
        .values(
            login=login, name=name, pseudonym=subject.pseudonym, origin="real", created_at=tx.at
        )
        .returning(Person.id)
    ).scalar_one()
    return identity
