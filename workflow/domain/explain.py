"""The decision about a step as a tree for people: what holds, what is missing, who is awaited.

Every node asks `decide` and `requirement` for its answer and knows no rule of its own: the tree
has an unsatisfied part exactly when `decide.judge_step` has a reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, lacks, unmet
from workflow.domain.definition import StepRule
from workflow.domain.describe import describe, describe_delay, group_node, leaf_node
from workflow.domain.explanation import Answered, Node, Office, Word, all_nodes, make_node
from workflow.domain.requirement import (
    ChildrenIn,
    Group,
    Leaf,
    NamedSignOff,
    Part,
    Seat,
    SignOffs,
    Silence,
    holding,
    holds,
    open_leaves,
    placed,
    role_covers,
    width,
)
from workflow.domain.verdicts import Code, Param
from workflow.domain.waits import TakingPart

__all__ = ["Answered", "Node", "Office", "Word", "all_nodes", "describe", "explain"]

_AWAITED = (Word.SEAT_WAITING, Word.SEAT_AD_REFERENDUM, Word.SEAT_ON_PAPER)


def explain(
    case: Case, step: StepRule, parties: TakingPart, answers: Iterable[Answered] = ()
) -> Node:
    """Explain a step of a proposal as it stands."""
    return _Teller(case, step, parties, tuple(answers)).root()


class _Teller:
    """Walks one step's rule with the counts at hand."""

    def __init__(
        self, case: Case, step: StepRule, parties: TakingPart, answers: tuple[Answered, ...]
    ) -> None:
        self.case, self.step, self.parties = case, step, parties
        self.answers = [answer for answer in answers if answer.step == step.name]
        self.counts = case.counts(step)
        self.reached = frozenset(open_leaves(step.needs, self.counts, case.shape))
        self.lacking = {reason.code for reason in lacks(case, step)}
        self.is_open = case.state in step.sources

    def root(self) -> Node:
        """Explain the step as a whole: what concerns all of it, then its rule."""
        # Once irrevocably scheduled, the rule has done its part, whatever became of it since.
        settled = not self.lacking
        parts = [
            make_node(Word.OPEN_HERE, satisfied=self.is_open, state=self.case.state),
            make_node(Word.REVISION_PRESENT, satisfied=Code.REVISION_AWAITED not in self.lacking),
            *self.objections(),
        ]
        if Code.NOBODY_CAN_SIGN in self.lacking:
            parts.append(make_node(Word.SOMEBODY_CAN_SIGN, satisfied=False))
        if Code.WOULD_BE_UNDONE in self.lacking:
            parts.append(make_node(Word.LASTS, satisfied=False))
        parts += [self.part(self.step.needs, 0, needed=not settled), *self.effect()]
        node = make_node(
            Word.STEP, satisfied=all(part.satisfied for part in parts),
            step=self.step.name, to=self.step.to,
        )  # fmt: skip
        return replace(node, parts=tuple(parts))

    def objections(self) -> Iterator[Node]:
        """Say whether objections block, and whose they are."""
        if self.step.block_at is None:
            return
        made = tuple(
            (each.party, each.role)
            for each in self.answers
            if each.decision is Decision.OBJECT and each.weighs
        )
        free = Code.OBJECTED not in self.lacking
        node = make_node(
            Word.NO_OBJECTION, satisfied=free,
            objections=self.case.standing(self.step).objections, block_at=self.step.block_at,
        )  # fmt: skip
        yield replace(node, awaited=() if free else made)

    def effect(self) -> Iterator[Node]:
        """Say when the step takes effect, where that is later than when it is satisfied."""
        day = self.case.day(self.step)
        node = describe_delay(
            self.step,
            satisfied=not unmet(self.case, self.step),
            on=day.due_on.isoformat() if day else "",
        )
        if node is not None:
            yield node

    def part(self, part: Part, first: int, *, needed: bool) -> Node:
        """Explain a part whose first leaf has this number."""
        if not isinstance(part, Group):
            return self.leaf(part, first, needed=needed)
        held = holds(part, self.counts, self.case.shape, first)
        inside = needed and not (held and part.at_least is not None)
        parts = tuple(self.part(each, at, needed=inside) for each, at in placed(part, first))
        node = replace(self.group(part, first, held=held, needed=needed), parts=parts)
        if part.stage is None:
            return node
        is_open = not self.reached.isdisjoint(range(first, first + width(part)))
        staged = make_node(
            Word.STAGE, satisfied=node.satisfied, stage=part.stage, open=int(is_open)
        )
        return replace(staged, parts=parts if part.at_least is None else (node,))

    def group(self, part: Group, first: int, *, held: bool, needed: bool) -> Node:
        """Explain a group but for its parts."""
        have = holding(part, self.counts, self.case.shape, first)
        return group_node(
            part, satisfied=held or not needed, have=have, **_not_needed(held, needed=needed)
        )

    def leaf(self, leaf: Leaf, number: int, *, needed: bool) -> Node:
        """Explain one leaf; one that asks for sign-offs names each party."""
        have, need = self.counts[number], leaf.needed(self.case.shape)
        held = have >= need
        counted = {**_numbers(leaf, have, need), "leaf": number, **self.until(number)}
        node = leaf_node(
            leaf, {**counted, **_not_needed(held, needed=needed)}, satisfied=held or not needed
        )
        if not isinstance(leaf, SignOffs | NamedSignOff | Silence):
            return node
        seats = tuple(self.seats(leaf, number, satisfied=node.satisfied))
        awaited = tuple(
            (str(seat.named["party"]), str(seat.named.get("signed_role", leaf.role)))
            for seat in seats
            if seat.code in _AWAITED
        )
        can_act = self.can_act(number) and not node.satisfied
        return replace(node, parts=seats, awaited=awaited if can_act else ())

    def can_act(self, number: int) -> bool:
        """Say whether anybody can sign for a leaf now."""
        return self.is_open and number in self.reached and not self.case.awaits_revision

    def until(self, number: int) -> dict[str, Param]:
        """Give the leaf's deadline, where it has one."""
        day = self.case.day(self.step, number)
        return {"until": day.due_on.isoformat()} if day else {}

    def seats(
        self, leaf: SignOffs | NamedSignOff | Silence, number: int, *, satisfied: bool
    ) -> Iterator[Node]:
        """Say of each party that the leaf asks how it has answered."""
        for party, (sort, capacities) in sorted(self.parties.items()):
            seat = Seat(party, leaf.role, capacities, sort)
            if not leaf.asks(seat):
                continue
            answer = self.answer(leaf, seat)
            word = self.word(answer, number, satisfied=satisfied)
            # Who is asked by a silence consents by saying nothing.
            silent = {"silent": 1} if isinstance(leaf, Silence) and answer is None else {}
            # What a leaf that holds does not need is no reason against the step.
            fine = satisfied or bool(silent)
            fine = fine or (answer is not None and _is_given(leaf, seat, answer))
            yield make_node(
                word, satisfied=fine, party=party, role=leaf.role, **silent,
                **_answer_params(answer),
            )  # fmt: skip

    def answer(self, leaf: SignOffs | NamedSignOff | Silence, seat: Seat) -> Answered | None:
        """Find how a party answered in a role: one of several roles that gives it is enough."""
        given = [
            each
            for each in self.answers
            if each.party == seat.party and role_covers(seat.role, each.role)
        ]
        return min(given, key=lambda each: not _is_given(leaf, seat, each), default=None)

    def word(self, answer: Answered | None, number: int, *, satisfied: bool) -> Word:
        """Name what a seat's answer, or its absence, means."""
        if answer is not None:
            return answer.word
        if satisfied:
            return Word.SEAT_NOT_NEEDED
        return Word.SEAT_WAITING if self.can_act(number) else Word.SEAT_NOT_OPEN


def _is_given(leaf: SignOffs | NamedSignOff | Silence, seat: Seat, answer: Answered) -> bool:
    """Say whether the seat has given what the leaf asks of it, even where it does not count."""
    counts = not isinstance(leaf, Silence) and leaf.counts(seat, answer.decision)
    return answer.weighs and (answer.decision.approves or counts)


def _numbers(leaf: Leaf, have: int, need: int) -> dict[str, Param]:
    """Give how far a leaf has come; of children, what the rule says: some may be hidden."""
    if isinstance(leaf, ChildrenIn):
        return {} if leaf.at_least is None else {"need": leaf.at_least}
    return {"have": have, "need": need}


def _not_needed(held: bool, *, needed: bool) -> dict[str, Param]:  # noqa: FBT001 - two plain facts
    return {} if held or needed else {"not_needed": 1}


def _answer_params(answer: Answered | None) -> dict[str, Param]:
    if answer is None:
        return {}
    params: dict[str, Param] = {"signed_role": answer.role, "person": answer.person}
    if answer.holder:
        params["holder"] = answer.holder
    if answer.decision is Decision.OBJECT and not answer.weighs:
        params["late"] = 1
    if answer.at is not None:
        params["at"] = answer.at.isoformat()
    return params
