"""A definition as a directed graph in Graphviz's DOT language.

Source: https://graphviz.org/doc/info/lang.html; escapes in labels: /docs/attr-types/escString.
"""

from collections.abc import Iterator

from workflow.domain.definition import Definition
from workflow.export.definition_diagram import Diagram, DrawnState, DrawnStep, diagram_of
from workflow.export.definition_names import write_name


def write_dot(definition: Definition, language: str, state: str | None = None) -> str:
    """Write a definition as a DOT graph, the present state filled."""
    return "\n".join(_lines(diagram_of(definition, language, state))) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f"digraph {_quoted(write_name(diagram.kind))} {{"
    yield f"  graph [label={_quoted(diagram.title)}, labelloc=t, rankdir=TB, nodesep=0.6];"
    yield '  node [shape=box, style="rounded", fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=10];'
    yield "  start [shape=point, width=0.15];"
    for state in diagram.states:
        yield f"  {_id(state.name)} [{_state_attributes(state)}];"
    yield f"  start -> {_id(diagram.states[0].name)};"
    for step in diagram.steps:
        for source in step.sources:
            yield f"  {_id(source)} -> {_id(step.to)} [{_step_attributes(step)}];"
    yield "}"


def _state_attributes(state: DrawnState) -> str:
    facts = [f"label={_quoted(state.label)}"]
    if state.on_spine:
        facts.append("group=main")
    if state.is_final:
        facts.append("peripheries=2")
    if state.is_current:
        facts.append('style="rounded,filled,bold", fillcolor="#0017c1", fontcolor="#ffffff"')
    return ", ".join(facts)


def _step_attributes(step: DrawnStep) -> str:
    # The escape \n breaks a label; no text of ours holds one, for its backslashes are doubled.
    label = "\\n".join(_escaped(line) for line in (step.label, *step.guard))
    style, weight = "dashed" if step.by_itself else "solid", 0 if step.side else 10
    return f'label="{label}", style={style}, weight={weight}'


def _id(name: str) -> str:
    return _quoted(f"state_{write_name(name)}")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    # A label's backslash begins an escape (\N is the node's name), its ampersand an entity.
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
