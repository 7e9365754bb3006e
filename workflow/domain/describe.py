"""A rule as a tree of nodes without counts: what a step asks for of any proposal."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from workflow.domain.deadlines import Span
from workflow.domain.definition import StepRule
from workflow.domain.explanation import Node, Word, make_node
from workflow.domain.leaf import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Leaf,
    NamedSignOff,
    PartiesPresent,
    SignOffs,
    Silence,
)
from workflow.domain.requirement import Group, Part
from workflow.domain.verdicts import Param

Counted = Mapping[str, Param]
"""How far a leaf has come: have, need, leaf; in a description, need alone."""


def describe(step: StepRule) -> Node:
    """Describe what a step asks for of any proposal: the tree of its rule, without counts."""
    return describe_part(step.needs)


def describe_delay(step: StepRule, *, satisfied: bool, on: str = "") -> Node | None:
    """Say when a step takes effect; None where it does at once. `on` is the day, once known."""
    if step.delay is None:
        return None
    return make_node(
        Word.IN_EFFECT, satisfied=satisfied, on=on, place=step.delay.place,
        irrevocable=int(step.delay.irrevocable), **_span(step.delay.span),
    )  # fmt: skip


def group_node(group: Group, *, satisfied: bool, have: int | None = None, **params: Param) -> Node:
    """Say that all of the parts must hold, or so many."""
    if group.at_least is None:
        return make_node(Word.ALL, satisfied=satisfied, **params)
    counted: dict[str, Param] = {} if have is None else {"have": have}
    return make_node(
        Word.AT_LEAST, satisfied=satisfied, need=group.at_least, of=len(group.parts),
        **counted, **params,
    )  # fmt: skip


def leaf_node(leaf: Leaf, counted: Counted, *, satisfied: bool) -> Node:
    """Say what a leaf asks for."""
    code, params = _signing(leaf) if isinstance(leaf, _SIGNING) else _fact(leaf)
    return make_node(code, satisfied=satisfied, **{**params, **counted})


_SIGNING = (SignOffs, NamedSignOff, Silence)


def _signing(leaf: SignOffs | NamedSignOff | Silence) -> tuple[Word, dict[str, Param]]:
    match leaf:
        case NamedSignOff(party=party, role=role):
            return Word.SIGNOFF, {
                "party": party, "role": role, "abstentions": int(leaf.abstentions_count),
            }  # fmt: skip
        case Silence(role=role, capacities=capacities):
            return Word.SILENCE, {
                "role": role, "capacities": ", ".join(capacities), "sort": leaf.sort or "",
                "place": leaf.place, **_span(leaf.span),
            }  # fmt: skip
        case SignOffs(role=role, capacities=capacities, at_least=at_least):
            share = str(at_least) if isinstance(at_least, Fraction) else ""
            return Word.SIGNOFFS, {
                "role": role, "capacities": ", ".join(capacities), "sort": leaf.sort or "",
                "everyone": int(at_least is None), "share": share,
                "more_than": int(leaf.more_than), "counting": leaf.counting or "",
                "abstentions": int(leaf.abstentions_count),
            }  # fmt: skip


def _fact(leaf: Leaf) -> tuple[Word, dict[str, Param]]:
    match leaf:
        case EvidenceCount(type=of_type, capacities=capacities):
            return Word.EVIDENCE, {
                "type": of_type, "verified": int(leaf.verified), "count": leaf.count,
                "capacities": ", ".join(capacities), "sort": leaf.sort or "",
            }  # fmt: skip
        case FieldFilled(name=name):
            return Word.FIELD, {"field": name}
        case DateReached(place=place, field=field, on=on):
            return Word.DATE, {
                "place": place, "field": field or "", "on": on.isoformat() if on else "",
            }  # fmt: skip
        case ChildrenIn(states=states, at_least=at_least):
            return Word.CHILDREN, {
                "states": ", ".join(states), "everyone": int(at_least is None),
            }  # fmt: skip
        case PartiesPresent(capacities=capacities):
            return Word.PARTIES, {
                "capacities": ", ".join(capacities), "sort": leaf.sort or "",
            }  # fmt: skip
        case _:
            raise AssertionError(leaf)


def describe_part(part: Part) -> Node:
    """Describe a part of a rule, without counts."""
    if not isinstance(part, Group):
        return leaf_node(part, _asked(part), satisfied=True)
    parts = tuple(describe_part(each) for each in part.parts)
    node = replace(group_node(part, satisfied=True), parts=parts)
    if part.stage is None:
        return node
    staged = make_node(Word.STAGE, satisfied=True, stage=part.stage)
    return replace(staged, parts=parts if part.at_least is None else (node,))


def _asked(leaf: Leaf) -> Counted:
    match leaf:
        case EvidenceCount(count=count) if not leaf.capacities:
            return {"need": count}
        case SignOffs(at_least=int(at_least)) | PartiesPresent(at_least=at_least):
            return {"need": at_least}
        case ChildrenIn(at_least=int(at_least)):
            return {"need": at_least}
        case _:
            return {}


def _span(span: Span) -> dict[str, Param]:
    return {"months": span.months} if span.months else {"days": span.days}
