"""A definition as SCXML: its states and steps, with the product's own facts in a namespace beside.

SCXML has no words for sign-offs, so a step is an event: whoever runs the document raises it when
the step is taken, by hand or by itself. Final states are those that no step leaves.
Source: W3C, State Chart XML (SCXML), Recommendation of 1 September 2015, 3.2 to 3.7 and appendix D.
"""

import json
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from workflow.domain.definition import Definition, StepRule
from workflow.domain.vocabulary import LANGUAGES, Labels
from workflow.export.definition_diagram import Diagram, DrawnState, diagram_of, plain
from workflow.export.definition_guards import guard_facts, guard_text
from workflow.export.definition_names import write_name

SCXML: Final = "http://www.w3.org/2005/07/scxml"
OWN: Final = "urn:summit-proposals:definition:1"
"""The namespace of what SCXML has no words for; others may pass over it."""


def write_scxml(definition: Definition, language: str, state: str | None = None) -> str:
    """Write a definition as an SCXML document; labels are in every language, guards in one."""
    diagram = diagram_of(definition, language, state)
    root = Element("scxml", _root_attributes(definition, diagram))
    _describe(SubElement(root, "own:definition", {"kind": diagram.kind}), definition, language)
    for drawn in diagram.states:
        _add_state(root, definition, drawn)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _root_attributes(definition: Definition, diagram: Diagram) -> dict[str, str]:
    found = {
        "xmlns": SCXML,
        "xmlns:own": OWN,
        "version": "1.0",
        # The null data model: no expressions, since what guards a step is not SCXML's to judge.
        "datamodel": "null",
        "name": write_name(definition.kind),
        "initial": write_name(diagram.states[0].name),
        "own:digest": definition.digest,
    }
    if diagram.current is not None:
        found["own:current"] = write_name(diagram.current.name)
    return found


def _add_state(root: Element, definition: Definition, drawn: DrawnState) -> None:
    name = "final" if drawn.is_final else "state"
    element = SubElement(root, name, {"id": write_name(drawn.name)})
    _add_labels(element, "own:label", definition.states[drawn.name])
    for step in definition.open_steps(drawn.name):
        facts = {"event": write_name(step.name), "target": write_name(step.to)}
        SubElement(element, "transition", facts)


def _describe(element: Element, definition: Definition, language: str) -> None:
    _add_labels(element, "own:label", definition.labels)
    for step in definition.steps.values():
        described = SubElement(element, "own:step", _step_facts(step))
        _add_labels(described, "own:label", step.labels)
        _add_labels(described, "own:meaning", step.meaning)
        _add_labels(described, "own:guard", {language: _guard(step, language)})
    rules = SubElement(element, "own:rules", {"type": "application/json"})
    # As ASCII, so that nothing a rule may hold is beyond what XML can.
    rules.text = json.dumps(json.loads(definition.document), separators=(",", ":"))


def _step_facts(step: StepRule) -> dict[str, str]:
    return {
        "event": write_name(step.name),
        "fires": "by-itself" if step.fires_by_itself else "by-hand",
        "side": "true" if step.side else "false",
        **({"by": " ".join(plain(role) for role in step.by)} if step.by else {}),
        **({"reason": "required"} if step.reason_required else {}),
    }


def _guard(step: StepRule, language: str) -> str:
    return guard_text(guard_facts(step, language), language)


def _add_labels(element: Element, name: str, labels: Labels) -> None:
    for language in LANGUAGES:
        if text := plain(labels.get(language, "")):
            SubElement(element, name, {"xml:lang": language}).text = text
