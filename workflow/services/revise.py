"""Change a proposal's texts, parties and fields; what is material makes a new revision."""

from dataclasses import replace

from workflow.domain import texts
from workflow.domain.commands import Revise
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, speaks_for_party
from workflow.domain.verdicts import Code, Outcome, refuse
from workflow.persistence.retrying import retried
from workflow.services.change import Change, Work, refused
from workflow.services.once import once
from workflow.services.revising import Revising
from workflow.services.runtime import Runtime


@retried
def revise(runtime: Runtime, caller: Caller, order: Revise) -> Outcome:
    """Change a proposal; a material change makes a new revision and voids its live sign-offs."""
    return once(runtime, caller, order, _revise)


def _revise(change: Change, work: Work, order: Revise) -> Outcome:
    mandate = _authority(change, work)
    order = replace(order, reason=texts.clean(order.reason or "") or None)
    reasons = [] if mandate else [refuse(Code.NO_MANDATE, party="", role="")]
    revising = Revising(change)
    revising.read([work])
    if against := revising.put(work, order, mandate, reasons):
        return refused(work, against)
    revising.write()
    return change.write()[order.reference]


def _authority(change: Change, work: Work) -> Mandate | None:
    for mandate in change.viewer.own:
        if mandate.summit not in (None, work.row.summit) or not speaks_for_party(mandate.role):
            continue
        _, capacities = work.parties.get(mandate.party, ("", frozenset()))
        if capacities - {"observer"} or mandate.party == JOINT_SECRETARIAT:
            return mandate
    return None
