"""How many parties a proposal has in each capacity: all a rule needs to know about them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

CAPACITIES = ("proposer", "lead", "member", "contributor", "host", "observer")
"""Every capacity, in the order screens list them. Source: DOMAIN.md, 'capacity'."""

SORTS = ("state", "organisation")
CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Shape:
    """The number of parties for each (sort, set of capacities), and the number of children."""

    groups: tuple[tuple[str, frozenset[str], int], ...]
    children: int = 0

    def parties(self, capacities: Iterable[str], sort: str | None = None) -> int:
        """Count the distinct parties that hold any of the capacities; each counts once."""
        wanted = frozenset(capacities)
        return sum(
            number
            for of_sort, held, number in self.groups
            if sort in (None, of_sort) and not wanted.isdisjoint(held)
        )


def write_shape(parties: Mapping[str, tuple[str, frozenset[str]]], children: int = 0) -> str:
    """Write the shape of {code: (sort, capacities)}: `children=2,state:lead=1,state:member=3`."""
    counts = Counter(f"{sort}:{'+'.join(sorted(held))}" for sort, held in parties.values())
    if children:
        counts[CHILDREN] = children
    return ",".join(f"{key}={number}" for key, number in sorted(counts.items()))


@lru_cache(maxsize=4096)
def read_shape(written: str) -> Shape:
    """Read what `write_shape` wrote."""
    numbers = {
        kind: int(number)
        for kind, _, number in (group.rpartition("=") for group in written.split(",") if group)
    }
    children = numbers.pop(CHILDREN, 0)
    return Shape(tuple(_group(kind, number) for kind, number in numbers.items()), children)


def _group(kind: str, number: int) -> tuple[str, frozenset[str], int]:
    sort, _, held = kind.partition(":")
    return sort, frozenset(held.split("+")), number
