"""The decision about a step as a tree for people: what holds, what is missing, who is awaited.

Every node asks `decide` and `requirement` for its answer and knows no rule of its own: the tree
has an unsatisfied part exactly when `decide.judge_step` has a reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, unmet
from workflow.domain.definition import StepRule
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Group,
    Leaf,
    NamedSignOff,
    Part,
    Seat,
    SignOffs,
    holds,
    open_leaves,
    role_covers,
    width,
)
from workflow.domain.verdicts import Code, Param
from workflow.domain.waits import TakingPart

Office = tuple[str, str]
"""A party and a role of it."""


class Word(StrEnum):
    """What a node speaks of; sentences live at the edge."""

    STEP = "step"
    OPEN_HERE = "open_here"
    REVISION_PRESENT = "revision_present"
    NO_OBJECTION = "no_objection"
    SOMEBODY_CAN_SIGN = "somebody_can_sign"
    ALL = "all"
    STAGE = "stage"
    SIGNOFFS = "signoffs"
    SIGNOFF = "signoff"
    EVIDENCE = "evidence"
    FIELD = "field"
    SEAT_SIGNED = "seat_signed"
    SEAT_OBJECTED = "seat_objected"
    SEAT_WAITING = "seat_waiting"
    SEAT_NOT_OPEN = "seat_not_open"
    SEAT_NOT_NEEDED = "seat_not_needed"


@dataclass(frozen=True, slots=True)
class Answered:
    """A live sign-off and who made it."""

    step: str
    party: str
    role: str
    decision: Decision
    person: str = ""
    """Their name; '' where nobody is known, as in a simulation."""
    at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One thing a step asks for, whether it holds, and who could bring it forward now."""

    code: Word
    satisfied: bool
    params: tuple[tuple[str, Param], ...] = ()
    parts: tuple["Node", ...] = ()
    awaited: tuple[Office, ...] = ()

    @property
    def named(self) -> dict[str, Param]:
        """Give the parameters by name."""
        return dict(self.params)


def explain(
    case: Case, step: StepRule, parties: TakingPart, answers: Iterable[Answered] = ()
) -> Node:
    """Explain a step of a proposal as it stands."""
    return _Teller(case, step, parties, tuple(answers)).root()


def describe(step: StepRule) -> Node:
    """Describe what a step asks for of any proposal: the tree of its rule, without counts."""
    return _describe(step.needs)


def all_nodes(node: Node) -> Iterator[Node]:
    """Give a node and everything below it, in reading order."""
    yield node
    for part in node.parts:
        yield from all_nodes(part)


class _Teller:
    """Walks one step's rule with the counts at hand."""

    def __init__(
        self, case: Case, step: StepRule, parties: TakingPart, answers: tuple[Answered, ...]
    ) -> None:
        self.case, self.step, self.parties = case, step, parties
        self.answers = [answer for answer in answers if answer.step == step.name]
        self.counts = case.standing(step).counts
        self.reached = frozenset(open_leaves(step.needs, self.counts, case.shape))
        self.unmet = {reason.code for reason in unmet(case, step)}
        self.is_open = case.state in step.sources

    def root(self) -> Node:
        """Explain the step as a whole: what concerns all of it, then its rule."""
        parts = [
            _node(Word.OPEN_HERE, self.is_open, state=self.case.state),
            _node(Word.REVISION_PRESENT, Code.REVISION_AWAITED not in self.unmet),
            *self.objections(),
        ]
        if Code.NOBODY_CAN_SIGN in self.unmet:
            parts.append(_node(Word.SOMEBODY_CAN_SIGN, False))  # noqa: FBT003 - what the node says
        parts.append(self.part(self.step.needs, 0))
        holding = all(part.satisfied for part in parts)
        return replace(
            _node(Word.STEP, holding, step=self.step.name, to=self.step.to), parts=tuple(parts)
        )

    def objections(self) -> Iterator[Node]:
        """Say whether objections block, and whose they are."""
        if self.step.block_at is None:
            return
        made = tuple(
            (each.party, each.role) for each in self.answers if each.decision is Decision.OBJECT
        )
        free = Code.OBJECTED not in self.unmet
        node = _node(
            Word.NO_OBJECTION, free,
            objections=self.case.standing(self.step).objections, block_at=self.step.block_at,
        )  # fmt: skip
        yield replace(node, awaited=() if free else made)

    def part(self, part: Part, first: int) -> Node:
        """Explain a part whose first leaf has this number."""
        if not isinstance(part, Group):
            return self.leaf(part, first)
        parts, at = [], first
        for each in part.parts:
            parts.append(self.part(each, at))
            at += width(each)
        satisfied = holds(part, self.counts[first:at], self.case.shape)
        if part.stage is None:
            return replace(_node(Word.ALL, satisfied), parts=tuple(parts))
        is_open = not self.reached.isdisjoint(range(first, at))
        node = _node(Word.STAGE, satisfied, stage=part.stage, open=int(is_open))
        return replace(node, parts=tuple(parts))

    def leaf(self, leaf: Leaf, number: int) -> Node:
        """Explain one leaf; one that asks for sign-offs names each party."""
        have, need = self.counts[number], leaf.needed(self.case.shape)
        satisfied = holds(leaf, (have,), self.case.shape)
        node = _leaf_node(leaf, satisfied, {"have": have, "need": need, "leaf": number})
        if not isinstance(leaf, (SignOffs, NamedSignOff)):
            return node
        seats = tuple(self.seats(leaf, number, satisfied=satisfied))
        awaited = tuple(
            (str(seat.named["party"]), leaf.role)
            for seat in seats
            if seat.code is Word.SEAT_WAITING
        )
        return replace(node, parts=seats, awaited=awaited)

    def seats(
        self, leaf: SignOffs | NamedSignOff, number: int, *, satisfied: bool
    ) -> Iterator[Node]:
        """Say of each party that the leaf asks how it has answered."""
        for party, (sort, capacities) in sorted(self.parties.items()):
            if not leaf.asks(Seat(party, leaf.role, capacities, sort)):
                continue
            answer = self.answer(party, leaf.role)
            word = self.word(answer, number, satisfied=satisfied)
            # What a leaf that holds does not need is no reason against the step.
            fine = satisfied or word is Word.SEAT_SIGNED
            yield _node(word, fine, party=party, role=leaf.role, **_answer_params(answer))

    def answer(self, party: str, role: str) -> Answered | None:
        """Find how a party answered in a role: one approval of several roles is enough."""
        given = [a for a in self.answers if a.party == party and role_covers(role, a.role)]
        return min(given, key=lambda a: a.decision is not Decision.APPROVE, default=None)

    def word(self, answer: Answered | None, number: int, *, satisfied: bool) -> Word:
        """Name what a seat's answer, or its absence, means."""
        if answer is not None:
            signed = answer.decision is Decision.APPROVE
            return Word.SEAT_SIGNED if signed else Word.SEAT_OBJECTED
        if satisfied:
            return Word.SEAT_NOT_NEEDED
        open_now = self.is_open and number in self.reached and not self.case.awaits_revision
        return Word.SEAT_WAITING if open_now else Word.SEAT_NOT_OPEN


def _answer_params(answer: Answered | None) -> dict[str, Param]:
    if answer is None:
        return {}
    params: dict[str, Param] = {"signed_role": answer.role, "person": answer.person}
    if answer.at is not None:
        params["at"] = answer.at.isoformat()
    return params


def _leaf_node(leaf: Leaf, satisfied: bool, count: dict[str, Param]) -> Node:  # noqa: FBT001 - as a node says it
    match leaf:
        case EvidenceCount(type=of_type, verified=verified):
            return _node(Word.EVIDENCE, satisfied, type=of_type, verified=int(verified), **count)
        case FieldFilled(name=name):
            return _node(Word.FIELD, satisfied, field=name, **count)
        case NamedSignOff(party=party, role=role):
            return _node(Word.SIGNOFF, satisfied, party=party, role=role, **count)
        case SignOffs(role=role, capacities=capacities):
            return _node(
                Word.SIGNOFFS, satisfied, role=role, capacities=", ".join(capacities),
                sort=leaf.sort or "", everyone=int(leaf.at_least is None), **count,
            )  # fmt: skip


def _describe(part: Part) -> Node:
    if isinstance(part, Group):
        node = _node(Word.ALL, True) if part.stage is None else _node(  # noqa: FBT003 - nothing is judged
            Word.STAGE, True, stage=part.stage  # noqa: FBT003 - nothing is judged
        )  # fmt: skip
        return replace(node, parts=tuple(_describe(each) for each in part.parts))
    return _leaf_node(part, True, _asked(part))  # noqa: FBT003 - nothing is judged


def _asked(leaf: Leaf) -> dict[str, Param]:
    match leaf:
        case EvidenceCount(count=count):
            return {"need": count}
        case SignOffs(at_least=int(at_least)):
            return {"need": at_least}
        case _:
            return {}


def _node(code: Word, satisfied: bool, **params: Param) -> Node:  # noqa: FBT001 - as a node says it
    return Node(code, satisfied, tuple(sorted(params.items())))
