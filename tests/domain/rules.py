"""Random rules of the whole language, random parties and policies: what must hold of every rule."""

import json
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from workflow.domain.deadlines import Span
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    PartiesPresent,
    SignOffs,
    Silence,
)

ROLES = ("finance_ministry", "line_ministry", "line_ministry.transport", "line_ministry.energy")
CODES = ("UZ", "JP", "KZ", "JICA")
SORTS = {"UZ": "state", "JP": "state", "KZ": "state", "JICA": "organisation"}
CAPACITIES = ("proposer", "lead", "member", "contributor")
STATES = ("implemented", "discontinued")
"""Those that a child may be in."""

LABELS = dict.fromkeys(("en", "ja", "uz", "ru"), "x")
TOKYO = "Asia/Tokyo"

_several = st.sets(st.sampled_from(CAPACITIES), min_size=1, max_size=2)
_asked = _several.map(lambda caps: tuple(sorted(caps)))
_sorts = st.none() | st.sampled_from(("state", "organisation"))
_shares = st.sampled_from((Fraction(1, 2), Fraction(2, 3), Fraction(1)))
_stages = st.none() | st.sampled_from(("first", "second"))

parties = st.dictionaries(st.sampled_from(CODES), _several | st.just({"observer"}), min_size=1).map(
    lambda held: {code: (SORTS[code], frozenset(caps)) for code, caps in held.items()}
)

signoffs = st.builds(
    SignOffs,
    capacities=_asked,
    role=st.sampled_from(ROLES),
    at_least=st.none() | st.integers(1, 3) | _shares,
    sort=_sorts,
    counting=_sorts,
    abstentions_count=st.booleans(),
) | st.builds(
    SignOffs,
    capacities=_asked,
    role=st.sampled_from(ROLES),
    at_least=_shares,
    more_than=st.just(value=True),
)
named = st.builds(
    NamedSignOff, st.sampled_from(CODES), st.sampled_from(ROLES), abstentions_count=st.booleans()
)
signing = signoffs | named
silences = st.builds(
    Silence, _asked, st.sampled_from(ROLES), st.just(Span(days=14)), st.just(TOKYO), _sorts
)
dates = st.just(DateReached(TOKYO, on=date(2026, 5, 1)))
documents = st.builds(
    EvidenceCount, st.just("report"), st.integers(1, 2), st.booleans(), st.just(()) | _asked, _sorts
)
facts = st.one_of(
    documents,
    st.just(FieldFilled("amount")),
    st.builds(ChildrenIn, st.just(STATES[:1]) | st.just(STATES), st.none() | st.integers(1, 2)),
    st.builds(PartiesPresent, _asked, st.integers(1, 2), _sorts),
    dates,
    silences,
)


def _groups(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Group]:
    """Make groups over these parts: all of them, or so many; staged or not."""
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.builds(Group, several, _stages) | several.flatmap(_some)


def _some(parts: tuple[Part, ...]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.just(parts), _stages, st.integers(1, len(parts)))


def _rules(leaves: st.SearchStrategy[Part], most: int = 8) -> st.SearchStrategy[Group]:
    """Make rules over these leaves, nested up to three deep."""
    return _groups(_groups(leaves) | leaves | _groups(leaves | _groups(leaves))).filter(
        lambda rule: _size(rule) <= most
    )


def _size(part: Part) -> int:
    return sum(map(_size, part.parts)) if isinstance(part, Group) else 1


rules = _rules(signing | facts)
"""Rules of the whole language."""

consents = _rules(signing, most=4)
"""Rules that ask for sign-offs alone."""


def definition_of(
    needs: Part, *, block_at: int | None = 1, objecting: frozenset[str] = frozenset(CAPACITIES),
    person_once: bool = False,
) -> Definition:  # fmt: skip
    """Make a definition whose one step needs this."""
    step = StepRule(
        name="agree", sources=frozenset({"proposed"}), to="agreed", needs=needs, labels=LABELS,
        meaning=LABELS, by=("secretariat",), objections_from=objecting, block_at=block_at,
        person_once=person_once,
    )  # fmt: skip
    return Definition(
        kind="test", labels=LABELS, states={"proposed": LABELS, "agreed": LABELS},
        steps={"agree": step}, fields={}, material=frozenset(), meaning={},
        document=json.dumps(repr((needs, block_at, sorted(objecting), person_once))),
    )  # fmt: skip


laws = st.builds(
    definition_of,
    rules,
    block_at=st.none() | st.integers(1, 2),
    objecting=_several.map(frozenset),
    person_once=st.booleans(),
)
"""Definitions of one step, under every policy for objections and for one person's sign-offs."""
