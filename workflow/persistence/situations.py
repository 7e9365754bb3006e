"""The facts of one proposal that a decision depends on, gathered alike for acts and for questions.

Services sign and step by these, queries show by them: a screen cannot offer what an act refuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflow.domain.commands import Decision
from workflow.domain.deadlines import Day
from workflow.domain.decide import Case
from workflow.domain.definition import Definition, StepRule
from workflow.domain.identity import JOINT_SECRETARIAT, Mandate, Viewer
from workflow.domain.requirement import Seat, role_covers
from workflow.domain.shape import read_shape
from workflow.domain.signing import Signer, counts_in
from workflow.domain.standing import read_standing
from workflow.domain.waits import OBSERVER, TakingPart
from workflow.persistence import deadlines, definitions, proposals, signoffs
from workflow.persistence.deadlines import Kept, Place
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
    as_of: datetime
    """The moment the calendar is read at: now, or an imported act's own."""
    deadlines: dict[Place, Kept] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """Say where the proposal stands, in the words the rules know."""
        row = self.row
        days = {
            place: Day(kept.due.due_on, kept.due.due_at <= self.as_of)
            for place, kept in self.deadlines.items()
        }
        return Case(
            self.definition, row.state, read_shape(row.shape), read_standing(row.standing),
            row.awaits_revision, days,
        )  # fmt: skip

    def seat(self, party: str, role: str) -> Seat:
        """Give a seat of this proposal; a party that takes no part has no capacities."""
        sort, capacities = self.parties.get(party, ("state", frozenset()))
        return Seat(party, role, capacities, sort)

    def live_at(self, step: str, party: str, role: str) -> LiveSignOff | None:
        """Give the live sign-off of a seat."""
        for each in self.live:
            if each.party == party and each.role == role and each.step == step:
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
    through: tuple[int, ...] = ()
    """Everybody through whom the mandate came by delegation, its holder last."""


def read_situations(tx: Tx, rows: Iterable[ProposalRow]) -> dict[int, Situation]:
    """Read what is needed beside the rows, in a few statements for any number of them."""
    found = list(rows)
    ids: Sequence[int] = [row.id for row in found]
    laws = definitions.editions(tx, (row.edition_id for row in found))
    parties = proposals.parties_of(tx, ids)
    live = signoffs.live(tx, ids)
    kept = deadlines.read(tx, [row.id for row in found if laws[row.edition_id].has_due_work])
    return {
        row.id: Situation(
            row, laws[row.edition_id], parties.get(row.id, {}), live.get(row.id, []), tx.at,
            kept.get(row.id, {}),
        )
        for row in found
    }  # fmt: skip


def signer_of(
    at: Situation, person_id: int | None, signing: Signing, holders: frozenset[int]
) -> Signer:
    """Gather what a rule must know of a person who means to sign; `holders` hold the seat now."""
    own = at.live_at(signing.step, signing.party, signing.role)
    weighty = [
        each for each in at.live if each.step == signing.step and each.weighs and each is not own
    ]
    persons = _persons(person_id, signing, own)
    return Signer(
        seat=at.seat(signing.party, signing.role),
        decision=signing.decision,
        mandate_valid=signing.mandate_valid,
        chain=len(signing.through),
        is_proposer=at.row.proposed_by in persons,
        is_last_editor=at.row.edited_by in persons,
        # Most sign-offs are other people's: who made one is asked before what it counts for.
        signed_other_seat=bool(persons)
        and any(
            not persons.isdisjoint(each.persons) and _is_counting(at, each) for each in weighty
        ),
        held=own.decision if own else None,
        held_is_theirs=own is None or _is_theirs(own, person_id, holders),
        held_weighs=own is None or own.weighs,
        held_awaits_confirmation=own is not None and own.awaits_confirmation,
        is_recorder=own is not None and own.recorded_by in {person_id, *signing.through} - {None},
        party_answers=tuple(
            sorted((each.role, each.decision) for each in weighty if each.party == signing.party)
        ),
        gives_note=signing.gives_note,
        revision_is_present=signing.revision in (None, at.row.revision),
    )


def _persons(
    person_id: int | None, signing: Signing, own: LiveSignOff | None
) -> frozenset[int | None]:
    """Give everybody whose sign-off it would be: a confirmed paper act is its maker's."""
    if signing.decision is Decision.CONFIRM and own is not None and own.awaits_confirmation:
        return frozenset(own.persons)
    return frozenset({person_id, *signing.through} - {None})


def _is_theirs(own: LiveSignOff, person_id: int | None, holders: frozenset[int]) -> bool:
    """Say whether a person may change a sign-off: what was done in their name is theirs too."""
    return person_id in (own.person_id, own.holder_id) or own.person_id not in holders


def _is_counting(at: Situation, signoff: LiveSignOff) -> bool:
    step = at.definition.steps.get(signoff.step)
    seat = at.seat(signoff.party, signoff.role)
    return step is not None and counts_in(step, seat, signoff.decision)


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
