"""DOT: a graph of the definition, whatever its labels say."""

import pytest
from hypothesis import given

from tests.export.definitions import definitions
from tests.export.dot_grammar import lines_of, read_dot
from workflow.domain.definition import Definition
from workflow.export.definition_diagram import diagram_of
from workflow.export.definition_dot import write_dot


@given(definition=definitions())
def test_the_graph_holds_every_state_and_step_with_its_label(definition: Definition) -> None:
    diagram = diagram_of(definition, "ja", "proposed")
    graph = read_dot(write_dot(definition, "ja", "proposed"))
    nodes = [lines_of(each["label"]) for name, each in graph.nodes.items() if name != "start"]
    assert nodes == [[state.label] for state in diagram.states]
    edges = [lines_of(each["label"]) for start, _, each in graph.edges if start != "start"]
    assert edges == [[step.label, *step.guard] for step in diagram.steps for _ in step.sources]
    assert {end for each in graph.edges for end in each[:2]} <= set(graph.nodes)


@pytest.mark.parametrize(
    "text",
    [
        'digraph "a" { b [label="x" }',
        'digraph "a" { b [label="x"]; } c',
        'digraph "a" { b -> ; }',
        'digraph "a" { b [label="x"y"]; }',
        'digraph "a" { b [label="x\\"]; }',
        "graph a { b -- c; }",
    ],
)
def test_the_reader_refuses_what_is_no_directed_graph(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_dot(text)
