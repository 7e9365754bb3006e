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

from tests.make_rows import party_row, person_row, sort_of, summit_row
from tests.make_rules import KIND, labels, rules
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
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Via, Viewer
from workflow.domain.verdicts import Outcome
from workflow.persistence import definitions, people
from workflow.persistence.people_tables import Mandate
from workflow.persistence.proposal_tables import Claim, DefinitionEdition, Proposal
from workflow.persistence.unit_of_work import Tx
from workflow.services.evidence import add_evidence, verify_evidence
from workflow.services.propose import propose
from workflow.services.runtime import Runtime
from workflow.services.sign import sign
from workflow.services.step import take_step

# What stands beside this file and tests reach through `make` as well.
__all__ = ["KIND", "labels", "rules"]

TWO_PARTIES = (("UZ", "lead"), ("JP", "member"))
SUMMIT = "TOKYO-2025"

# --- parties and people --------------------------------------------------------------------------


def party(runtime: Runtime, code: str = "UZ", sort: str = "state") -> str:
    """Make a party unless it is there, and give its code."""
    with runtime.uow.write() as tx:
        return party_row(tx, code, sort)


def summit(runtime: Runtime, code: str = SUMMIT) -> str:
    """Make a summit unless it is there, and give its code."""
    with runtime.uow.write() as tx:
        return summit_row(tx, code)


def person(runtime: Runtime, login: str | None = None, name: str | None = None) -> Caller:
    """Make a person without mandates, or give the one who has that login."""
    with runtime.uow.write() as tx:
        known = people.find_person(tx, login) if login else None
        row_id = known.id if known else person_row(tx, login, name)
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
        party_row(tx, party, sort_of(party))
        tx.connection.execute(
            insert(Mandate).values(
                person_id=who.person_id, party=party, role=role,
                summit=summit_row(tx, summit) if summit else None,
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


def definition(runtime: Runtime, kind: str = KIND, **steps: Mapping[str, Any]) -> Definition:
    """Publish `rules(kind, **steps)` as the kind's newest edition."""
    return publish(runtime, rules(kind, **steps))


def publish(runtime: Runtime, written: Mapping[str, Any]) -> Definition:
    """Publish these rules as their kind's newest edition."""
    made = Definition.from_mapping(written)
    with runtime.uow.write() as tx:
        known = definitions.newest(tx, made.kind)
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
            party_row(tx, code, sort_of(code))
        summit_row(tx, summit)
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
