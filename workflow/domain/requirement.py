"""The rule algebra: what a step needs, as a small tree of parts.

A rule is evaluated over *counts*, one number a leaf in reading order (DOMAIN.md, 'What a sign-off
rule must be able to say'). Counts say how many parties or documents the leaf has gathered; how many
it needs follows from the leaf and the proposal's shape. Nothing here knows who signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from workflow.domain.shape import Shape

Leaf: TypeAlias = "SignOffs | NamedSignOff | EvidenceCount | FieldFilled"
Part: TypeAlias = "SignOffs | NamedSignOff | EvidenceCount | FieldFilled | Group"
Counts: TypeAlias = tuple[int, ...]


def role_covers(wanted: str, held: str) -> bool:
    """Say whether a role may act where another is asked: a dotted role is its head, too."""
    return held == wanted or held.startswith(wanted + ".")


@dataclass(frozen=True, slots=True)
class SignOffs:
    """Each party in these capacities signs in this role; or at least k of them do."""

    capacities: tuple[str, ...]
    role: str
    at_least: int | None = None
    sort: str | None = None

    def needed(self, shape: Shape) -> int:
        """Count the parties that must sign."""
        if self.at_least is not None:
            return self.at_least
        return shape.parties(self.capacities, self.sort)

    def seats(self, shape: Shape) -> int:
        """Count the parties that could sign."""
        return shape.parties(self.capacities, self.sort)

    def asks(self, seat: "Seat") -> bool:
        """Say whether a sign-off from this seat counts here."""
        return (
            role_covers(self.role, seat.role)
            and not seat.capacities.isdisjoint(self.capacities)
            and self.sort in (None, seat.sort)
        )


@dataclass(frozen=True, slots=True)
class NamedSignOff:
    """This party signs in this role."""

    party: str
    role: str

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the parties that must sign: one."""
        return 1

    def seats(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the parties that could sign: one."""
        return 1

    def asks(self, seat: "Seat") -> bool:
        """Say whether a sign-off from this seat counts here."""
        takes_part = bool(seat.capacities - {"observer"})
        return takes_part and seat.party == self.party and role_covers(self.role, seat.role)


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """At least `count` documents of a type, verified where asked."""

    type: str
    count: int
    verified: bool

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the documents that must be there."""
        return self.count


@dataclass(frozen=True, slots=True)
class FieldFilled:
    """A field of the proposal has a value."""

    name: str

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count one: the value."""
        return 1


@dataclass(frozen=True, slots=True)
class Group:
    """All of the parts; those with a stage open one after another, in written order."""

    parts: tuple[Part, ...]
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that can sign: a party with its capacities in the proposal, and a role."""

    party: str
    role: str
    capacities: frozenset[str]
    sort: str


def leaves(part: Part) -> Iterator[Leaf]:
    """Give the leaves in reading order; a leaf's place in it is its number."""
    if isinstance(part, Group):
        for each in part.parts:
            yield from leaves(each)
    else:
        yield part


def width(part: Part) -> int:
    """Count the leaves."""
    return sum(1 for _ in leaves(part))


def holds(part: Part, counts: Counts, shape: Shape) -> bool:
    """Say whether the counts satisfy every leaf."""
    return all(
        count >= leaf.needed(shape) for leaf, count in zip(leaves(part), counts, strict=True)
    )


def open_leaves(part: Part, counts: Counts, shape: Shape, first: int = 0) -> Iterator[int]:
    """Give the numbers of the leaves whose stage has been reached."""
    if not isinstance(part, Group):
        yield first
        return
    reached = True
    for each in part.parts:
        size = width(each)
        staged = isinstance(each, Group) and each.stage is not None
        if reached or not staged:
            yield from open_leaves(each, counts, shape, first)
        if staged:
            reached = reached and holds(each, counts[first : first + size], shape)
        first += size


def signing_leaves(part: Part) -> Iterator[tuple[int, SignOffs | NamedSignOff]]:
    """Give the leaves that ask for sign-offs, with their numbers."""
    for number, leaf in enumerate(leaves(part)):
        if isinstance(leaf, (SignOffs, NamedSignOff)):
            yield number, leaf


def asking_leaves(part: Part, seat: Seat) -> tuple[int, ...]:
    """Give the numbers of the leaves that a sign-off from this seat counts for."""
    return tuple(number for number, leaf in signing_leaves(part) if leaf.asks(seat))
