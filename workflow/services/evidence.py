"""Supply a document, and verify one; both may complete a step."""

import hashlib
from datetime import datetime

from workflow.domain import texts
from workflow.domain.commands import AddEvidence, VerifyEvidence
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, speaks_for_party
from workflow.domain.requirement import EvidenceCount, leaves, role_covers
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.persistence import evidence, proposals
from workflow.persistence.retrying import retried
from workflow.services.change import Change, Work, filled, refused
from workflow.services.documents import judge_document, media_type
from workflow.services.fields import is_in_future, is_web_address
from workflow.services.once import once
from workflow.services.runtime import Runtime


@retried
def add_evidence(runtime: Runtime, caller: Caller, order: AddEvidence) -> Outcome:
    """Supply a file or a link for a proposal, in the name of one's own party."""
    return once(runtime, caller, order, _add)


@retried
def verify_evidence(runtime: Runtime, caller: Caller, order: VerifyEvidence) -> Outcome:
    """Confirm a document; by a verifier who neither supplied it nor acts for who did."""
    return once(runtime, caller, order, _verify)


def _add(change: Change, work: Work, order: AddEvidence) -> Outcome:
    tx = change.tx
    mandate = _supplying_mandate(change, work, order.party)
    reasons = _judge_add(work, order, mandate, tx.at)
    if reasons:
        return refused(work, reasons)
    sha256 = None
    if order.content is not None:
        sha256 = hashlib.sha256(order.content).hexdigest()
        evidence.keep_file(tx, sha256, media_type(order.content) or "", order.content)
    number = evidence.add(
        tx, work.row.id,
        {
            "type": order.type, "title": texts.clean(order.title), "sha256": sha256,
            "file_name": order.file_name, "link": order.link, "dated_on": order.dated_on,
            "supplied_by": change.caller.person_id, "supplied_party": order.party,
            "supplied_at": tx.at,
        },
    )  # fmt: skip
    facts = {"number": number, "type": order.type, "dated_on": order.dated_on.isoformat()}
    if sha256:
        facts["sha256"] = sha256
    told = filled(title=texts.clean(order.title), link=order.link)
    change.record(work, "evidence", mandate, facts=facts, texts=told)
    return _finish(change, work, mandate)


def _verify(change: Change, work: Work, order: VerifyEvidence) -> Outcome:
    tx = change.tx
    found = evidence.find(tx, work.row.id, order.number)
    if found is None:
        return refused(work, [refuse(Code.EVIDENCE_UNKNOWN, number=order.number)])
    mandate = _verifying_mandate(change, work, order.party)
    reasons = []
    if mandate is None:
        reasons.append(refuse(Code.NO_MANDATE, party=order.party, role="verifier"))
    if found.supplied_by == change.caller.person_id or found.supplied_party == order.party:
        reasons.append(refuse(Code.SUPPLIER_MAY_NOT_VERIFY, party=found.supplied_party))
    if found.verified_at is not None:
        reasons.append(refuse(Code.EVIDENCE_ALREADY_VERIFIED, number=order.number))
    if reasons:
        return refused(work, reasons)
    evidence.verify(tx, work.row.id, order.number, change.caller.person_id, order.party)
    change.record(work, "verify", mandate, facts={"number": order.number, "type": found.type})
    return _finish(change, work, mandate)


def _finish(change: Change, work: Work, mandate: Mandate | None) -> Outcome:
    change.recount(work, frozenset(proposals.fields_of(change.tx, work.row.id)))
    change.settle(work, mandate)
    return change.write()[work.row.reference]


def _supplying_mandate(change: Change, work: Work, party: str) -> Mandate | None:
    """Find a mandate to act for a party that takes part, observers aside."""
    for mandate in change.viewer.own:
        _, capacities = work.parties.get(mandate.party, ("", frozenset()))
        acts = capacities - {"observer"} or mandate.party == JOINT_SECRETARIAT
        scoped = mandate.summit in (None, work.row.summit)
        if mandate.party == party and acts and scoped and speaks_for_party(mandate.role):
            return mandate
    return None


def _verifying_mandate(change: Change, work: Work, party: str) -> Mandate | None:
    for mandate in change.viewer.own:
        takes_part = mandate.party in work.parties or mandate.party == JOINT_SECRETARIAT
        scoped = mandate.summit in (None, work.row.summit)
        verifier = mandate.party == party and role_covers("verifier", mandate.role)
        if takes_part and scoped and verifier:
            return mandate
    return None


def _judge_add(
    work: Work, order: AddEvidence, mandate: Mandate | None, at: datetime
) -> list[Refusal]:
    reasons = []
    if mandate is None:
        reasons.append(refuse(Code.NO_MANDATE, party=order.party, role=""))
    if order.type not in wanted_types(work):
        reasons.append(refuse(Code.EVIDENCE_TYPE_UNKNOWN, type=order.type[:80]))
    if not texts.clean(order.title):
        reasons.append(refuse(Code.TEXT_MISSING, field="title"))
    reasons += texts.judge_text("title", order.title, texts.TITLE_LENGTH)
    if (order.content is None) == (order.link is None):
        reasons.append(refuse(Code.TEXT_MISSING, field="file"))
    if is_in_future(order.dated_on, at):
        reasons.append(refuse(Code.DATE_IN_FUTURE, field="dated_on"))
    if order.link is not None and (not is_web_address(order.link) or texts.is_unsafe(order.link)):
        reasons.append(refuse(Code.LINK_MALFORMED))
    if order.content is not None:
        reasons += judge_document(order.file_name or "", order.content)
    return reasons


def wanted_types(work: Work) -> frozenset[str]:
    """Give the types of document that any step of the proposal's definition asks for."""
    return frozenset(
        leaf.type
        for step in work.definition.steps.values()
        for leaf in leaves(step.needs)
        if isinstance(leaf, EvidenceCount)
    )
