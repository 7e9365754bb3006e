"""The lanes between the columns, in an order in which few lines cross."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.export.definition_columns import Columns, Place
from workflow.export.definition_diagram import DrawnStep


@dataclass(frozen=True, slots=True)
class Lane:
    """A step's vertical line, with the heights at which it meets lines of either column."""

    step: DrawnStep
    left: tuple[int, ...]
    right: tuple[int, ...]
    end: int
    """The height at which the step reaches its state."""
    ends_left: bool

    @property
    def heights(self) -> tuple[int, ...]:
        """Give every height at which something joins, top to bottom."""
        return tuple(sorted((*self.left, *self.right)))

    def passes(self, y: int) -> bool:
        """Say whether the lane's vertical line runs through a height."""
        return self.heights[0] <= y <= self.heights[-1]


def lanes_of(columns: Columns) -> tuple[Lane, ...]:
    """Give the lanes of all steps that have a line beside the spine, left to right."""
    made = [_lane(columns, step) for step in columns.diagram.steps if columns.beside(step)]
    return tuple(_in_good_order(made))


def _lane(columns: Columns, step: DrawnStep) -> Lane:
    left, right = _heights(columns.left, step), _heights(columns.right, step)
    ends_left = any(place.state.name == step.to for place in columns.left)
    end = next(
        row.y
        for place in (*columns.left, *columns.right)
        for row in place.rows
        if row.step is step and row.words is None
    )
    return Lane(step, left, right, end, ends_left)


def _heights(places: Sequence[Place], step: DrawnStep) -> tuple[int, ...]:
    return tuple(row.y for place in places for row in place.rows if row.step is step)


def _in_good_order(lanes: list[Lane]) -> list[Lane]:
    """Swap neighbours as long as that saves a crossing; each swap saves one, so it ends."""
    swapped = True
    while swapped:
        swapped = False
        for at in range(len(lanes) - 1):
            one, other = lanes[at], lanes[at + 1]
            if _crossings(other, one) < _crossings(one, other):
                lanes[at], lanes[at + 1] = other, one
                swapped = True
    return lanes


def _crossings(inner: Lane, outer: Lane) -> int:
    """Count the crossings of two lanes when `inner` is the one nearer to the spine."""
    passing = sum(inner.passes(y) for y in outer.left)
    return passing + sum(outer.passes(y) for y in inner.right)
