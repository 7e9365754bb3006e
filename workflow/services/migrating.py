"""What another edition of its rules would make of a proposal: judged before anything is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflow.domain.commands import FieldValue
from workflow.domain.decide import Case, lacks, next_by_itself
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import (
    EvidenceCount,
    TimeLeaf,
    asking_leaves,
    leaves,
    time_leaves,
)
from workflow.domain.shape import write_shape
from workflow.domain.signing import counts_in
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import contents, evidence, families
from workflow.persistence.deadlines import Kept, Place
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Situation
from workflow.persistence.unit_of_work import Tx
from workflow.services.work import Documents, count_standing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept beside a proposal's row and that its standing is counted from."""

    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    documents: Documents = field(default_factory=list)
    children: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving one proposal to another edition does to it; nothing while there are reasons."""

    reference: str
    version: int
    reasons: tuple[Refusal, ...] = ()
    void: tuple[LiveSignOff, ...] = ()
    """Sign-offs that the new rules do not ask for, or not from one person."""
    lost: tuple[str, ...] = ()
    """Fields and types of evidence that the new rules know nothing of."""
    missing: tuple[tuple[str, Refusal], ...] = ()
    """(step, reason) that stands against an open step under the new rules, not under the old."""
    taken: str | None = None
    """A step that the new rules would take by itself at once."""
    standing: str = "{}"
    shape: str = ""

    @property
    def granted(self) -> bool:
        """Say whether the proposal can be moved."""
        return not self.reasons


def read_facts(tx: Tx, ids: list[int]) -> dict[int, Facts]:
    """Read the facts of these proposals in a few statements."""
    fields = contents.fields_of(tx, ids)
    documents = evidence.gathered(tx, ids)
    children = families.children_of(tx, ids)
    return {
        each: Facts(fields.get(each, {}), documents.get(each, []), children.get(each, {}))
        for each in ids
    }


def judge_migration(at: Situation, new: Definition, facts: Facts) -> Migration:
    """Say what the new edition makes of a proposal as it stands."""
    row = at.row
    reasons = tuple(_reasons(at, new, facts))
    if reasons:
        return Migration(row.reference, row.version, reasons)
    void = tuple(_void(at, new))
    children = facts.children if new.rolls_up else {}
    shape = write_shape(at.parties, sum(children.values()))
    kept = [each for each in at.live if each not in void]
    then = replace(
        at, definition=new, live=kept, deadlines=carried(at, new),
        row=replace(row, shape=shape, standing="{}"),
    )  # fmt: skip
    standing = count_standing(then, frozenset(facts.fields), facts.documents, children)
    then.row.standing = standing
    taken = next_by_itself(then.case)
    return Migration(
        reference=row.reference,
        version=row.version,
        void=void,
        lost=tuple(sorted(_known_to(at.definition, facts) - _known_to(new, facts))),
        missing=tuple(_missing(at.case, then.case)),
        taken=taken.name if taken else None,
        standing=standing,
        shape=shape,
    )


def carried(at: Situation, new: Definition) -> dict[Place, Kept]:
    """Give the silences and dates that go on as they are: both editions ask for the very same."""
    same = {
        (step, leaf): at.deadlines[step, number]
        for step, number, leaf in _days_of(at.definition)
        if (step, number) in at.deadlines
    }
    return {
        (step, number): same[step, leaf]
        for step, number, leaf in _days_of(new)
        if (step, leaf) in same
    }


def _days_of(definition: Definition) -> Iterator[tuple[str, int, TimeLeaf]]:
    for step in definition.steps.values():
        for number, leaf in time_leaves(step.needs):
            yield step.name, number, leaf


def counted_persons(at: Situation) -> Iterator[tuple[int, int | None]]:
    """Say of each sign-off that is kept whose one sign-off of its step it is by these rules."""
    for each in at.live:
        step, seat = at.definition.steps.get(each.step), at.seat(each.party, each.role)
        once = step is not None and step.person_once and counts_in(step, seat, each.decision)
        if each.id is not None:
            yield each.id, each.person_id if once and each.weighs else None


def _reasons(at: Situation, new: Definition, facts: Facts) -> list[Refusal]:
    reasons = []
    if at.row.state not in new.states:
        reasons.append(refuse(Code.STATE_UNKNOWN, state=at.row.state, kind=new.kind))
    filled = facts.fields.keys()
    if filled & at.definition.material != filled & new.material:
        # What people signed is the text with its material fields: it would be another text.
        reasons.append(refuse(Code.TEXT_WOULD_CHANGE))
    return reasons


def _void(at: Situation, new: Definition) -> list[LiveSignOff]:
    """Give the sign-offs that no longer count, oldest kept where one person may sign but once."""
    void = []
    counted: set[tuple[str, int]] = set()
    for each in at.live:
        step, seat = new.steps.get(each.step), at.seat(each.party, each.role)
        if step is None or at.row.state not in step.sources or not asking_leaves(step.needs, seat):
            void.append(each)
            continue
        persons = {(each.step, person) for person in each.persons}
        if step.person_once and each.weighs and counts_in(step, seat, each.decision):
            if persons & counted:
                void.append(each)
            counted |= persons
    return void


def _known_to(definition: Definition, facts: Facts) -> set[str]:
    types = {
        leaf.type
        for step in definition.steps.values()
        for leaf in leaves(step.needs)
        if isinstance(leaf, EvidenceCount)
    }
    return (facts.fields.keys() & definition.fields.keys()) | (
        {kind for kind, _, _ in facts.documents} & types
    )


def _missing(before: Case, after: Case) -> list[tuple[str, Refusal]]:
    found = []
    for step in after.definition.open_steps(after.state):
        old = before.definition.steps.get(step.name)
        known = {_plain(each) for each in _lacking(before, old)}
        found += [(step.name, each) for each in lacks(after, step) if _plain(each) not in known]
    return found


def _lacking(case: Case, step: StepRule | None) -> list[Refusal]:
    return lacks(case, step) if step is not None and case.state in step.sources else []


def _plain(reason: Refusal) -> Refusal:
    """Leave out which leaf it is: editions number theirs each in its own way."""
    return Refusal(reason.code, tuple(each for each in reason.params if each[0] != "leaf"))
