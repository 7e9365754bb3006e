"""What the answers look like as JSON: plain mappings whose keys scripts rely on.

Keys may be added, never renamed. Instants are ISO 8601 in UTC, days ISO dates, money an integer
of minor units beside its currency. Sentences come from outside, since the words live at the edge.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from workflow.domain.commands import FieldValue, Money
from workflow.domain.explain import Node
from workflow.domain.verdicts import Refusal
from workflow.queries.cards import Card
from workflow.queries.cured import Cured
from workflow.queries.cures import Reason
from workflow.queries.deadlines import DeadlineView
from workflow.queries.explain import Explanation
from workflow.queries.history import Event
from workflow.queries.inbox import InboxItem
from workflow.queries.proposal import ProposalPage
from workflow.queries.records import ClaimView, EvidenceView, SignOffView
from workflow.queries.steps import StepView

Json = dict[str, Any]
SayReason = Callable[[Refusal], str]
SayNode = Callable[[Node], str]


def card_json(card: Card) -> Json:
    """Shape one line of `proposals list`."""
    return {
        "reference": card.reference,
        "kind": card.kind,
        "summit": card.summit,
        "state": card.state,
        "title": card.titles,
        "revision": card.revision,
        "version": card.version,
    }


def page_json(page: ProposalPage, say: SayReason) -> Json:
    """Shape `proposals show`."""
    return card_json(page) | {
        "revision_sha256": page.revision_sha256,
        "awaits_revision": page.awaits_revision,
        "changed_at": _instant(page.changed_at),
        "source": page.source,
        "parent": page.parent,
        "summary": page.summaries,
        "fields": {name: field_json(value) for name, value in page.fields},
        "parties": {code: list(capacities) for code, capacities in page.parties},
        "claims": [_claim(each) for each in page.claims],
        "evidence": [_evidence(each) for each in page.evidence],
        "signoffs": [_signoff(each) for each in page.signoffs],
        "steps": [_step(each, say) for each in page.steps],
        "deadlines": [_deadline(each) for each in page.deadlines],
        "history": [event_json(each) for each in page.history],
    }


def inbox_json(items: Iterable[InboxItem]) -> list[Json]:
    """Shape `inbox`."""
    return [
        {
            "reference": item.reference,
            "step": item.step,
            "party": item.party,
            "role": item.role,
            "revision": item.revision,
            "due": _day(item.due),
            "act": item.act,
            "since": _instant(item.since),
        }
        for item in items
    ]


def explanation_json(explanation: Explanation, say: SayReason, say_node: SayNode) -> Json:
    """Shape `explain`."""
    told = explanation.told
    return {
        "reference": explanation.reference,
        "step": explanation.step,
        "granted": explanation.granted,
        "reasons": [_reason(each, say) for each in explanation.reasons],
        "tree": None if told is None else node_json(told, say_node),
    }


def node_json(told: Cured, say_node: SayNode) -> Json:
    """Shape a node of a tree with everything below it."""
    node = told.node
    return {
        "text": say_node(node),
        "satisfied": node.satisfied,
        "code": node.code.value,
        "params": node.named,
        "who_can_cure": list(told.who),
        "parts": [node_json(part, say_node) for part in told.parts],
    }


def event_json(event: Event) -> Json:
    """Shape one event of a history."""
    return {
        "version": event.sequence,
        "kind": event.kind,
        "at": _instant(event.at),
        "occurred_on": _day(event.occurred_on),
        "occurred_at": _instant(event.occurred_at),
        "occurred_in": event.occurred_in,
        "actor": event.actor_name,
        "party": event.party,
        "role": event.role,
        "step": event.step,
        "from": event.from_state,
        "to": event.to_state,
        "decision": event.decision,
        "reason": event.reason,
        "revision": event.revision,
        "via": event.via,
        "source": event.source,
        "irregular": list(event.irregular),
        "leaf_hash": event.leaf_hash,
    }


def field_json(value: FieldValue) -> Any:  # noqa: ANN401 - text, number or money
    """Shape a field's value."""
    if isinstance(value, Money):
        return {"minor_units": value.minor_units, "currency": value.currency}
    return value.isoformat() if isinstance(value, date) else value


def _step(step: StepView, say: SayReason) -> Json:
    return {
        "step": step.name,
        "to": step.to,
        "side": step.side,
        "granted": step.granted,
        "reasons": [_reason(each, say) for each in step.reasons],
    }


def _deadline(deadline: DeadlineView) -> Json:
    return {
        "step": deadline.step,
        "to": deadline.to,
        "what": deadline.what,
        "due_on": _day(deadline.due_on),
        "due_at": _instant(deadline.due_at),
        "place": deadline.place,
    }


def _reason(reason: Reason, say: SayReason) -> Json:
    return {
        "code": reason.refusal.code.value,
        "text": say(reason.refusal),
        "who_can_cure": list(reason.who_can_cure),
    }


def _claim(claim: ClaimView) -> Json:
    return {
        "what": claim.what,
        "minor_units": claim.minor,
        "currency": claim.currency,
        "meaning": claim.meaning,
        "said_by": claim.said_by,
        "said_where": claim.said_where,
        "said_on": _day(claim.said_on),
        "note": claim.note,
    }


def _evidence(document: EvidenceView) -> Json:
    return {
        "number": document.number,
        "type": document.type,
        "title": document.title,
        "sha256": document.sha256,
        "file_name": document.file_name,
        "link": document.link,
        "dated_on": _day(document.dated_on),
        "supplier": document.supplier,
        "supplier_party": document.supplier_party,
        "verified": document.verified_at is not None,
        "verified_by": document.verified_by,
        "verified_party": document.verified_party,
        "verified_at": _instant(document.verified_at),
    }


def _signoff(signoff: SignOffView) -> Json:
    return {
        "step": signoff.step,
        "party": signoff.party,
        "role": signoff.role,
        "decision": signoff.decision,
        "person": signoff.person,
        "revision": signoff.revision,
        "round": signoff.round,
        "at": _instant(signoff.signed_at),
        "note": signoff.note,
        "live": signoff.ended_at is None,
        "ended_at": _instant(signoff.ended_at),
        "ended_because": signoff.ended_because,
        "holder": signoff.holder,
        "weighs": signoff.weighs,
        "occurred_on": _day(signoff.occurred_on),
        "recorded_by": signoff.recorded_by,
        "confirmed_by": signoff.confirmed_by,
        "document_sha256": signoff.document_sha256,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
