"""Where a drawing of a definition puts what: the main path as a spine, all else beside it.

Each step that is not on the spine has a lane of its own between two columns of boxes: a line leaves
every source beside the step's words, joins the lane, and reaches the target once. So lines cross
at right angles only, and no word stands on a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workflow.export.definition_columns import (
    BOX_WIDTH,
    GUARD_LINE,
    Columns,
    Place,
    Row,
    Words,
)
from workflow.export.definition_diagram import Diagram, DrawnState, DrawnStep
from workflow.export.definition_lanes import Lane, lanes_of

_MARGIN, _LANE, _BESIDE = 16, 16, 8


@dataclass(frozen=True, slots=True)
class Box:
    """A state's box."""

    state: DrawnState
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Text:
    """A step's words: the label ends above `y`, the guard begins below it."""

    words: Words
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step's lines as an SVG path, where lines join, and where its head points, and how."""

    step: DrawnStep
    path: str
    joints: tuple[tuple[int, int], ...]
    tip: tuple[int, int]
    direction: tuple[int, int]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing, in pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def lay_out(diagram: Diagram) -> Layout:
    """Find a place for every state, line and word."""
    return _Plan(Columns(diagram)).layout()


class _Plan:
    """Knows from the columns and lanes how wide everything is."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.lanes = columns, lanes_of(columns)
        self.edge = _MARGIN + BOX_WIDTH
        self.first_lane = self.edge + _room(columns.left) + _LANE
        self.last_lane = self.first_lane + _LANE * max(0, len(self.lanes) - 1)
        self.side_edge = self.last_lane + _LANE + _room(columns.right)

    def layout(self) -> Layout:
        """Give the drawing."""
        left, right = self.columns.left, self.columns.right
        width = self.side_edge + BOX_WIDTH if right else self.last_lane
        boxes = [_box(place, _MARGIN) for place in left]
        boxes += [_box(place, self.side_edge) for place in right]
        spine = [self.spine_arrow(*pair) for pair in pairwise(left)]
        beside = [self.arrow(lane, at) for at, lane in enumerate(self.lanes)]
        return Layout(
            width + _MARGIN, self.columns.bottom + _MARGIN, tuple(boxes), (*spine, *beside)
        )

    def spine_arrow(self, above: Place, below: Place) -> Arrow:
        """Draw the main step between two boxes of the spine."""
        main = self.columns.next_main(above.state.name)
        words = above.below
        assert main is not None  # noqa: S101 - the spine is the path of these steps
        assert words is not None  # noqa: S101 - as above
        step, x = main[0], _MARGIN + BOX_WIDTH // 2
        middle = (above.bottom + below.y) // 2
        # The words' own middle is not the line between label and guard.
        y = middle + (words.height // 2 - len(words.guard) * GUARD_LINE)
        text = Text(words, x + _BESIDE + 4, y, "start")
        path = f"M{x} {above.bottom}V{below.y}"
        return Arrow(step, path, (), (x, below.y), (0, 1), (text,))

    def arrow(self, lane: Lane, at: int) -> Arrow:
        """Draw a step that runs in a lane."""
        x = self.first_lane + _LANE * at
        stubs = [f"M{self.edge} {y}H{x}" for y in lane.left]
        stubs += [f"M{self.side_edge} {y}H{x}" for y in lane.right]
        top, *inner, bottom = lane.heights
        tip = self.edge if lane.ends_left else self.side_edge
        return Arrow(
            lane.step,
            "".join([*stubs, f"M{x} {top}V{bottom}"]),
            tuple((x, y) for y in inner),
            (tip, lane.end),
            (-1 if lane.ends_left else 1, 0),
            tuple(self.texts(lane.step)),
        )

    def texts(self, step: DrawnStep) -> list[Text]:
        """Put a step's words beside each box that it leaves."""
        left = [
            Text(row.words, self.edge + _BESIDE, row.y, "start")
            for row in _rows(self.columns.left, step)
            if row.words
        ]
        return left + [
            Text(row.words, self.side_edge - _BESIDE, row.y, "end")
            for row in _rows(self.columns.right, step)
            if row.words
        ]


def _rows(places: Sequence[Place], step: DrawnStep) -> list[Row]:
    return [row for place in places for row in place.rows if row.step is step]


def _box(place: Place, x: int) -> Box:
    return Box(place.state, place.lines, x, place.y, BOX_WIDTH, place.height)


def _room(places: Sequence[Place]) -> int:
    """Give the room that the words beside a column need; those below a box begin in its middle."""
    beside = [row.words.width + 2 * _BESIDE for each in places for row in each.rows if row.words]
    below = [each.below.width + 2 * _BESIDE - BOX_WIDTH // 2 for each in places if each.below]
    return max([*beside, *below, 2 * _BESIDE])
