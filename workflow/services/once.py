"""Carries out an order on one proposal once, however often its idempotency key is sent."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from workflow.domain.identity import Caller
from workflow.domain.verdicts import Outcome
from workflow.persistence.idempotency import recall, remember
from workflow.services.change import Change, Work, as_sent, not_found, open_change
from workflow.services.runtime import Runtime


class Order(Protocol):
    """What an order on one proposal says, whatever else it says."""

    @property
    def reference(self) -> str:
        """Give the proposal."""

    @property
    def idempotency_key(self) -> str | None:
        """Give the caller's key."""


O = TypeVar("O", bound=Order)  # noqa: E741 - an order


def once(
    runtime: Runtime, caller: Caller, order: O, act: Callable[[Change, Work, O], Outcome]
) -> Outcome:
    """Lock the proposal, then answer as the key was answered before, or act and remember."""
    with runtime.uow.write() as tx:
        change = open_change(tx, caller)
        work = change.open([order.reference]).get(order.reference)
        known = recall(tx, caller.person_id, order.idempotency_key, order)
        if known is not None:
            return as_sent(known, order.reference)
        outcome = not_found(order.reference) if work is None else act(change, work, order)
        if not outcome.granted:
            # What was due came first, and is not undone because the act is refused.
            change.write()
        remember(tx, caller.person_id, order.idempotency_key, order, outcome)
        return outcome
