"""Lints what a step asks for: numbers, observers, duplicates, silence and objections."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from workflow.domain.definition import StepRule
from workflow.domain.findings import Fault, Finding, Level
from workflow.domain.leaf import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    NamedSignOff,
    PartiesPresent,
    SignOffs,
    Silence,
)
from workflow.domain.lint_places import Placed, PlacedRule
from workflow.domain.requirement import Group, Leaf, Part, leaves, role_covers

OBSERVER = "observer"
SECRETARIAT = "secretariat"
"""It carries out what others have signed, and stands in for nobody."""


def lint_asks(rule: PlacedRule) -> Iterator[Finding]:
    """Find what can never be given, is given by nobody, or is asked twice."""
    for placed, group in rule.groups:
        yield from _group(placed, group)
    for placed, leaf in rule.leaves:
        yield from _leaf(placed, leaf)
    yield from _nobody_acts(rule)
    yield from _twice_in_lists(rule.said, rule.place)
    yield from _objections(rule)
    for placed, leaf in rule.leaves:
        if isinstance(leaf, Silence):
            yield from _silence(rule.step, placed, leaf)


def _group(placed: Placed, group: Group) -> Iterator[Finding]:
    if group.needed > len(group.parts):
        yield Finding(
            Fault.TOO_MANY,
            f"{placed.place}.at_least.count",
            f"needs {group.needed} of {len(group.parts)} parts",
            "Lower the count, or add parts.",
        )
    told = [each for at, each in enumerate(group.parts) if each in group.parts[:at]]
    if told and group.needed < len(group.parts):
        yield Finding(
            Fault.DUPLICATE,
            placed.place,
            "lists one part twice among alternatives, so that one act counts as two",
            "Keep it once.",
        )
    elif told:
        problem = "asks for the same part twice, and one act answers both"
        yield Finding(Fault.DUPLICATE, placed.place, problem, "Keep it once.", Level.WARNING)


def _leaf(placed: Placed, leaf: Leaf) -> Iterator[Finding]:
    place = placed.place
    capacities: tuple[str, ...] = () if isinstance(leaf, NamedSignOff) else getattr(
        leaf, "capacities", ()
    )  # fmt: skip
    asks = isinstance(leaf, SignOffs | Silence | PartiesPresent)
    if asks and not capacities:
        yield _nobody(place, "names no capacity, so it asks nobody", "Name one, such as lead.")
    if isinstance(leaf, ChildrenIn) and not leaf.states:
        yield _nobody(f"{place}.in", "names no state of the children", "Name one.")
    if OBSERVER in capacities and isinstance(leaf, SignOffs | Silence | EvidenceCount):
        yield _observer(place, "asks observers, who never count")
    if isinstance(leaf, SignOffs):
        yield from _numbers(place, leaf)


def _numbers(place: str, leaf: SignOffs) -> Iterator[Finding]:
    if leaf.sort and leaf.counting and leaf.sort != leaf.counting:
        yield _nobody(
            place,
            f"asks each {leaf.sort} and counts each {leaf.counting}, so nobody counts",
            "Leave out `sort` or `counting`.",
        )
    if leaf.more_than and leaf.at_least == Fraction(1):
        yield Finding(
            Fault.TOO_MANY,
            f"{place}.more_than",
            "needs more than all of them",
            "Leave it out: then every one is needed.",
        )


def _nobody_acts(rule: PlacedRule) -> Iterator[Finding]:
    step, place = rule.step, f"{rule.place}.needs"
    suggestion = "Ask for a sign-off, a silence or a document."
    if _holds_untouched(step.needs):
        how = "fires by itself" if step.fires_by_itself else "may be taken"
        problem = f"{how} although nobody has signed or shown anything"
        yield Finding(Fault.NEEDS_NOBODY, place, problem, suggestion)
    elif all(_asks_no_party(leaf) for _, leaf in rule.leaves):
        who = "whoever edits the proposal" if step.fires_by_itself else f"a {' or '.join(step.by)}"
        problem = f"lets {who} move the proposal on alone: no party signs or shows anything"
        yield Finding(Fault.NEEDS_NOBODY, place, problem, suggestion, Level.WARNING)


def _asks_no_party(leaf: Leaf) -> bool:
    """Say whether a leaf is met without a party's word. Source: DOMAIN.md, 'The life'."""
    if isinstance(leaf, SignOffs | NamedSignOff):
        return role_covers(SECRETARIAT, leaf.role)
    return isinstance(leaf, FieldFilled | DateReached | PartiesPresent)


def _holds_untouched(part: Part) -> bool:
    if isinstance(part, Group):
        held = sum(_holds_untouched(each) for each in part.parts)
        return held >= part.needed
    return isinstance(part, PartiesPresent) or (
        isinstance(part, DateReached) and part.on is not None
    )


def _twice_in_lists(said: Any, place: str) -> Iterator[Finding]:  # noqa: ANN401 - as written
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _twice_in_lists(value, f"{place}.{key}")
    elif isinstance(said, list) and all(isinstance(each, str) for each in said):
        for word in sorted({word for word in said if said.count(word) > 1}):
            problem = f"names {word!r} twice"
            yield Finding(Fault.DUPLICATE, place, problem, "Keep it once.", Level.WARNING)
    elif isinstance(said, list):
        for at, each in enumerate(said):
            yield from _twice_in_lists(each, f"{place}[{at}]")


def _objections(rule: PlacedRule) -> Iterator[Finding]:
    step, place = rule.step, f"{rule.place}.objections"
    if step.block_at is None:
        return
    if OBSERVER in step.objections_from:
        yield _observer(place, "lets observers object, who never block")
    if not step.objections_from:
        yield _unheard(place, "names nobody whose objection blocks", Level.ERROR)
        return
    asked = _may_object(step)
    if asked is not None and asked.isdisjoint(step.objections_from):
        problem = "can be made by nobody: none of these is asked to sign"
        yield _unheard(place, problem, Level.NOTE)


def _may_object(step: StepRule) -> frozenset[str] | None:
    """Give the capacities that have a seat; None where a party is named, whatever its capacity."""
    asking = [leaf for leaf in leaves(step.needs) if isinstance(leaf, SignOffs | Silence)]
    if any(isinstance(leaf, NamedSignOff) for leaf in leaves(step.needs)):
        return None
    return frozenset(capacity for leaf in asking for capacity in leaf.capacities)


def _silence(step: StepRule, placed: Placed, leaf: Silence) -> Iterator[Finding]:
    if step.block_at is None:
        yield Finding(
            Fault.SILENCE,
            placed.place,
            "can be broken by nobody: objections to this step are only recorded",
            f"Say `objections: {{from: [{', '.join(leaf.capacities)}], block_at: 1}}`.",
        )
        return
    deaf = [each for each in leaf.capacities if each not in step.objections_from]
    if deaf and len(deaf) == len(leaf.capacities):
        yield Finding(
            Fault.SILENCE,
            f"{placed.place}.of",
            f"can be broken by nobody: the objection of a {' or '.join(deaf)} blocks nothing",
            "Name them under `objections: {from: ...}`.",
        )
    elif deaf:
        yield Finding(
            Fault.SILENCE,
            f"{placed.place}.of",
            f"asks each {' and '.join(deaf)}, whose objection blocks nothing",
            "Name them under `objections: {from: ...}`.",
            Level.WARNING,
        )


def _nobody(place: str, problem: str, suggestion: str) -> Finding:
    return Finding(Fault.ASKS_NOBODY, place, problem, suggestion)


def _observer(place: str, problem: str) -> Finding:
    return Finding(Fault.OBSERVER, place, problem, "Leave `observer` out.")


def _unheard(place: str, problem: str, level: Level) -> Finding:
    suggestion = "Name who is asked to sign, or leave the objections out."
    return Finding(Fault.OBJECTIONS, place, problem, suggestion, level)
