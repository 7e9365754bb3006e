"""What a step can ask for, one thing at a time: the leaves of the rule algebra.

A leaf is judged over one number, how many parties, documents or children it has gathered; how
many it needs follows from the leaf and the proposal's shape. Nothing here knows who signed.
Source: DOMAIN.md, 'What a sign-off rule must be able to say'.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from workflow.domain.commands import Decision
from workflow.domain.deadlines import Span
from workflow.domain.shape import Shape


def role_covers(wanted: str, held: str) -> bool:
    """Say whether a role may act where another is asked: a dotted role is its head, too."""
    return held == wanted or held.startswith(wanted + ".")


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that can sign: a party with its capacities in the proposal, and a role."""

    party: str
    role: str
    capacities: frozenset[str]
    sort: str

    def is_among(self, capacities: Iterable[str], sort: str | None) -> bool:
        """Say whether its party takes part in one of these capacities, and is of this sort."""
        return not self.capacities.isdisjoint(capacities) and sort in (None, self.sort)

    def in_role(self, role: str) -> "Seat":
        """Give the same party's seat in another role."""
        return Seat(self.party, role, self.capacities, self.sort)


@dataclass(frozen=True, slots=True)
class SignOffs:
    """Each party in these capacities signs in this role; or so many, or such a share, of them."""

    capacities: tuple[str, ...]
    role: str
    at_least: int | Fraction | None = None
    """How many parties, or which share of those that count; None means every one."""
    sort: str | None = None
    """Only states, or only organisations, are asked."""
    more_than: bool = False
    """The share itself is not enough."""
    counting: str | None = None
    """Only states, or only organisations, count; the others sign beside them."""
    abstentions_count: bool = False

    def needed(self, shape: Shape) -> int:
        """Count the parties that must sign."""
        if isinstance(self.at_least, int):
            return self.at_least
        parties = self.seats(shape)
        if self.at_least is None or parties == 0:
            return parties
        share = self.at_least * parties
        return floor(share) + 1 if self.more_than else ceil(share)

    def seats(self, shape: Shape) -> int:
        """Count the parties whose sign-off could count."""
        if self.sort and self.counting and self.sort != self.counting:
            return 0
        return shape.parties(self.capacities, self.counting or self.sort)

    def asks(self, seat: Seat) -> bool:
        """Say whether a party may sign here in this seat."""
        return role_covers(self.role, seat.role) and seat.is_among(self.capacities, self.sort)

    def counts(self, seat: Seat, decision: Decision) -> bool:
        """Say whether this decision from this seat counts here."""
        weighty = decision.approves or (decision is Decision.ABSTAIN and self.abstentions_count)
        return weighty and self.asks(seat) and self.counting in (None, seat.sort)


@dataclass(frozen=True, slots=True)
class NamedSignOff:
    """This party signs in this role."""

    party: str
    role: str
    abstentions_count: bool = False

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the parties that must sign: one."""
        return 1

    def seats(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the parties that could sign: one."""
        return 1

    def asks(self, seat: Seat) -> bool:
        """Say whether a party may sign here in this seat."""
        takes_part = bool(seat.capacities - {"observer"})
        return takes_part and seat.party == self.party and role_covers(self.role, seat.role)

    def counts(self, seat: Seat, decision: Decision) -> bool:
        """Say whether this decision from this seat counts here."""
        weighty = decision.approves or (decision is Decision.ABSTAIN and self.abstentions_count)
        return weighty and self.asks(seat)


@dataclass(frozen=True, slots=True)
class Silence:
    """A deadline has passed until which these could object; whether one did, the step judges."""

    capacities: tuple[str, ...]
    role: str
    span: Span
    place: str
    sort: str | None = None

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count one: the deadline."""
        return 1

    def seats(self, shape: Shape) -> int:
        """Count the parties that could object."""
        return shape.parties(self.capacities, self.sort)

    def asks(self, seat: Seat) -> bool:
        """Say whether a party may object in this seat."""
        return role_covers(self.role, seat.role) and seat.is_among(self.capacities, self.sort)


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """At least `count` documents of a type, verified where asked; from each party where said."""

    type: str
    count: int
    verified: bool
    capacities: tuple[str, ...] = ()
    """Every party in these capacities supplies so many; empty means all documents together."""
    sort: str | None = None

    def needed(self, shape: Shape) -> int:
        """Count the documents that must be there, or the parties that must have supplied."""
        if self.capacities:
            return shape.parties(self.capacities, self.sort)
        return self.count

    def asks(self, seat: Seat) -> bool:
        """Say whether this party's documents are asked for, whoever of it supplies them."""
        return not self.capacities or seat.is_among(self.capacities, self.sort)


@dataclass(frozen=True, slots=True)
class FieldFilled:
    """A field of the proposal has a value."""

    name: str

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count one: the value."""
        return 1


@dataclass(frozen=True, slots=True)
class DateReached:
    """A local date of a place has come: a fixed one, or the one a field holds."""

    place: str
    field: str | None = None
    on: date | None = None

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count one: the date."""
        return 1


@dataclass(frozen=True, slots=True)
class ChildrenIn:
    """The proposal's children are in one of these states: every one, or so many."""

    states: tuple[str, ...]
    at_least: int | None = None

    def needed(self, shape: Shape) -> int:
        """Count the children that must be there; a roll-up of nothing is not reached."""
        return self.at_least if self.at_least is not None else max(1, shape.children)


@dataclass(frozen=True, slots=True)
class PartiesPresent:
    """So many parties take part in these capacities."""

    capacities: tuple[str, ...]
    at_least: int
    sort: str | None = None

    def needed(self, shape: Shape) -> int:  # noqa: ARG002 - every leaf is asked alike
        """Count the parties that must take part."""
        return self.at_least

    def present(self, shape: Shape) -> int:
        """Count the parties that do."""
        return shape.parties(self.capacities, self.sort)


SigningLeaf: TypeAlias = SignOffs | NamedSignOff
TimeLeaf: TypeAlias = Silence | DateReached
Leaf: TypeAlias = (
    SignOffs
    | NamedSignOff
    | Silence
    | EvidenceCount
    | FieldFilled
    | DateReached
    | ChildrenIn
    | PartiesPresent
)
