"""A definition as a Mermaid state diagram.

Source: https://mermaid.js.org/syntax/stateDiagram.html; entity codes: /intro/syntax-reference.
"""

from collections.abc import Iterator

from workflow.domain.definition import Definition
from workflow.export.definition_diagram import Diagram, DrawnStep, diagram_of
from workflow.export.definition_guards import guard_text
from workflow.export.definition_names import write_name
from workflow.export.definition_words import word

_PLAIN = frozenset(" .,()/+'“”‘’–—")
"""Marks that mean nothing to Mermaid anywhere in a text, beside letters and digits."""


def write_mermaid(definition: Definition, language: str, state: str | None = None) -> str:
    """Write a definition as a Mermaid state diagram, the present state marked."""
    return "\n".join(_lines(diagram_of(definition, language, state))) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    accTitle: {_text(diagram.title)}"
    yield "    direction TB"
    for state in diagram.states:
        yield f'    state "{_text(state.label)}" as {_id(state.name)}'
    yield f"    [*] --> {_id(diagram.states[0].name)}"
    for step in diagram.steps:
        for source in step.sources:
            yield f"    {_id(source)} --> {_id(step.to)}: {_text(_label(step, diagram.language))}"
    for state in diagram.states:
        if state.is_final:
            yield f"    {_id(state.name)} --> [*]"
    if diagram.current is not None:
        yield f"    %% {word('now', 'en')}: {_id(diagram.current.name)}"
        yield "    classDef current fill:#0017c1,stroke:#0017c1,color:#fff,font-weight:bold"
        yield f"    class {_id(diagram.current.name)} current"


def _id(name: str) -> str:
    # In front of a word of Mermaid's own, such as `end`, the prefix makes it a name.
    return f"s_{write_name(name)}"


def _label(step: DrawnStep, language: str) -> str:
    return f"{step.label} ({guard_text(step.guard, language)})"


def _text(text: str) -> str:
    """Return a text in which every mark that Mermaid could read is an entity code."""
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign.isalnum() or sign in _PLAIN or (ord(sign) > 0x7F and sign.isprintable()):  # noqa: PLR2004 - beyond ASCII nothing is syntax
        return sign
    return f"#{ord(sign)};"
