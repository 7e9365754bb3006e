"""The two columns of a drawing: boxes, one below the other, with the lines that meet them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workflow.export.definition_diagram import Diagram, DrawnState, DrawnStep
from workflow.export.definition_guards import guard_text
from workflow.export.definition_measure import text_width, wrap

LABEL_SIZE, GUARD_SIZE = 13, 11
LABEL_LINE, GUARD_LINE = 17, 14
BOX_WIDTH = 156
_TEXT_WIDTH = 220
_TIED = "\N{NO-BREAK SPACE}"
_TOP, _GAP, _PAD, _APART, _REACHING = 40, 24, 14, 7, 13


@dataclass(frozen=True, slots=True)
class Words:
    """A step's label and guard, broken into lines."""

    label: tuple[str, ...]
    guard: tuple[str, ...]

    @property
    def width(self) -> int:
        """Estimate the width of the widest line."""
        label = [text_width(line, LABEL_SIZE) for line in self.label]
        return round(max([*label, *(text_width(line, GUARD_SIZE) for line in self.guard)]))

    @property
    def height(self) -> int:
        """Give the height of all lines."""
        return LABEL_LINE * len(self.label) + GUARD_LINE * len(self.guard)


def words_of(step: DrawnStep, language: str) -> Words:
    """Break a step's texts into the lines they are drawn in."""
    # No line ends within a fact.
    guard = guard_text([fact.replace(" ", _TIED) for fact in step.guard], language)
    lines = wrap(guard, _TEXT_WIDTH, GUARD_SIZE, 3)
    return Words(
        wrap(step.label, _TEXT_WIDTH, LABEL_SIZE, 2),
        tuple(line.replace(_TIED, " ") for line in lines),
    )


@dataclass(slots=True)
class Row:
    """A line that leaves a box, or reaches it, at the height `y`; one that leaves has words."""

    step: DrawnStep
    words: Words | None = None
    y: int = 0

    @property
    def above(self) -> int:
        """Give the room that it needs above its line: for the label."""
        return LABEL_LINE * len(self.words.label) + 4 if self.words else _REACHING

    @property
    def below(self) -> int:
        """Give the room that it needs below its line: for the guard."""
        return GUARD_LINE * len(self.words.guard) + 8 if self.words else _REACHING


@dataclass(slots=True)
class Place:
    """A state's box with its rows, top to bottom."""

    state: DrawnState
    lines: tuple[str, ...]
    rows: list[Row]
    y: int = 0
    height: int = 0
    below: Words | None = None
    """The words of the main step to the box below, which stand between the two."""

    @property
    def bottom(self) -> int:
        """Give the lower edge."""
        return self.y + self.height

    def room_below(self) -> int:
        """Give the distance to the next box."""
        return self.below.height + 2 * _GAP if self.below else _GAP

    def least_height(self) -> int:
        """Give the height that the box needs for its own words."""
        return LABEL_LINE * (len(self.lines) + self.state.is_current) + 2 * _PAD


@dataclass(slots=True)
class Columns:
    """The spine on the left, the side states on the right; no two lines run at one height."""

    diagram: Diagram
    left: list[Place] = field(default_factory=list)
    right: list[Place] = field(default_factory=list)
    _taken: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Place every state and line."""
        self.left = [self._place(state) for state in self.diagram.spine]
        self.right = [self._place(state) for state in self.diagram.states if not state.on_spine]
        self._stack(self.left)
        self._stack(self.right)

    @property
    def bottom(self) -> int:
        """Give the lowest edge of any box."""
        return max(place.bottom for place in (*self.left, *self.right))

    def next_main(self, state: str) -> tuple[DrawnStep, str] | None:
        """Give the main step from a state of the spine to the next, and that state."""
        spine = [each.name for each in self.diagram.spine]
        after = dict(pairwise(spine)).get(state)
        steps = (s for s in self.diagram.steps if not s.side and state in s.sources)
        return next(((step, after) for step in steps if after and step.to == after), None)

    def beside(self, step: DrawnStep) -> tuple[str, ...]:
        """Give the sources from which a step's line runs beside the spine."""
        return tuple(name for name in step.sources if not self._is_on_spine(step, name))

    def _is_on_spine(self, step: DrawnStep, source: str) -> bool:
        main = self.next_main(source)
        return main is not None and main[0] is step

    def _place(self, state: DrawnState) -> Place:
        steps, language = self.diagram.steps, self.diagram.language
        rows = [Row(step) for step in steps if step.to == state.name and self.beside(step)]
        rows += [
            Row(step, words_of(step, language)) for step in steps if state.name in self.beside(step)
        ]
        main = self.next_main(state.name)
        lines = wrap(state.label, BOX_WIDTH - 2 * _PAD, LABEL_SIZE, 3)
        return Place(state, lines, rows, below=words_of(main[0], language) if main else None)

    def _stack(self, places: Sequence[Place]) -> None:
        top, own = _TOP, list[int]()
        for place in places:
            place.y = top
            at = top + _PAD // 2
            for row in place.rows:
                row.y = self._free(at + row.above)
                own.append(row.y)
                at = row.y + row.below
            place.height = max(at + _PAD // 2 - place.y, place.least_height())
            top = place.bottom + place.room_below()
        self._taken += own

    def _free(self, y: int) -> int:
        """Give the next height at which no line of the other column runs."""
        while any(abs(y - each) < _APART for each in self._taken):
            y += 1
        return y
