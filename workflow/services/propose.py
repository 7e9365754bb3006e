"""Put a proposal on record."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from workflow.domain import texts
from workflow.domain.commands import Propose
from workflow.domain.definition import PROPOSED, Definition
from workflow.domain.identity import (
    JOINT_SECRETARIAT,
    Caller,
    Mandate,
    Via,
    Viewer,
    speaks_for_party,
)
from workflow.domain.requirement import NamedSignOff, signing_leaves
from workflow.domain.revision import Content, digest, write_revision
from workflow.domain.shape import CAPACITIES, write_shape
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.domain.waits import TakingPart
from workflow.persistence import definitions, people, proposals
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.people_tables import Summit
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, as_sent, open_change
from workflow.services.fields import judge_fields
from workflow.services.runtime import Runtime

UNWRITTEN = bytes(32)
"""The head of a row whose first entry is written later in the same transaction."""


@retried
def propose(runtime: Runtime, caller: Caller, order: Propose) -> Outcome:
    """Put a proposal on record in the state proposed, if its parties and texts are in order."""
    with runtime.uow.write() as tx:
        known = recall(tx, caller.person_id, order.idempotency_key, order)
        if known is not None:
            return as_sent(known, order.reference)
        change = open_change(tx, caller)
        mandate = may_propose(change.viewer, order)
        reasons = [] if mandate else [refuse(Code.NO_MANDATE, party="", role="")]
        outcome = put_on_record(tx, change, cleaned(order), mandate, reasons)
        if not outcome.granted:
            # No row is locked yet: the same key may have been used since it was looked up.
            known = recall(tx, caller.person_id, order.idempotency_key, order)
        remember(tx, caller.person_id, order.idempotency_key, order, outcome)
        return as_sent(known, order.reference) if known else outcome


def put_on_record(
    tx: Tx, change: Change, order: Propose, mandate: Mandate | None, reasons: list[Refusal]
) -> Outcome:
    """Write a proposal and its entry in an open change, unless there are reasons against it."""
    against = put_in(tx, change, order, mandate, reasons)
    if against:
        return Outcome(order.reference, against)
    return change.write()[order.reference]


def put_in(
    tx: Tx, change: Change, order: Propose, mandate: Mandate | None, reasons: list[Refusal],
    **details: Any,  # noqa: ANN401 - a draft's own fields, for what happened earlier
) -> tuple[Refusal, ...]:  # fmt: skip
    """Do the same, and leave the writing of the change to the caller."""
    found = definitions.newest(tx, order.kind)
    against = (*reasons, *_judge(change, order, found[1] if found else None))
    if not against and found is not None:
        _add(change, order, mandate, found, details)
    return against


def cleaned(order: Propose) -> Propose:
    """Bring every text to NFC."""
    return replace(
        order,
        titles={language: texts.clean(text) for language, text in order.titles.items()},
        summaries={language: texts.clean(text) for language, text in order.summaries.items()},
    )


def may_propose(viewer: Viewer, order: Propose) -> Mandate | None:
    """Find a mandate of a taking-part party (observers aside) or of the joint secretariat."""
    acting = {party for party, capacity in order.parties if capacity != "observer"}
    for mandate in viewer.mandates:
        scoped = mandate.summit in (None, order.summit) and speaks_for_party(mandate.role)
        if scoped and (mandate.party in acting or mandate.party == JOINT_SECRETARIAT):
            return mandate
    return None


def _judge(change: Change, order: Propose, definition: Definition | None) -> list[Refusal]:
    tx = change.tx
    reasons = texts.judge_reference(order.reference)
    taken = tx.connection.execute(
        select(Proposal.id).where(Proposal.reference == order.reference)
    ).one_or_none()
    if taken is not None:
        reasons.append(refuse(Code.REFERENCE_TAKEN, reference=order.reference))
    if not _summit(tx, order.summit):
        reasons.append(refuse(Code.SUMMIT_UNKNOWN, summit=order.summit[:80]))
    if order.parent and proposals.find(tx, change.viewer, order.parent) is None:
        reasons.append(refuse(Code.NOT_FOUND, reference=order.parent[:80]))
    if not any(order.titles.values()):
        reasons.append(refuse(Code.TEXT_MISSING, field="titles"))
    reasons += texts.judge_texts("titles", order.titles, texts.TITLE_LENGTH)
    reasons += texts.judge_texts("summary", order.summaries, texts.TEXT_LENGTH, lines=True)
    reasons += judge_parties(tx, order.parties, definition)
    if definition is None:
        reasons.append(refuse(Code.KIND_UNKNOWN, kind=order.kind[:80]))
    else:
        reasons += judge_fields(definition, order.fields)
    return reasons


def judge_parties(
    tx: Tx, parties: Iterable[tuple[str, str]], definition: Definition | None
) -> list[Refusal]:
    """Give every reason against these parties; one that a rule names must be there."""
    known = people.parties(tx)
    pairs = tuple(parties)
    reasons = [] if pairs else [refuse(Code.TEXT_MISSING, field="parties")]
    for party, capacity in pairs:
        if party not in known:
            reasons.append(refuse(Code.PARTY_UNKNOWN, party=party[:80]))
        if capacity not in CAPACITIES:
            reasons.append(refuse(Code.CAPACITY_UNKNOWN, capacity=capacity[:80]))
    present = {party for party, _ in pairs}
    absent = sorted(_named(definition) - present)
    return reasons + [refuse(Code.NAMED_PARTY_ABSENT, party=party) for party in absent]


def _named(definition: Definition | None) -> set[str]:
    if definition is None:
        return set()
    return {
        leaf.party
        for step in definition.steps.values()
        for _, leaf in signing_leaves(step.needs)
        if isinstance(leaf, NamedSignOff)
    }


def _summit(tx: Tx, code: str) -> bool:
    return (
        tx.connection.execute(select(Summit.code).where(Summit.code == code)).one_or_none()
        is not None
    )


def taking_part(tx: Tx, parties: Iterable[tuple[str, str]]) -> TakingPart:
    """Group (party, capacity) pairs by party, with its sort."""
    known = people.parties(tx)
    held: dict[str, set[str]] = {}
    for party, capacity in parties:
        held.setdefault(party, set()).add(capacity)
    return {party: (known[party][0], frozenset(caps)) for party, caps in held.items()}


def _add(
    change: Change, order: Propose, mandate: Mandate | None, edition: tuple[int, Definition],
    details: Mapping[str, Any],
) -> None:  # fmt: skip
    tx, (edition_id, definition) = change.tx, edition
    parties = taking_part(tx, order.parties)
    content = Content(order.titles, order.summaries, frozenset(order.parties), order.fields)
    document = write_revision(definition, order.reference, content)
    row = _add_row(change, order, edition_id, write_shape(parties), digest(document))
    proposals.write_texts(tx, row.id, order.titles, order.summaries)
    proposals.write_parties(tx, row.id, order.parties)
    proposals.write_fields(tx, row.id, order.fields)
    proposals.add_revision(tx, row, document, change.author, None)
    work = change.adopt(row, definition, parties)
    row.version, row.head = 0, b""
    source = {"source": order.source} if order.source else {}
    change.record(work, "propose", mandate, to_state=PROPOSED, texts=source, **details)
    change.recount(work, frozenset(order.fields))
    change.settle(work, mandate, occurred_at=details.get("occurred_at"))


def _add_row(
    change: Change, order: Propose, edition_id: int, shape: str, sha256: str
) -> ProposalRow:
    tx, author = change.tx, change.author
    values = {
        "reference": order.reference, "kind": order.kind, "edition_id": edition_id,
        "summit": order.summit, "state": PROPOSED, "round": 1, "revision": 1,
        "revision_sha256": sha256, "version": 1, "head": UNWRITTEN, "shape": shape,
        "standing": "{}", "awaits_revision": False, "public": order.public,
        "imported": change.caller.via is Via.IMPORT, "proposed_by": author,
        "edited_by": author, "changed_at": tx.at,
    }  # fmt: skip
    parent = proposals.find(tx, change.viewer, order.parent) if order.parent else None
    others = {
        "parent_id": parent.id if parent else None, "source": order.source, "created_at": tx.at,
    }  # fmt: skip
    return ProposalRow(id=proposals.add(tx, values | others), **values)  # type: ignore[arg-type]  # typed by the table
