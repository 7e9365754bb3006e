"""Compares two definitions rule by rule: what a lawyer would say has changed.

A change names its step ('' where it is of the whole kind), what sort of thing changed, and what
it was and is: a word, a number, a list, or a node that a reading can say. Labels come last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from workflow.domain.compare_needs import Differing, compare_needs
from workflow.domain.definition import Definition, StepRule
from workflow.domain.describe import describe_delay, describe_part
from workflow.domain.requirement import leaves
from workflow.domain.vocabulary import LANGUAGES, Labels

if TYPE_CHECKING:
    from workflow.domain.explanation import Node

Value: TypeAlias = "Node | str | int | tuple[str, ...] | None"


class Changed(StrEnum):
    """What sort of thing changed."""

    KIND = "kind"
    STATE_ADDED = "state-added"
    STATE_REMOVED = "state-removed"
    STEP_ADDED = "step-added"
    STEP_REMOVED = "step-removed"
    FIELD_ADDED = "field-added"
    FIELD_REMOVED = "field-removed"
    FIELD_TYPE = "field-type"
    MATERIAL = "material"
    ENDS = "ends"
    DELEGATION = "delegation"
    FROM = "from"
    TO = "to"
    TAKEN_BY = "taken-by"
    REASON = "reason"
    SIDE = "side"
    NEW_REVISION = "new-revision"
    BARS = "bars"
    PERSON = "person"
    OBJECTIONS_FROM = "objections-from"
    BLOCK_AT = "block-at"
    DELAY = "delay"
    NEED_ADDED = "need-added"
    NEED_REMOVED = "need-removed"
    NEED_CHANGED = "need-changed"
    NEED_MOVED = "need-moved"
    ALTERNATIVES = "alternatives"
    STAGES = "stages"
    LABELS = "labels"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; None stands for what was not there, or is there no longer."""

    step: str
    change: Changed
    before: Value
    after: Value
    about: "Node | str" = ""
    """The part of the rule that stands elsewhere now; or the name whose label or type changed."""


def compare(before: Definition, after: Definition) -> tuple[Change, ...]:
    """Give every difference, rules before labels, steps in the order of a proposal's life."""
    found = [*_whole(before, after), *_steps(before, after), *_labels(before, after)]
    return tuple(change for change in found if change.before != change.after)


def _whole(before: Definition, after: Definition) -> Iterator[Change]:
    yield Change("", Changed.KIND, before.kind, after.kind)
    yield from _names(Changed.STATE_REMOVED, Changed.STATE_ADDED, before.states, after.states)
    yield from _names(Changed.FIELD_REMOVED, Changed.FIELD_ADDED, before.fields, after.fields)
    for name in before.fields.keys() & after.fields.keys():
        was, now = before.fields[name].type, after.fields[name].type
        if was != now:
            yield Change("", Changed.FIELD_TYPE, was, now, name)
    yield _words("", Changed.MATERIAL, before.material, after.material)
    yield _words("", Changed.ENDS, before.ends, after.ends)
    yield Change("", Changed.DELEGATION, before.longest_chain, after.longest_chain)


def _names(
    removed: Changed, added: Changed, before: Iterable[str], after: Iterable[str]
) -> Iterator[Change]:
    was, now = list(before), list(after)
    yield from (Change("", removed, name, None) for name in was if name not in now)
    yield from (Change("", added, None, name) for name in now if name not in was)


def _words(step: str, change: Changed, before: Iterable[str], after: Iterable[str]) -> Change:
    return Change(step, change, tuple(sorted(before)), tuple(sorted(after)))


def _steps(before: Definition, after: Definition) -> Iterator[Change]:
    for name in before.steps:
        if name not in after.steps:
            yield Change(name, Changed.STEP_REMOVED, _way(before.steps[name]), None)
    for name, step in after.steps.items():
        if name in before.steps:
            yield from _step(before.steps[name], step)
        else:
            yield Change(name, Changed.STEP_ADDED, None, _way(step))
            for leaf in leaves(step.needs):
                yield Change(name, Changed.NEED_ADDED, None, describe_part(leaf))


def _way(step: StepRule) -> str:
    return f"{', '.join(sorted(step.sources))} → {step.to}"


def _step(was: StepRule, now: StepRule) -> Iterator[Change]:
    name = now.name
    yield _words(name, Changed.FROM, was.sources, now.sources)
    yield Change(name, Changed.TO, was.to, now.to)
    yield Change(name, Changed.TAKEN_BY, _takers(was), _takers(now))
    yield Change(name, Changed.REASON, _reason(was), _reason(now))
    yield Change(name, Changed.SIDE, int(was.side), int(now.side))
    yield Change(
        name, Changed.NEW_REVISION, int(was.wants_new_revision), int(now.wants_new_revision)
    )
    for each in compare_needs(was.needs, now.needs):
        yield Change(name, _NEEDS[each.how], each.before, each.after, each.part or "")
    yield _words(name, Changed.OBJECTIONS_FROM, was.objections_from, now.objections_from)
    yield Change(name, Changed.BLOCK_AT, was.block_at, now.block_at)
    yield _words(name, Changed.BARS, was.bars, now.bars)
    yield Change(name, Changed.PERSON, _person(was), _person(now))
    yield Change(
        name,
        Changed.DELAY,
        describe_delay(was, satisfied=True),
        describe_delay(now, satisfied=True),
    )


_NEEDS = {
    Differing.ADDED: Changed.NEED_ADDED,
    Differing.REMOVED: Changed.NEED_REMOVED,
    Differing.CHANGED: Changed.NEED_CHANGED,
    Differing.MOVED: Changed.NEED_MOVED,
    Differing.ALTERNATIVES: Changed.ALTERNATIVES,
    Differing.STAGES: Changed.STAGES,
}


def _takers(step: StepRule) -> tuple[str, ...]:
    return ("by-itself",) if step.fires_by_itself else tuple(sorted(step.by))


def _reason(step: StepRule) -> str:
    return "required" if step.reason_required else "optional"


def _person(step: StepRule) -> str:
    return "once" if step.person_once else "once-a-seat"


def _labels(before: Definition, after: Definition) -> Iterator[Change]:
    yield from _texts("", Changed.LABELS, before.kind, before.labels, after.labels)
    tables = (
        (before.states, after.states, Changed.LABELS),
        (before.meaning, after.meaning, Changed.MEANING),
        (_labels_of(before), _labels_of(after), Changed.LABELS),
    )
    for was, now, change in tables:
        for name in now:
            if name in was or change is Changed.MEANING:
                yield from _texts("", change, name, was.get(name, {}), now[name])
    for name, step in after.steps.items():
        if name in before.steps:
            yield from _texts(name, Changed.LABELS, name, before.steps[name].labels, step.labels)
            yield from _texts(name, Changed.MEANING, name, before.steps[name].meaning, step.meaning)


def _labels_of(definition: Definition) -> Mapping[str, Labels]:
    return {name: rule.labels for name, rule in definition.fields.items()}


def _texts(step: str, change: Changed, name: str, was: Labels, now: Labels) -> Iterator[Change]:
    for language in LANGUAGES:
        about = f"{name} ({language})"
        yield Change(step, change, was.get(language), now.get(language), about)
