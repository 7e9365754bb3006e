"""Lints the states of a definition and the ways between them."""

from collections.abc import Iterable, Iterator

from workflow.domain.definition import PROPOSED, Definition, StepRule
from workflow.domain.findings import Fault, Finding, Level

AGREED, IMPLEMENTED, SUSPENDED = "agreed", "implemented", "suspended"
ENDS = frozenset({IMPLEMENTED, "declined", "withdrawn", "discontinued", "superseded"})
"""States in which a proposal of any kind may stay for good."""


def ends_of(definition: Definition) -> frozenset[str]:
    """Give the states in which a proposal may stay; what is never implemented ends agreed."""
    own = definition.ends if IMPLEMENTED in definition.states else definition.ends | {AGREED}
    return (ENDS | own) & definition.states.keys()


def lint_ways(definition: Definition) -> Iterator[Finding]:
    """Find states that cannot be reached, left or undone, and steps that could run in circles."""
    steps = tuple(definition.steps.values())
    reached = reachable({PROPOSED}, steps)
    yield from _unreachable(definition, reached)
    yield from _dead_ends(definition, reached)
    yield from _no_way_back(definition, reached)
    yield from _circles(steps)
    for step in steps:
        yield from _of_step(step)


def reachable(starts: Iterable[str], steps: Iterable[StepRule]) -> set[str]:
    """Give the states that steps lead to from some, those included."""
    ways = list(steps)
    reached = set(starts)
    ahead = list(reached)
    while ahead:
        state = ahead.pop()
        further = {step.to for step in ways if state in step.sources} - reached
        reached |= further
        ahead += further
    return reached


def _unreachable(definition: Definition, reached: set[str]) -> Iterator[Finding]:
    for state in definition.states:
        if state not in reached:
            yield Finding(
                Fault.UNREACHABLE,
                f"states.{state}",
                f"no proposal ever gets to {state!r}: no way from {PROPOSED!r} leads there",
                f"Add a step to it, or leave it out with `{state}: null`.",
            )


def _dead_ends(definition: Definition, reached: set[str]) -> Iterator[Finding]:
    steps, ends = definition.steps.values(), ends_of(definition)
    for state in definition.states:
        if state not in reached or not ends.isdisjoint(reachable({state}, steps)):
            continue
        leaves = any(state in step.sources and step.to != state for step in steps)
        why = "no way out of it leads to an end" if leaves else "no step leaves it"
        yield Finding(
            Fault.DEAD_END,
            f"states.{state}",
            f"a proposal that gets to {state!r} stays there for good: {why}",
            f"Add a step out of it, or name it as an end: `ends: [{state}]`.",
        )


def _no_way_back(definition: Definition, reached: set[str]) -> Iterator[Finding]:
    steps = definition.steps.values()
    leaving = {state: [s for s in steps if state in s.sources] for state in definition.states}
    onward = {AGREED, IMPLEMENTED}
    if all(step.to in onward for step in leaving[PROPOSED]):
        yield _one_way(
            PROPOSED,
            "a text that nobody wants can be neither returned, declined nor withdrawn",
            "Add a step such as `return`, `decline` or `withdraw`.",
        )
    if IMPLEMENTED in reached and not leaving[IMPLEMENTED]:
        yield _one_way(
            IMPLEMENTED,
            "what was recorded as implemented by mistake stays so for good",
            "Add a step such as `reopen` from it.",
        )
    before = {state for step in steps if step.to == SUSPENDED for state in step.sources}
    if SUSPENDED in reached and before.isdisjoint(reachable({SUSPENDED}, steps) - {SUSPENDED}):
        yield _one_way(
            SUSPENDED, "what is suspended can never go on", "Add a step such as `resume` from it."
        )


def _one_way(state: str, problem: str, suggestion: str) -> Finding:
    place = f"states.{state}"
    return Finding(Fault.NO_WAY_BACK, place, problem, suggestion, Level.WARNING)


def _circles(steps: tuple[StepRule, ...]) -> Iterator[Finding]:
    """Find automatic steps that lead back to where they start. Source: DOMAIN.md, 'By itself'."""
    automatic = [step for step in steps if step.fires_by_itself]
    ahead = {step.to: reachable({step.to}, automatic) for step in automatic}
    told: set[str] = set()
    for step in automatic:
        if step.name in told or step.sources.isdisjoint(ahead[step.to]):
            continue
        circle = {each.to for each in automatic if each.to in ahead[step.to]}
        circle = {state for state in circle if step.to in ahead[state]}
        names = [e.name for e in automatic if e.to in circle and not circle.isdisjoint(e.sources)]
        told.update(names)
        yield Finding(
            Fault.AUTOMATIC_CYCLE,
            f"steps.{step.name}.fires",
            f"could come to a state twice without anybody acting: {', '.join(names)}",
            "Let one of these be taken by hand with `by:`.",
        )


def _of_step(step: StepRule) -> Iterator[Finding]:
    place = f"steps.{step.name}"
    if not step.sources:
        yield Finding(
            Fault.UNREACHABLE,
            f"{place}.from",
            "starts from no state, so nobody can ever take it",
            "Name the states it starts from.",
        )
    if step.wants_new_revision and step.to != PROPOSED:
        yield Finding(
            Fault.REVISION_ELSEWHERE,
            f"{place}.then",
            f"waits for a new revision in {step.to!r}, where no text can be changed",
            f"Let the step lead to {PROPOSED!r}.",
        )
    if step.delay is not None and step.to in step.sources:
        yield Finding(
            Fault.DELAY_IN_PLACE,
            f"{place}.delay",
            f"puts off a step that leads from {step.to!r} to {step.to!r}",
            "Leave the delay out.",
            Level.WARNING,
        )
