"""Lints the words of a definition: roles, documents, parties, states, names and meanings."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workflow.domain.countries import OTHERS, RESERVED, STATES_OF_THE_WORLD
from workflow.domain.definition import Definition
from workflow.domain.definition_reader import STATES
from workflow.domain.findings import Fault, Finding, Level
from workflow.domain.leaf import ChildrenIn, EvidenceCount, NamedSignOff, SignOffs, Silence
from workflow.domain.lint_places import Placed, PlacedRule
from workflow.domain.names import is_role, judge_party_code
from workflow.domain.reading import nearest
from workflow.domain.requirement import Leaf
from workflow.domain.texts import is_unsafe
from workflow.domain.vocabulary import Vocabulary

LONGEST_NAME = 60
"""Characters of a name that stands in addresses and columns."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_SAID = ("agreed", "implemented")
"""States that mean something else for each kind. Source: DOMAIN.md, 'The life of a proposal'."""


@dataclass(frozen=True, slots=True)
class Known:
    """The words that a definition may use beside its own."""

    vocabulary: Vocabulary
    parties: Collection[str] | None = None
    """Codes of the parties of a deployment; None where nobody knows them."""
    states: Collection[str] = ()
    """States of other kinds."""


def lint_words(
    definition: Definition, rules: Iterable[PlacedRule], known: Known
) -> Iterator[Finding]:
    """Find words that nobody knows, names that cannot stand in an address, unsaid meanings."""
    yield from _names(definition)
    yield from _texts(json.loads(definition.document), "")
    yield from _meanings(definition)
    for rule in rules:
        for at, role in enumerate(rule.step.by):
            yield from _role(f"{rule.place}.by[{at}]", role, known)
        for placed, leaf in rule.leaves:
            yield from _leaf(definition, placed, leaf, known)


def _names(definition: Definition) -> Iterator[Finding]:
    named = [("kind", definition.kind)]
    for table in ("states", "steps", "fields"):
        named += [(f"{table}.{name}", name) for name in getattr(definition, table)]
    for place, name in named:
        if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
            yield Finding(
                Fault.UNSAFE_NAME,
                place,
                f"{name[:LONGEST_NAME]!r} cannot stand in an address",
                f"Use up to {LONGEST_NAME} of a-z, 0-9, - and _, a letter first.",
            )


def _texts(said: Any, place: str) -> Iterator[Finding]:  # noqa: ANN401 - as written
    """Find what a reader would not see: signs that turn or hide the words around them."""
    if isinstance(said, dict | list):
        within = said.items() if isinstance(said, dict) else enumerate(said)
        for key, each in within:
            if isinstance(said, list):
                yield from _texts(each, f"{place}[{key}]")
            else:
                yield from _texts(each, f"{place}.{key}" if place else str(key))
    elif isinstance(said, str) and is_unsafe(said, lines=True):
        problem = "holds signs that nobody sees, or that turn the text around them"
        yield Finding(Fault.UNSAFE_TEXT, place, problem, "Write it again without them.")


def _meanings(definition: Definition) -> Iterator[Finding]:
    for state in definition.meaning:
        if state not in definition.states:
            yield Finding(
                Fault.UNKNOWN_STATE,
                f"meaning.{state}",
                f"{state!r} is not among the states of this kind",
                nearest(state, definition.states),
            )
    for state in _SAID:
        if state in definition.states and state not in definition.meaning:
            yield Finding(
                Fault.MISSING_MEANING,
                "meaning",
                f"nobody says what {state!r} means for this kind",
                f"Say it under `meaning: {{{state}: ...}}` in every language.",
                Level.NOTE,
            )


def _leaf(definition: Definition, placed: Placed, leaf: Leaf, known: Known) -> Iterator[Finding]:
    match leaf:
        case NamedSignOff(party=party, role=role):
            yield from _role(f"{placed.place}.role", role, known)
            yield from _party(f"{placed.place}.party", party, known)
        case SignOffs(role=role) | Silence(role=role):
            yield from _role(f"{placed.place}.role", role, known)
        case EvidenceCount(type=of_type):
            yield from _evidence(f"{placed.place}.type", of_type, known)
        case ChildrenIn(states=states):
            yield from _children(definition, f"{placed.place}.in", states, known)


def _role(place: str, role: str, known: Known) -> Iterator[Finding]:
    if is_role(role) and known.vocabulary.knows_role(role):
        return
    yield Finding(
        Fault.UNKNOWN_ROLE,
        place,
        f"{role!r} is no role that anybody can hold",
        nearest(role, known.vocabulary.groups.get("roles", {})) or "The vocabulary lists them.",
    )


def _evidence(place: str, of_type: str, known: Known) -> Iterator[Finding]:
    if known.vocabulary.knows("evidence", of_type):
        return
    types = known.vocabulary.groups.get("evidence", {})
    yield Finding(
        Fault.UNKNOWN_EVIDENCE,
        place,
        f"{of_type!r} is no type of document that can be supplied",
        nearest(of_type, types) or "The vocabulary lists them.",
    )


def _party(place: str, code: str, known: Known) -> Iterator[Finding]:
    if judge_party_code(code):
        yield Finding(
            Fault.UNKNOWN_PARTY,
            place,
            f"{code!r} cannot be a party's code",
            "Codes are capital letters and digits, such as UZ or JICA.",
        )
    elif known.parties is not None and code not in known.parties:
        meant = nearest(code, known.parties) or "Import it with `summit parties import`."
        yield _unknown_party(place, f"{code!r} is not among the parties here", meant)
    elif len(code) == 2 and code not in STATES_OF_THE_WORLD | RESERVED:  # noqa: PLR2004 - ISO 3166-1, alpha-2
        meant = f"Did you mean {OTHERS[code]!r}?" if code in OTHERS else ""
        yield _unknown_party(place, f"{code!r} is no state's code in ISO 3166-1", meant)


def _unknown_party(place: str, problem: str, suggestion: str) -> Finding:
    return Finding(Fault.UNKNOWN_PARTY, place, problem, suggestion, Level.WARNING)


def _children(
    definition: Definition, place: str, states: Iterable[str], known: Known
) -> Iterator[Finding]:
    all_known = {*STATES, *definition.states, *known.states}
    for state in states:
        if state not in all_known:
            yield Finding(
                Fault.UNKNOWN_STATE,
                place,
                f"{state!r} is a state of no kind that is known",
                nearest(state, all_known),
                Level.WARNING,
            )
