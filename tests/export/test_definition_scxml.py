"""SCXML: what is written is what the schema allows, and the definition comes back from it."""

from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given

from config.definitions import shipped_kinds
from tests.export.definitions import definitions, hostile
from tests.export.scxml_schema import SCXML, XML, faults
from workflow.domain.definition import Definition
from workflow.domain.vocabulary import LANGUAGES
from workflow.export.definition_names import read_name
from workflow.export.definition_scxml import OWN, write_scxml

SHIPPED = [Definition.from_mapping(mapping) for mapping in shipped_kinds().values()]


def parsed(document: str) -> Element:
    """Read a document of ours."""
    return fromstring(document)  # noqa: S314 - the document is the test's own


def arrows(definition: Definition) -> set[tuple[str, str, str]]:
    """Return every (source, step, target) of a definition."""
    return {(one, step.name, step.to) for step in definition.steps.values() for one in step.sources}


def read(element: Element, attribute: str) -> str:
    """Return the name that an attribute writes."""
    return read_name(element.get(attribute, ""))


def arrows_in(root: Element) -> set[tuple[str, str, str]]:
    """Return every (source, event, target) of a document, names read back."""
    return {
        (read(state, "id"), read(to, "event"), read(to, "target"))
        for state in root
        if state.tag in (f"{SCXML}state", f"{SCXML}final")
        for to in state.findall(f"{SCXML}transition")
    }  # fmt: skip


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda each: each.kind)
def test_every_shipped_definition_is_valid_scxml(definition: Definition) -> None:
    for language in LANGUAGES:
        assert faults(write_scxml(definition, language, "agreed")) == []


@given(definition=definitions())
def test_whatever_a_label_or_name_says_the_document_is_valid_and_reads_back(
    definition: Definition,
) -> None:
    document = write_scxml(definition, "en", "proposed")
    assert faults(document) == []
    root = parsed(document)
    names = [read_name(each.get("id", "")) for each in root if each.get("id")]
    assert sorted(names) == sorted(definition.states)
    assert arrows_in(root) == arrows(definition)
    assert root.get("initial") == root.get(f"{{{OWN}}}current") == "proposed"


def test_the_rules_themselves_come_back_with_their_digest() -> None:
    for definition in (*SHIPPED, hostile()):
        root = parsed(write_scxml(definition, "ja"))
        rules = root.findtext(f".//{{{OWN}}}rules")
        assert rules is not None
        assert Definition.from_document(rules).digest == root.get(f"{{{OWN}}}digest")


def test_a_state_that_no_step_leaves_is_final() -> None:
    root = parsed(write_scxml(next(each for each in SHIPPED if each.kind == "treaty"), "en"))
    finals = {each.get("id") for each in root.iter(f"{SCXML}final")}
    assert finals == {"declined", "withdrawn", "discontinued", "superseded"}


def test_states_carry_their_labels_in_every_language() -> None:
    definition = next(each for each in SHIPPED if each.kind == "treaty")
    root = parsed(write_scxml(definition, "en"))
    agreed = next(each for each in root if each.get("id") == "agreed")
    labels = {each.get(f"{XML}lang"): each.text for each in agreed.iter(f"{{{OWN}}}label")}
    assert labels == dict(definition.states["agreed"])


GOOD = """<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:x="urn:x" version="1.0" initial="a">
  <x:any a="1"/>
  <state id="a" x:own="1"><x:label>text</x:label><transition event="go" target="b"/></state>
  <final id="b"/>
</scxml>"""

PLANTED = {
    "another namespace": ("2005/07/scxml", "2005/07/other", "the root is"),
    "no version": ('version="1.0"', "", "scxml has no version"),
    "a wrong version": ('version="1.0"', 'version="1.1"', "scxml has the version '1.1'"),
    "an unknown attribute": ('id="b"', 'id="b" label="B"', "final may not have label"),
    "an unknown element": ('<final id="b"/>', '<end id="b"/>', "there is no element end"),
    "an element of nowhere": ('<x:any a="1"/>', '<any xmlns=""/>', "any is in no namespace"),
    "a step out of a final state": (
        '<final id="b"/>',
        '<final id="b"><transition event="up" target="a"/></final>',
        "final may not hold transition",
    ),
    "a target that is nowhere": ('target="b"', 'target="c"', "there is no state c"),
    "a beginning that is nowhere": ('initial="a"', 'initial="z"', "there is no state z"),
    "an id given twice": ('<final id="b"/>', '<final id="a"/>', "the id a is given twice"),
    "an id that is no name": ('id="b"', 'id="2 b"', "final has the id '2 b'"),
    "an event that is none": ('event="go"', 'event="go,"', "transition has the event 'go,'"),
    "an empty transition": (
        ' event="go" target="b"', "", "a transition says neither event nor cond nor target",
    ),
    "text between states": ('<final id="b"/>', 'b<final id="b"/>', "scxml may not hold text"),
    "a state within a transition": (
        'target="b"/>', 'target="b"><state/></transition>', "transition may not hold state",
    ),
    "two beginnings of a state": (
        "<x:label>text</x:label>",
        '<initial><transition target="a"/><transition target="a"/></initial>',
        "initial has not exactly one transition",
    ),
    "values without a data model": (
        '<x:any a="1"/>',
        '<datamodel><data id="d"/></datamodel>',
        "the null data model has no data",
    ),
    "a condition without a data model": (
        'event="go"', 'event="go" cond="n &gt; 2"', "the null data model has no condition n > 2",
    ),
}  # fmt: skip


def test_the_checker_finds_nothing_wrong_with_a_good_document() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_the_checker_finds_a_planted_fault(fault: str) -> None:
    old, new, said = PLANTED[fault]
    assert old in GOOD
    assert any(said in found for found in faults(GOOD.replace(old, new, 1)))
