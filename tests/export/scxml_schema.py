"""What an SCXML document must be, as far as it can be checked without the schema's files.

Source: W3C, State Chart XML (SCXML), Recommendation of 1 September 2015, 3.2 to 3.13, 4 and 5, and
appendix D (schema): which element may have which attributes, of which type, and which children, in
any order; attributes and elements of other namespaces are allowed where elements are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

SCXML = "{http://www.w3.org/2005/07/scxml}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
_NCNAME = f"[{_START}][{_START}0-9.\u00b7-]*"
_EVENT = f"[{_START}:0-9-]+(?:\\.[{_START}:0-9-]+)*(?:\\.\\*)?"

Type = Callable[[str], bool]


def _matching(pattern: str) -> Type:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


ID = _matching(_NCNAME)
IDREFS = _matching(f"{_NCNAME}(?: {_NCNAME})*")
NMTOKEN = _matching(f"[{_START}0-9.:\u00b7-]+")
EVENTS = _matching(f"\\*|{_EVENT}(?: {_EVENT})*")
TEXT = _matching(".*")
URI = _matching(r"\S*")


@dataclass(frozen=True, slots=True)
class Rule:
    """An element's attributes and children; required ones end in an exclamation mark."""

    attributes: Mapping[str, Type]
    children: frozenset[str] = frozenset()
    mixed: bool = False
    """Text is allowed in it, and with the text anything."""


_EXECUTABLE = frozenset({"raise", "if", "foreach", "send", "script", "assign", "log", "cancel"})
_STATES = frozenset({"state", "parallel", "history", "datamodel", "invoke", "transition"})
_HOOKS = frozenset({"onentry", "onexit"})

ELEMENTS: Mapping[str, Rule] = {
    "scxml": Rule(
        {
            "version!": _matching(r"1\.0"), "initial": IDREFS, "name": NMTOKEN,
            "datamodel": NMTOKEN, "binding": _matching("early|late"),
            "exmode": _matching("lax|strict"),
        },
        frozenset({"state", "parallel", "final", "datamodel", "script"}),
    ),
    "state": Rule({"id": ID, "initial": IDREFS}, _STATES | _HOOKS | {"initial", "final"}),
    "parallel": Rule({"id": ID}, _STATES | _HOOKS),
    "final": Rule({"id": ID}, _HOOKS | {"donedata"}),
    "history": Rule({"id": ID, "type": _matching("shallow|deep")}, frozenset({"transition"})),
    "initial": Rule({}, frozenset({"transition"})),
    "transition": Rule(
        {"event": EVENTS, "cond": TEXT, "target": IDREFS, "type": _matching("internal|external")},
        _EXECUTABLE,
    ),
    "onentry": Rule({}, _EXECUTABLE),
    "onexit": Rule({}, _EXECUTABLE),
    "donedata": Rule({}, frozenset({"content", "param"})),
    "datamodel": Rule({}, frozenset({"data"})),
    "data": Rule({"id!": ID, "src": URI, "expr": TEXT}, mixed=True),
    "raise": Rule({"event!": NMTOKEN}),
    "log": Rule({"label": TEXT, "expr": TEXT}),
    "script": Rule({"src": URI}, mixed=True),
    "content": Rule({"expr": TEXT}, mixed=True),
}  # fmt: skip
"""The elements of the core and data modules that a document of states can do with."""


def faults(document: str) -> list[str]:
    """Return everything that is wrong with a document, a sentence each."""
    root = fromstring(document)  # noqa: S314 - the document is the test's own
    if root.tag != f"{SCXML}scxml":
        return [f"the root is {root.tag}"]
    found = [*_element_faults(root), *_identifier_faults(root), *_state_faults(root)]
    if root.get("datamodel", "null") == "null":
        found += [f"the null data model has no {each}" for each in _uses_of_values(root)]
    return found


def _element_faults(element: Element) -> Iterator[str]:
    name = element.tag.removeprefix(SCXML)
    rule = ELEMENTS.get(name)
    if rule is None:
        yield f"there is no element {name}"
        return
    yield from _attribute_faults(element, name, rule)
    if rule.mixed:
        return
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if any(text.strip() for text in texts):
        yield f"{name} may not hold text"
    for child in element:
        if child.tag.startswith(SCXML):
            if child.tag.removeprefix(SCXML) not in rule.children:
                yield f"{name} may not hold {child.tag.removeprefix(SCXML)}"
            yield from _element_faults(child)
        elif not child.tag.startswith("{"):
            yield f"{child.tag} is in no namespace"


def _attribute_faults(element: Element, name: str, rule: Rule) -> Iterator[str]:
    types = {key.rstrip("!"): value for key, value in rule.attributes.items()}
    for key in rule.attributes:
        if key.endswith("!") and element.get(key[:-1]) is None:
            yield f"{name} has no {key[:-1]}"
    for key, value in element.attrib.items():
        if key.startswith("{") and not key.startswith(SCXML):
            continue
        if key not in types:
            yield f"{name} may not have {key}"
        elif not types[key](value):
            yield f"{name} has the {key} {value!r}"


def _identifier_faults(root: Element) -> Iterator[str]:
    """Check that identifiers are unique and that what is referred to is a state."""
    ids = [each.get("id", "") for each in root.iter() if each.tag.startswith(SCXML)]
    given = [each for each in ids if each]
    yield from (f"the id {each} is given twice" for each in set(given) if given.count(each) > 1)
    states = {
        each.get("id")
        for name in ("state", "parallel", "final", "history")
        for each in root.iter(SCXML + name)
    }
    for element in root.iter():
        for key in ("initial", "target"):
            if element.tag.startswith(SCXML) and (said := element.get(key)):
                yield from (f"there is no state {one}" for one in said.split() if one not in states)


def _state_faults(root: Element) -> Iterator[str]:
    """Check what the text of 3.2, 3.5 and 3.6 asks for beyond the schema."""
    names = ("state", "parallel", "final")
    if not any(child.tag == SCXML + name for child in root for name in names):
        yield "there is no state at all"
    for element in root.iter(SCXML + "transition"):
        if not {"event", "cond", "target"} & set(element.attrib):
            yield "a transition says neither event nor cond nor target"
    for name in ("initial", "history"):
        for element in root.iter(SCXML + name):
            if len(element.findall(SCXML + "transition")) != 1:
                yield f"{name} has not exactly one transition"


def _uses_of_values(root: Element) -> Iterator[str]:
    """Name what the null data model lacks. Source: the same, B.1."""
    for element in root.iter():
        name = element.tag.removeprefix(SCXML)
        if element.tag.startswith(SCXML) and name in {"data", "script", "assign", "foreach"}:
            yield name
        if (cond := element.get("cond")) and not re.fullmatch(r"In\('[^']+'\)", cond):
            yield f"condition {cond}"
