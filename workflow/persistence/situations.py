"""The facts of one proposal that a decision depends on, gathered alike for acts and for questions.

Services sign and step by these, queries show by them: a screen cannot offer what an act refuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, Signer
from workflow.domain.definition import Definition, StepRule
from workflow.domain.identity import JOINT_SECRETARIAT, Mandate, Viewer
from workflow.domain.requirement import Seat, role_covers
from workflow.domain.shape import read_shape
from workflow.domain.standing import read_standing
from workflow.domain.waits import OBSERVER, TakingPart
from workflow.persistence import definitions, proposals, signoffs
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.unit_of_work import Tx


@dataclass(slots=True)
class Situation:
    """One proposal as the rules and the people in it stand."""

    row: ProposalRow
    definition: Definition
    parties: TakingPart
    live: list[LiveSignOff]

    @property
    def case(self) -> Case:
        """Say where the proposal stands, in the words the rules know."""
        row = self.row
        return Case(
            self.definition, row.state, read_shape(row.shape), read_standing(row.standing),
            row.awaits_revision,
        )  # fmt: skip

    def seat(self, party: str, role: str) -> Seat:
        """Give a seat of this proposal; a party that takes no part has no capacities."""
        sort, capacities = self.parties.get(party, ("state", frozenset()))
        return Seat(party, role, capacities, sort)

    def live_at(self, step: str, party: str, role: str) -> LiveSignOff | None:
        """Give the live sign-off of a seat."""
        for each in self.live:
            if (each.step, each.party, each.role) == (step, party, role):
                return each
        return None


@dataclass(frozen=True, slots=True)
class Signing:
    """How somebody means to sign: the step, the seat and the decision."""

    step: str
    party: str
    role: str
    decision: Decision = Decision.APPROVE
    mandate_valid: bool = True
    gives_note: bool = False
    revision: int | None = None


def read_situations(tx: Tx, rows: Iterable[ProposalRow]) -> dict[int, Situation]:
    """Read what is needed beside the rows, in three statements for any number of them."""
    found = list(rows)
    ids: Sequence[int] = [row.id for row in found]
    laws = definitions.editions(tx, (row.edition_id for row in found))
    parties = proposals.parties_of(tx, ids)
    live = signoffs.live(tx, ids)
    return {
        row.id: Situation(row, laws[row.edition_id], parties.get(row.id, {}), live.get(row.id, []))
        for row in found
    }


def signer_of(
    at: Situation, person_id: int | None, signing: Signing, holders: frozenset[int]
) -> Signer:
    """Gather what a rule must know of a person who means to sign; `holders` hold the seat now."""
    own = at.live_at(signing.step, signing.party, signing.role)
    others = [
        each
        for each in at.live
        if each.step == signing.step and each.decision is Decision.APPROVE and each is not own
    ]
    return Signer(
        seat=at.seat(signing.party, signing.role),
        decision=signing.decision,
        mandate_valid=signing.mandate_valid,
        is_proposer=person_id is not None and at.row.proposed_by == person_id,
        is_last_editor=person_id is not None and at.row.edited_by == person_id,
        signed_other_seat=any(
            person_id is not None and each.person_id == person_id for each in others
        ),
        held=own.decision if own else None,
        held_is_theirs=own is None or own.person_id == person_id or own.person_id not in holders,
        party_roles=tuple(sorted(each.role for each in others if each.party == signing.party)),
        gives_note=signing.gives_note,
        revision_is_present=signing.revision in (None, at.row.revision),
    )


def held_seat(viewer: Viewer, party: str, role: str, summit: str) -> Mandate | None:
    """Find the mandate a person signs by: of this role, or one that refines it."""
    held = [
        mandate
        for mandate in viewer.mandates
        if mandate.party == party
        and role_covers(role, mandate.role)
        and mandate.summit in (None, summit)
    ]
    return min(held, key=lambda mandate: len(mandate.role), default=None)


def taking_mandate(
    viewer: Viewer, step: StepRule | None, parties: TakingPart, summit: str
) -> Mandate | None:
    """Find the mandate by which a viewer may take the step: a role of a party that takes part.

    The joint secretariat may act beside the parties; observers may not.
    """
    for mandate in viewer.mandates if step else ():
        if mandate.summit not in (None, summit):
            continue
        _, capacities = parties.get(mandate.party, ("", OBSERVER))
        acts = mandate.party == JOINT_SECRETARIAT or capacities != OBSERVER
        if acts and step and any(role_covers(role, mandate.role) for role in step.by):
            return mandate
    return None
