"""The layout: nothing stands on something else, whatever the graph."""

import re
from collections.abc import Iterator
from itertools import combinations

from hypothesis import given

from config.definitions import shipped_kinds
from tests.export.definitions import definitions
from workflow.domain.definition import Definition
from workflow.export.definition_columns import GUARD_LINE, LABEL_LINE
from workflow.export.definition_diagram import diagram_of
from workflow.export.definition_layout import Arrow, Layout, Text, lay_out

Rectangle = tuple[float, float, float, float]
Segment = tuple[int, int, int, int]

_PIECE = re.compile(r"M(\d+) (\d+)(?:H(\d+)|V(\d+))")


def apart(one: Rectangle, other: Rectangle) -> bool:
    """Say whether two rectangles, (left, top, right, bottom), have no point in common."""
    across = one[2] < other[0] or other[2] < one[0]
    return across or one[3] < other[1] or other[3] < one[1]


def segments(arrow: Arrow) -> Iterator[Segment]:
    """Yield the straight pieces of an arrow, each from its lesser end."""
    for x, y, to_x, to_y in _PIECE.findall(arrow.path):
        xs, ys = sorted((int(x), int(to_x or x))), sorted((int(y), int(to_y or y)))
        yield xs[0], ys[0], xs[1], ys[1]


def boxes(layout: Layout) -> list[Rectangle]:
    """Return the rectangles of the states."""
    return [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes]


def words(text: Text) -> Rectangle:
    """Return the rectangle of a step's words."""
    left = text.x if text.anchor == "start" else text.x - text.words.width
    above, below = LABEL_LINE * len(text.words.label), GUARD_LINE * len(text.words.guard) + 4
    return left, text.y - above, left + text.words.width, text.y + below


def along(one: Segment, other: Segment) -> bool:
    """Say whether two pieces run on top of each other, rather than cross or touch."""
    upright = [each[0] == each[2] for each in (one, other)]
    return upright[0] == upright[1] and not apart(one, other)


@given(definition=definitions())
def test_nothing_stands_on_something_else(definition: Definition) -> None:
    layout = lay_out(diagram_of(definition, "ja", None))
    frames = boxes(layout)
    texts = [words(text) for arrow in layout.arrows for text in arrow.texts]
    assert all(apart(one, other) for one, other in combinations([*frames, *texts], 2))
    lines = [(arrow, piece) for arrow in layout.arrows for piece in segments(arrow)]
    for (arrow, one), (other_arrow, other) in combinations(lines, 2):
        assert arrow is other_arrow or not along(one, other)


@given(definition=definitions())
def test_everything_is_within_the_picture_and_every_step_is_in_it(definition: Definition) -> None:
    diagram = diagram_of(definition, "en", None)
    layout = lay_out(diagram)
    texts = [words(text) for arrow in layout.arrows for text in arrow.texts]
    for left, top, right, bottom in [*boxes(layout), *texts]:
        assert 0 <= left <= right <= layout.width
        assert 0 <= top <= bottom <= layout.height
    said = [arrow.step.name for arrow in layout.arrows for _ in arrow.texts]
    wanted = [step.name for step in diagram.steps for _ in step.sources]
    assert sorted(said) == sorted(wanted)


def test_the_main_path_is_the_spine_and_the_rest_stands_beside_it() -> None:
    definition = Definition.from_mapping(shipped_kinds()["treaty"])
    layout = lay_out(diagram_of(definition, "en", None))
    columns: dict[int, list[str]] = {}
    for box in layout.boxes:
        columns.setdefault(box.x, []).append(box.state.name)
    assert list(columns.values()) == [
        ["proposed", "agreed", "implemented"],
        ["suspended", "declined", "withdrawn", "discontinued", "superseded"],
    ]
