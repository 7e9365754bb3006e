"""One shared `transitions.Machine` a definition edition; it owns the topology, never a model.

Traps of the library that this shape avoids (HOUSE.md): a callback given as a string would be
imported and called, so names from YAML never reach it; auto transitions would bypass the guard;
models are never registered, since `add_model` overwrites a loaded state and costs O(n²).
"""

from collections.abc import Callable

from transitions import EventData, Machine

from workflow.domain.definition import PROPOSED, Definition
from workflow.domain.verdicts import Refusal

Guard = Callable[[], tuple[Refusal, ...]]


class Move:
    """The small mutable object that one trigger moves; `refusals` is what its guard said."""

    __slots__ = ("guard", "refusals", "state")

    def __init__(self, state: str, guard: Guard) -> None:
        """Start in a state, with the guard that gathers every refusal."""
        self.state = state
        self.guard = guard
        self.refusals: tuple[Refusal, ...] = ()


def move(definition: Definition, step: str, state: str, guard: Guard) -> Move:
    """Try a step that is open in the state; the state changes only if the guard is silent."""
    holder = Move(state, guard)
    machine_of(definition).events[step].trigger(holder)
    return holder


def _guard_is_silent(event: EventData) -> bool:
    holder = event.model
    assert isinstance(holder, Move)  # noqa: S101 - `move` triggers nothing else
    holder.refusals = holder.guard()
    return not holder.refusals


_machines: dict[str, Machine] = {}
"""Machines by their edition's digest; editions are immutable, so none grows stale."""


def machine_of(definition: Definition) -> Machine:
    """Give the one machine of an edition, built on first use."""
    machine = _machines.get(definition.digest)
    if machine is None:
        machine = _machines[definition.digest] = _build(definition)
    return machine


def _build(definition: Definition) -> Machine:
    return Machine(
        model=None,
        states=list(definition.states),
        initial=PROPOSED,
        transitions=[
            {
                "trigger": step.name,
                "source": sorted(step.sources),
                "dest": step.to,
                "conditions": [_guard_is_silent],
            }
            for step in definition.steps.values()
        ],
        auto_transitions=False,
        send_event=True,
    )
