"""The marks that a drawing is made of, as SVG elements: lines, heads, dots, frames and texts."""

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from workflow.export.definition_columns import GUARD_SIZE, LABEL_SIZE

INK, QUIET, PAPER, STRONG, LIT = "#1a1a1a", "#4d4d4d", "#ffffff", "#0017c1", "#e8f1fe"
DARK: Final = (
    "@media (prefers-color-scheme: dark) {"
    " .flow-paper, .flow-box { fill: #1c1e25 }"
    " .flow-box, .flow-line, .flow-ring { stroke: #c4c6cf }"
    " .flow-label { fill: #f2f2f2 } .flow-guard, .flow-fill { fill: #c4c6cf }"
    " .flow-now { fill: #121f4a; stroke: #9db7f9 } }"
)
"""The same classes in the dark, for a picture that no page's stylesheet reaches."""

Point = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Left, top, width and height."""


def add_line(root: Element, path: str, *, by_itself: bool = False) -> None:
    """Draw a step's line: dashed where the step happens by itself."""
    look = {"fill": "none", "stroke": QUIET, "stroke-width": "2", "class": "flow-line"}
    SubElement(
        root, "path", {"d": path, **look, **({"stroke-dasharray": "7 4"} if by_itself else {})}
    )


def add_head(root: Element, tip: Point, direction: Point) -> None:
    """Draw an arrow's head."""
    (x, y), (dx, dy) = tip, direction
    back_x, back_y = x - 9 * dx, y - 9 * dy
    wings = f"L{back_x + 5 * dy} {back_y + 5 * dx}L{back_x - 5 * dy} {back_y - 5 * dx}"
    SubElement(root, "path", {"d": f"M{x} {y}{wings}Z", "fill": QUIET, "class": "flow-fill"})


def add_dot(root: Element, at: Point, radius: int) -> None:
    """Draw a dot: the beginning, or a place where lines join."""
    place = {"cx": str(at[0]), "cy": str(at[1]), "r": str(radius)}
    SubElement(root, "circle", {**place, "fill": QUIET, "class": "flow-fill"})


def add_frame(root: Element, frame: Rectangle, *, is_final: bool, is_current: bool) -> None:
    """Draw a state's frame: double for a final one, strong and lit for the present one."""
    look = {"fill": PAPER, "stroke": QUIET, "stroke-width": "2", "class": "flow-box"}
    if is_current:
        look = {"fill": LIT, "stroke": STRONG, "stroke-width": "4", "class": "flow-box flow-now"}
    SubElement(root, "rect", {**_edges(frame, 0), **look})
    if is_final:
        ring = {"fill": "none", "stroke": QUIET, "class": "flow-ring"}
        SubElement(root, "rect", {**_edges(frame, 5), **ring})


def add_label(
    root: Element, lines: Sequence[str], at: Point, step: int, *, anchor: str, weight: str = "400"
) -> None:
    """Write lines of a label below each other."""
    look = {"font-size": str(LABEL_SIZE), "font-weight": weight, "fill": INK, "class": "flow-label"}
    _add_lines(root, lines, at, step, {"text-anchor": anchor, **look})


def add_guard(root: Element, lines: Sequence[str], at: Point, step: int, *, anchor: str) -> None:
    """Write lines of a guard, or another quiet text, below each other."""
    look = {"font-size": str(GUARD_SIZE), "fill": QUIET, "class": "flow-guard"}
    _add_lines(root, lines, at, step, {"text-anchor": anchor, **look})


def _add_lines(
    root: Element, lines: Sequence[str], at: Point, step: int, look: dict[str, str]
) -> None:
    for number, line in enumerate(lines):
        place = {"x": str(at[0]), "y": str(at[1] + step * number)}
        SubElement(root, "text", {**place, **look}).text = line


def _edges(frame: Rectangle, inset: int) -> dict[str, str]:
    left, top, width, height = frame
    return {
        "x": str(left + inset),
        "y": str(top + inset),
        "width": str(width - 2 * inset),
        "height": str(height - 2 * inset),
        "rx": str(8 - inset),
    }
