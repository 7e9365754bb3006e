"""Put a proposal on record."""

from dataclasses import replace

from workflow.domain import texts
from workflow.domain.commands import Propose
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Viewer, speaks_for_party
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, as_sent, open_change
from workflow.services.proposing import Proposing
from workflow.services.runtime import Runtime


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
    proposing = Proposing(tx, change, [order.reference])
    against = proposing.put(order, mandate, reasons)
    if against:
        return Outcome(order.reference, against)
    proposing.write()
    return change.write()[order.reference]


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
    for mandate in viewer.own:
        scoped = mandate.summit in (None, order.summit) and speaks_for_party(mandate.role)
        if scoped and (mandate.party in acting or mandate.party == JOINT_SECRETARIAT):
            return mandate
    return None
