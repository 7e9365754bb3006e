"""How many parties a proposal has in each capacity: all a rule needs to know about them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

CAPACITIES = ("proposer", "lead", "member", "contributor", "host", "observer")
"""Every capacity, in the order screens list them. Source: DOMAIN.md, 'capacity'."""

SORTS = ("state", "organisation")


@dataclass(frozen=True, slots=True)
class Shape:
    """The number of parties for each (sort, set of capacities)."""

    groups: tuple[tuple[str, frozenset[str], int], ...]

    def parties(self, capacities: Iterable[str], sort: str | None = None) -> int:
        """Count the distinct parties that hold any of the capacities; each counts once."""
        wanted = frozenset(capacities)
        return sum(
            number
            for of_sort, held, number in self.groups
            if sort in (None, of_sort) and not wanted.isdisjoint(held)
        )


def write_shape(parties: Mapping[str, tuple[str, frozenset[str]]]) -> str:
    """Write the shape of {code: (sort, capacities)}: `state:lead=1,state:lead+proposer=1`."""
    counts = Counter(f"{sort}:{'+'.join(sorted(held))}" for sort, held in parties.values())
    return ",".join(f"{key}={number}" for key, number in sorted(counts.items()))


@lru_cache(maxsize=4096)
def read_shape(written: str) -> Shape:
    """Read what `write_shape` wrote."""
    return Shape(tuple(_read_group(group) for group in written.split(",") if group))


def _read_group(group: str) -> tuple[str, frozenset[str], int]:
    kind, _, number = group.rpartition("=")
    sort, _, held = kind.partition(":")
    return sort, frozenset(held.split("+")), int(number)
