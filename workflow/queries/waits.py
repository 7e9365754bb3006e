"""What a proposal waits for from one person: decided, not guessed from the kept rows alone.

The kept rows say which seats of a party are waited for. Whether this person may fill one (they
hold it, are not barred, have not signed another seat) is asked of `decide`, with an act's facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, false, or_

from workflow.domain.commands import Decision
from workflow.domain.decide import Taker, judge_step
from workflow.domain.identity import Mandate, Viewer
from workflow.domain.signing import judge_sign
from workflow.domain.waits import CONFIRM, TAKE, Awaited
from workflow.persistence.proposal_tables import Proposal, Waiting
from workflow.persistence.situations import Signing, Situation, held_seat, signer_of, taking_mandate

Seats = Mapping[str, Iterable[Awaited]]
"""Party to what is waited for of it."""

Holders = Mapping[tuple[str, str], frozenset[int]]
"""Who holds each (party, role) now."""


@dataclass(frozen=True, slots=True)
class Mine:
    """One thing a viewer could do now, and the mandate they would do it by."""

    awaited: Awaited
    mandate: Mandate


def could_wait_for(viewer: Viewer) -> ColumnElement[bool]:
    """Select kept rows that may concern a viewer: of their party, and naming a role they hold."""
    conditions = [
        and_(Waiting.party == mandate.party, _names_role(mandate.role), _in_scope(mandate))
        for mandate in viewer.mandates
    ]
    return or_(false(), *conditions)


def mine(viewer: Viewer, at: Situation, seats: Seats, holders: Holders) -> Iterator[Mine]:
    """Give what the viewer could do of what is waited for, in a fixed order."""
    known = set()
    for party in sorted(set(seats) & viewer.parties):
        for awaited in sorted(seats[party]):
            mandate = _mandate(viewer, at, party, awaited, holders)
            # A rule may ask for a role and for one that refines it: one sign-off answers both.
            if mandate is not None and (awaited.step, mandate.id) not in known:
                known.add((awaited.step, mandate.id))
                yield Mine(awaited, mandate)


def _mandate(
    viewer: Viewer, at: Situation, party: str, awaited: Awaited, holders: Holders
) -> Mandate | None:
    if awaited.act == TAKE:
        return may_take(viewer, at, awaited.step, party)
    mandate = held_seat(viewer, party, awaited.role, at.row.summit)
    decision = Decision.CONFIRM if awaited.act == CONFIRM else Decision.APPROVE
    if mandate is None or not may_sign(viewer, at, awaited.step, mandate, holders, decision):
        return None
    return mandate


def may_sign(
    viewer: Viewer, at: Situation, step: str, mandate: Mandate, holders: Holders,
    decision: Decision = Decision.APPROVE,
) -> bool:  # fmt: skip
    """Say whether the viewer may decide so by this mandate; a note is taken as given."""
    signing = Signing(
        step, mandate.party, mandate.role, decision, gives_note=True, through=mandate.through
    )
    present = holders.get((mandate.party, mandate.role), frozenset())
    return not judge_sign(at.case, step, signer_of(at, viewer.person_id, signing, present))


def may_take(viewer: Viewer, at: Situation, step: str, party: str | None = None) -> Mandate | None:
    """Find the mandate by which the viewer may take a step now, of one party where given."""
    own = tuple(m for m in viewer.mandates if party in (None, m.party))
    rule = at.definition.steps.get(step)
    mandate = taking_mandate(replace(viewer, mandates=own), rule, at.parties, at.row.summit)
    if mandate is None or judge_step(at.case, step, Taker(may_take=True, gives_reason=True)):
        return None
    return mandate


def _names_role(role: str) -> ColumnElement[bool]:
    """Match seats that ask for the role, or for one that it refines."""
    words = role.split(".")
    asked = (".".join(words[:size]) for size in range(1, len(words) + 1))
    return or_(*(Waiting.seats.contains(f":{each}:", autoescape=True) for each in asked))


def _in_scope(mandate: Mandate) -> ColumnElement[bool]:
    if mandate.summit is None:
        return and_(True)  # noqa: FBT003 - a condition that always holds
    return Proposal.summit == mandate.summit
