"""Says in English what has changed between two definitions."""

from functools import cache

from config.definitions import load_vocabulary
from workflow.domain.compare import Change, Changed, Value
from workflow.domain.explanation import Node
from workflow.domain.verdicts import Param
from workflow.domain.vocabulary import Vocabulary
from workflow.readings import Voice, read_node

_ADDED = {
    Changed.STATE_ADDED: "There is a new state, {after}",
    Changed.STEP_ADDED: "There is a new step, {after}",
    Changed.FIELD_ADDED: "There is a new field, {after}",
    Changed.NEED_ADDED: "It needs besides: {after}",
}
_REMOVED = {
    Changed.STATE_REMOVED: "The state {before} is no more",
    Changed.STEP_REMOVED: "The step {before} is no more",
    Changed.FIELD_REMOVED: "The field {before} is no more",
    Changed.NEED_REMOVED: "It no longer needs: {before}",
}
_CHANGED = {
    Changed.KIND: "The kind was {before} and is {after}",
    Changed.FIELD_TYPE: "The field {about} was of type {before} and is of type {after}",
    Changed.MATERIAL: "A new revision came from changing: {before}; now from changing: {after}",
    Changed.ENDS: "The states that end a proposal were: {before}; now: {after}",
    Changed.DELEGATION: "The longest chain of delegations was {before} and is {after}",
    Changed.FROM: "It started from {before} and starts from {after}",
    Changed.TO: "It led to {before} and leads to {after}",
    Changed.TAKEN_BY: "It was taken by {before} and is taken by {after}",
    Changed.REASON: "A reason was {before} and is {after}",
    Changed.SIDE: "It was {before} and is {after}",
    Changed.NEW_REVISION: "A new revision was {before} and is {after}",
    Changed.BARS: "Barred from signing were: {before}; now: {after}",
    Changed.PERSON: "One person signed {before} and signs {after}",
    Changed.OBJECTIONS_FROM: "Objections that block came from: {before}; now from: {after}",
    Changed.BLOCK_AT: "It was stopped by {before} and is stopped by {after}",
    Changed.DELAY: "Its effect was: {before}; now: {after}",
    Changed.NEED_CHANGED: "It needed: {before}; now: {after}",
    Changed.NEED_MOVED: "It needs in another place: {about}; it was {before} and is {after}",
    Changed.ALTERNATIVES: "Of alternatives it needed: {before}; now: {after}",
    Changed.STAGES: "Its stages were: {before}; now: {after}",
    Changed.LABELS: "The label of {about} was “{before}” and is “{after}”",
    Changed.MEANING: "The meaning of {about} was “{before}” and is “{after}”",
}
_SENTENCES = _ADDED | _REMOVED | _CHANGED

_SAID = {
    (Changed.TAKEN_BY, ("by-itself",)): "nobody, since it fires by itself",
    (Changed.SIDE, 0): "a main step",
    (Changed.SIDE, 1): "a side step, which waits for nobody",
    (Changed.NEW_REVISION, 0): "not asked for",
    (Changed.NEW_REVISION, 1): "asked for",
    (Changed.PERSON, "once"): "once, whatever roles they hold",
    (Changed.PERSON, "once-a-seat"): "once in each of their seats",
    (Changed.BLOCK_AT, None): "no objection, for they were only recorded",
    (Changed.BLOCK_AT, 1): "one objection",
    (Changed.DELAY, None): "at once",
    (Changed.NEED_MOVED, ()): "in no stage",
    (Changed.BARS, ()): "nobody",
    (Changed.OBJECTIONS_FROM, ()): "nobody",
    (Changed.MATERIAL, ()): "nothing",
}
"""What a value means where it is not said as it is."""


def change_text(change: Change) -> str:
    """Say a change in one sentence, the step first."""
    sentence = _SENTENCES[change.change].format(
        before=_said(change.change, change.before),
        after=_said(change.change, change.after),
        about=value_text(change.about),
    )
    return f"{change.step}: {sentence}." if change.step else f"{sentence}."


def value_text(value: Value) -> str | int | list[str] | None:
    """Say a value as JSON has it: a part of a rule as its reading."""
    if isinstance(value, Node):
        return _voice().say(read_node(value))
    return list(value) if isinstance(value, tuple) else value


def _said(change: Changed, value: Value) -> str:
    if not isinstance(value, Node) and (change, value) in _SAID:
        return _SAID[change, value]
    if change is Changed.BLOCK_AT:
        return f"{value} objections"
    if change is Changed.NEED_MOVED and isinstance(value, tuple):
        return f"in {', in '.join(value)}"
    said = value_text(value)
    return (", ".join(said) or "none") if isinstance(said, list) else str(said or "")


@cache
def _voice() -> Voice:
    vocabulary = Vocabulary.from_mapping(load_vocabulary())
    groups = {"role": "roles", "type": "evidence", "stage": "stages", "capacities": "capacities"}

    def name_of(kind: str, value: Param) -> str:
        words = str(value).split(", ")
        group = groups.get(kind)
        names = [vocabulary.label(group, word, "en") if group else word for word in words]
        return " or ".join(names)

    return Voice(name_of=name_of)
