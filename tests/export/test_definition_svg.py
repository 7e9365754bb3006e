"""SVG: a picture that a parser reads, that says what it shows, and that runs nothing."""

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given

from tests import make_rules
from tests.export.definitions import definitions, hostile
from workflow.domain.definition import Definition
from workflow.export.definition_diagram import diagram_of
from workflow.export.definition_svg import write_inline_svg, write_svg

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "rect", "circle", "path", "text"}


def parsed(picture: str) -> Element:
    """Read a picture of ours."""
    return fromstring(picture)  # noqa: S314 - the picture is the test's own


def names(root: Element) -> set[str]:
    """Return the names of the elements in a picture."""
    return {each.tag.removeprefix(SVG) for each in root.iter()}


@given(definition=definitions())
def test_whatever_a_label_says_the_picture_holds_it_as_text(definition: Definition) -> None:
    root = parsed(write_svg(definition, "uz", "proposed"))
    assert names(root) <= ELEMENTS
    said = root.findtext(f"{SVG}desc") or ""
    diagram = diagram_of(definition, "uz", "proposed")
    used = [each.label for each in diagram.steps]
    assert [label for label in used if label not in said] == []
    assert root.findtext(f"{SVG}title") == diagram.title


def test_a_picture_within_a_page_brings_no_style_no_script_and_no_link() -> None:
    root = parsed(write_inline_svg(hostile(), "en", "proposed"))
    assert names(root) == ELEMENTS - {"style"}
    attributes = {key for each in root.iter() for key in each.attrib}
    assert not {key for key in attributes if key.startswith("on") or "href" in key}
    assert "style" not in attributes


def test_a_picture_is_named_and_described_for_those_who_do_not_see_it() -> None:
    definition = Definition.from_mapping(make_rules.rules())
    root = parsed(write_inline_svg(definition, "en", "agreed"))
    ids = {each.get("id"): each for each in root.iter() if each.get("id")}
    assert root.get("role") == "img"
    assert ids[root.get("aria-labelledby")].text == "Charter"
    described = ids[root.get("aria-describedby")].text or ""
    assert described.startswith("current state: agreed. proposed → agreed: Agree (by itself, ")


def test_the_present_state_alone_is_lit_and_says_so() -> None:
    definition = Definition.from_mapping(make_rules.rules())
    root = parsed(write_inline_svg(definition, "en", "agreed"))
    lit = [each for each in root.iter() if "flow-now" in each.get("class", "")]
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert (len(lit), texts.count("current state")) == (1, 1)
    assert texts.index("current state") == texts.index("agreed") + 1


def test_no_state_is_lit_without_a_proposal() -> None:
    picture = write_inline_svg(Definition.from_mapping(make_rules.rules()), "en")
    assert "flow-now" not in picture
