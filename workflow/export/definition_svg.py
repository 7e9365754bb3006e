"""A definition as an SVG picture, for a page of ours or as a file of its own.

Colours are presentation attributes, which a page's stylesheet overrides by class; so a page needs
no inline style, which its content policy would refuse. A file brings a stylesheet for the dark.
Source: W3C, SVG 2, 5.8 (title and desc) and 6.6 (presentation attributes).
"""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from workflow.domain.definition import Definition
from workflow.export.definition_columns import GUARD_LINE, LABEL_LINE, LABEL_SIZE
from workflow.export.definition_diagram import Diagram, diagram_of
from workflow.export.definition_guards import guard_text
from workflow.export.definition_layout import Arrow, Box, Layout, Text, lay_out
from workflow.export.definition_marks import (
    DARK,
    PAPER,
    add_dot,
    add_frame,
    add_guard,
    add_head,
    add_label,
    add_line,
)
from workflow.export.definition_words import word

_LEGEND_LINE: Final = 24
_LEAST_WIDTH: Final = 360


def write_svg(definition: Definition, language: str, state: str | None = None) -> str:
    """Write a definition as an SVG file, the present state highlighted."""
    root = _picture(diagram_of(definition, language, state), alone=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def write_inline_svg(definition: Definition, language: str, state: str | None = None) -> str:
    """Write the same picture as an element of a page of ours."""
    return tostring(_picture(diagram_of(definition, language, state), alone=False), "unicode")


def _picture(diagram: Diagram, *, alone: bool) -> Element:
    layout = lay_out(diagram)
    width, height = max(layout.width, _LEAST_WIDTH), layout.height + 3 * _LEGEND_LINE
    size = {"width": str(width), "height": str(height)}
    root = Element("svg", {**_root_attributes(diagram), **size, "viewBox": f"0 0 {width} {height}"})
    SubElement(root, "title", {"id": "flow-title"}).text = diagram.title
    SubElement(root, "desc", {"id": "flow-desc"}).text = " ".join(_said(diagram))
    if alone:
        root.set("font-family", "system-ui, 'Noto Sans', 'Noto Sans CJK JP', sans-serif")
        SubElement(root, "style").text = DARK
        SubElement(root, "rect", {**size, "fill": PAPER, "class": "flow-paper"})
    _draw(root, diagram, layout)
    _add_legend(root, diagram.language, layout.height)
    return root


def _root_attributes(diagram: Diagram) -> dict[str, str]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "flow",
        "role": "img",
        "aria-labelledby": "flow-title",
        "aria-describedby": "flow-desc",
        "lang": diagram.language,
    }


def _said(diagram: Diagram) -> Iterator[str]:
    """Say in a sentence each what the picture shows."""
    names = {state.name: state.label for state in diagram.states}
    if diagram.current is not None:
        yield f"{word('now', diagram.language)}: {diagram.current.label}."
    for step in diagram.steps:
        sources = ", ".join(names[source] for source in step.sources)
        guard = guard_text(step.guard, diagram.language)
        yield f"{sources} → {names[step.to]}: {step.label} ({guard})."


def _draw(root: Element, diagram: Diagram, layout: Layout) -> None:
    first = layout.boxes[0]
    x, top = first.x + first.width // 2, first.y
    add_dot(root, (x, top - 26), 6)
    add_line(root, f"M{x} {top - 20}V{top}")
    add_head(root, (x, top), (0, 1))
    for arrow in layout.arrows:
        _add_arrow(root, arrow)
    for box in layout.boxes:
        _add_box(root, box, diagram.language)


def _add_arrow(root: Element, arrow: Arrow) -> None:
    add_line(root, arrow.path, by_itself=arrow.step.by_itself)
    add_head(root, arrow.tip, arrow.direction)
    for joint in arrow.joints:
        add_dot(root, joint, 3)
    for text in arrow.texts:
        _add_words(root, text)


def _add_words(root: Element, text: Text) -> None:
    label, guard = text.words.label, text.words.guard
    top = text.y - 5 - LABEL_LINE * (len(label) - 1)
    add_label(root, label, (text.x, top), LABEL_LINE, anchor=text.anchor)
    add_guard(root, guard, (text.x, text.y + 13), GUARD_LINE, anchor=text.anchor)


def _add_box(root: Element, box: Box, language: str) -> None:
    state, frame = box.state, (box.x, box.y, box.width, box.height)
    add_frame(root, frame, is_final=state.is_final, is_current=state.is_current)
    height = LABEL_LINE * (len(box.lines) + state.is_current)
    x, y = box.x + box.width // 2, box.y + (box.height - height) // 2 + LABEL_SIZE
    add_label(root, box.lines, (x, y), LABEL_LINE, anchor="middle", weight="700")
    if state.is_current:
        below = (x, y + LABEL_LINE * len(box.lines))
        add_guard(root, [word("now", language)], below, GUARD_LINE, anchor="middle")


def _add_legend(root: Element, language: str, top: int) -> None:
    """Say what the two sorts of lines and the double frame mean."""
    names = ("legend_by_hand", "legend_by_itself", "legend_final")
    for at, name in enumerate(names):
        y = top + 4 + _LEGEND_LINE * at
        if name == "legend_final":
            add_frame(root, (16, y - 9, 40, 18), is_final=True, is_current=False)
        else:
            add_line(root, f"M16 {y}H56", by_itself=name == "legend_by_itself")
        add_guard(root, [word(name, language)], (66, y + 4), GUARD_LINE, anchor="start")
