"""Keeps what a parent knows of its children, in the transaction of the child's act.

The parent's own step is fired by the due work: the child's act must not wait for locks that a
whole portfolio is waiting for. Source: DOMAIN.md, 'By itself'.
"""

from collections.abc import Mapping
from datetime import datetime

from workflow.domain.deadlines import LOOK, Due
from workflow.domain.decide import next_by_itself
from workflow.domain.requirement import ChildrenIn, leaves
from workflow.domain.shape import write_shape
from workflow.domain.standing import StepStanding, read_standing, write_standing
from workflow.persistence import deadlines, families, proposals, waiting
from workflow.persistence.deadlines import Kept
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.services.calendar import scheduling
from workflow.services.moments import looked_at_last, settled_until
from workflow.services.work import awaited_of


def roll_up(tx: Tx, parents: Mapping[int, datetime]) -> None:
    """Count the children of these proposals anew; what that satisfies is left to the due work.

    `parents` says when the last of a proposal's children moved: then it is that it moves, too.
    """
    ids = sorted(parents)
    if not ids:
        return
    situations = read_situations(tx, proposals.lock_ids(tx, ids))
    rolling = [at for at in situations.values() if at.definition.rolls_up]
    children = families.children_of(tx, [at.row.id for at in rolling])
    for at in rolling:
        _recount(at, children.get(at.row.id, {}))
        _call(at, looked_at_last(at, parents[at.row.id]))
        at.as_of = settled_until(at)
    families.write_standings(tx, [at.row for at in rolling])
    deadlines.rewrite(tx, {at.row.id: at.deadlines for at in rolling})
    waiting.rewrite(tx, {at.row.id: awaited_of(at) for at in rolling})


def _recount(at: Situation, children: Mapping[str, int]) -> None:
    at.row.shape = write_shape(at.parties, sum(children.values()))
    standings = dict(read_standing(at.row.standing))
    for step in at.definition.steps.values():
        counts = list(at.case.standing(step).counts)
        for number, leaf in enumerate(leaves(step.needs)):
            if isinstance(leaf, ChildrenIn):
                counts[number] = sum(children.get(state, 0) for state in leaf.states)
        objections = at.case.standing(step).objections
        standings[step.name] = StepStanding(tuple(counts), objections)
    at.row.standing = write_standing(standings)


def _call(at: Situation, moment: datetime) -> None:
    """Ask the due work to look at each step that is taken or scheduled anew as of that moment.

    A look that is asked for already stays: what it is to find was there before.
    """
    moving = {step.name for step, _ in scheduling(at)}
    firing = next_by_itself(at.case)
    for step in at.definition.open_steps(at.row.state):
        place, kept = (step.name, LOOK), at.deadlines.get((step.name, LOOK))
        if step.name not in moving and step is not firing:
            at.deadlines.pop(place, None)
        elif kept is None or kept.handled_at is not None:
            at.deadlines[place] = Kept(Due(moment, moment.date(), moment))
