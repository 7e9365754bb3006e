"""Read a leaf back: the strict reverse of `workflow.domain.entry.seal_draft`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from workflow.domain.canonical import CanonicalError, Json
from workflow.domain.entry import LEAF_VERSION, PEOPLE
from workflow.log.canonical import parse_object

_T = TypeVar("_T")


class LeafError(ValueError):
    """Bytes are not a leaf of a version this program knows."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf says. `occurred` is an instant or a date, as written.

    `people` maps actor, on_behalf_of and person to pseudonyms, `digests` the names of texts to
    the digests of their disclosures.
    """

    kind: str
    via: str
    at: str
    occurred: str | None
    chain: str
    sequence: int
    prev: str | None
    reference: str | None
    revision: int | None
    party: str | None
    role: str | None
    step: str | None
    from_state: str | None
    to_state: str | None
    change: str | None
    people: Mapping[str, str]
    digests: Mapping[str, str]
    facts: Mapping[str, Json]

    @property
    def place(self) -> str:
        """Name the entry for people: its chain and number."""
        return f"{self.chain} #{self.sequence}"


def read_leaf(content: bytes) -> Leaf:
    """Return what a leaf says.

    Raises: LeafError when the bytes are not canonical, of another version or malformed.
    """
    try:
        body = parse_object(content)
    except CanonicalError as cause:
        raise LeafError(f"the leaf is {cause}") from cause
    if _need(body, "v", int) != LEAF_VERSION:
        raise LeafError(f"the leaf's version is not {LEAF_VERSION}")
    _need(body, "id", str)
    return _leaf(body, _mapping(body, "actor"), _mapping(body, "object"))


def _leaf(body: Mapping[str, Json], actor: Mapping[str, Json], about: Mapping[str, Json]) -> Leaf:
    return Leaf(
        kind=_need(body, "kind", str),
        via=_need(body, "via", str),
        at=_need(body, "at", str),
        occurred=_take(body, "occurred_at", str) or _take(body, "occurred_on", str),
        chain=_need(about, "chain", str),
        sequence=_need(about, "sequence", int),
        prev=_take(about, "prev", str),
        reference=_take(about, "proposal", str),
        revision=_take(about, "revision", int),
        party=_take(actor, "party", str),
        role=_take(actor, "role", str),
        step=_take(body, "step", str),
        from_state=_take(body, "from", str),
        to_state=_take(body, "to", str),
        change=_take(body, "change", str),
        people=_people(actor, about),
        digests=_digests(body),
        facts=_mapping(body, "facts") if "facts" in body else {},
    )


def _people(actor: Mapping[str, Json], about: Mapping[str, Json]) -> dict[str, str]:
    found = (
        _take(actor, "pseudonym", str),
        _take(actor, "on_behalf_of", str),
        _take(about, "person", str),
    )
    return {name: each for name, each in zip(PEOPLE, found, strict=True) if each is not None}


def _digests(body: Mapping[str, Json]) -> dict[str, str]:
    if "disclosures" not in body:
        return {}
    digests = _mapping(body, "disclosures")
    return {name: _need(digests, name, str) for name in digests}


def _mapping(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise LeafError(f"the leaf has no {name}")
    return value


def _need(body: Mapping[str, Json], name: str, sort: type[_T]) -> _T:
    value = _take(body, name, sort)
    if value is None:
        raise LeafError(f"the leaf has no {name}")
    return value


def _take(body: Mapping[str, Json], name: str, sort: type[_T]) -> _T | None:
    value = body.get(name)
    # Exactly the type: True is an int in Python, and no revision.
    if value is None or type(value) is sort:
        return value
    raise LeafError(f"{name} in the leaf is not a {sort.__name__}")
