"""One proposal as a list shows it: its state, its parties, its figures and its next step."""

from dataclasses import dataclass
from datetime import datetime

from workflow.domain.definition import StepRule
from workflow.domain.explain import Node, explain
from workflow.domain.identity import Viewer
from workflow.domain.shape import CAPACITIES
from workflow.persistence.situations import Situation
from workflow.queries.amounts import Amount
from workflow.queries.dossier import answered
from workflow.queries.matrix import counts, statuses, yours_in
from workflow.queries.waits import Holders, Seats, mine


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal in a list; sign-offs and grid are those of its next main step."""

    reference: str
    kind: str
    summit: str
    titles: dict[str, str]
    state: str
    revision: int
    version: int
    changed_at: datetime
    parties: tuple[tuple[str, tuple[str, ...]], ...]
    """(code, capacities) pairs."""
    amounts: tuple[Amount, ...]
    signed: int
    needed: int
    grid: tuple[str, ...]
    """A status a seat, as in `matrix.Cell`."""
    waiting_on: tuple[str, ...]
    """Codes of the parties that something is waited for of."""
    mine: bool
    """The viewer can do now something that is waited for."""
    objections: int


def next_step(at: Situation) -> StepRule | None:
    """Give the main step that leads on from the present state."""
    steps = at.definition.open_steps(at.row.state)
    return next((step for step in steps if not step.side), None)


def capacities_of(at: Situation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the parties with their capacities, leading ones first."""
    parties = [
        (code, tuple(sorted(held, key=CAPACITIES.index))) for code, (_, held) in at.parties.items()
    ]
    return tuple(sorted(parties, key=lambda each: (CAPACITIES.index(each[1][0]), each[0])))


def make_card(
    viewer: Viewer, at: Situation, waiting: Seats, holders: Holders, titles: dict[str, str],
    worth: tuple[Amount, ...],
) -> Card:  # fmt: skip
    """Say where a proposal stands, to one viewer."""
    row, step = at.row, next_step(at)
    grid, signed, needed, objections = _progress(viewer, at, step, holders)
    return Card(
        reference=row.reference,
        kind=row.kind,
        summit=row.summit,
        titles=titles,
        state=row.state,
        revision=row.revision,
        version=row.version,
        changed_at=row.changed_at,
        parties=capacities_of(at),
        amounts=worth,
        signed=signed,
        needed=needed,
        grid=grid,
        waiting_on=tuple(sorted(waiting)),
        mine=any(True for _ in mine(viewer, at, waiting, holders)),
        objections=objections,
    )


def _progress(
    viewer: Viewer, at: Situation, step: StepRule | None, holders: Holders
) -> tuple[tuple[str, ...], int, int, int]:
    if step is None:
        return (), 0, 0, 0
    tree: Node = explain(at.case, step, at.parties, answered(at.live, {}))
    grid = statuses(tree, yours_in(viewer, at, step.name, tree, holders))
    return grid, *counts(tree), at.case.standing(step).objections


def is_blocked(at: Situation) -> bool:
    """Say whether objections stop the next step."""
    step = next_step(at)
    return step is not None and step.blocks(at.case.standing(step).objections)
