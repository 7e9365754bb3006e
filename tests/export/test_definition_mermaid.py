"""Mermaid: lines of a state diagram and nothing else, whatever a label says."""

import html
import re

from hypothesis import given

from tests.export.definitions import definitions
from workflow.domain.definition import Definition
from workflow.export.definition_diagram import diagram_of
from workflow.export.definition_guards import guard_text
from workflow.export.definition_mermaid import write_mermaid

_TEXT = r"(?:[^\x00-\x7f]|[A-Za-z0-9 .,()/+']|#\d+;)+"
_ID = r"s_\w+"
LINE = re.compile(
    r"stateDiagram-v2"
    rf"|    accTitle: {_TEXT}"
    r"|    direction TB"
    rf'|    state "(?P<state>{_TEXT})" as {_ID}'
    rf"|    \[\*\] --> {_ID}"
    rf"|    {_ID} --> \[\*\]"
    rf"|    {_ID} --> {_ID}: (?P<step>{_TEXT})"
    rf"|    %% current state: {_ID}"
    r"|    classDef current fill:#0017c1,stroke:#0017c1,color:#fff,font-weight:bold"
    rf"|    class {_ID} current",
    re.ASCII,
)
"""What may stand on a line. In a text every mark that Mermaid could read is an entity code."""


def read(text: str) -> str:
    """Return a text as Mermaid shows it."""
    return re.sub(r"#(\d+);", lambda code: html.unescape(f"&#{code[1]};"), text)


@given(definition=definitions())
def test_every_line_is_one_of_a_state_diagram_and_shows_its_label(definition: Definition) -> None:
    diagram = diagram_of(definition, "ru", "proposed")
    lines = write_mermaid(definition, "ru", "proposed").removesuffix("\n").split("\n")
    found = [LINE.fullmatch(line) for line in lines]
    assert [line for line, match in zip(lines, found, strict=True) if match is None] == []
    states = [read(match["state"]) for match in found if match and match["state"]]
    assert states == [state.label for state in diagram.states]
    steps = [read(match["step"]) for match in found if match and match["step"]]
    assert steps == [
        f"{step.label} ({guard_text(step.guard, 'ru')})"
        for step in diagram.steps
        for _ in step.sources
    ]
