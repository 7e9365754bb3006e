"""Whether there are enough people for the seats: one person fills one.

Maximum flow by augmenting paths, from demands over their seats to people. Two hundred seats take
milliseconds, so forty lines spare a library. Source: Ford and Fulkerson 1956; Hall 1935.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Seat: TypeAlias = str
Node: TypeAlias = tuple[str, object]

_SOURCE: Node = ("source", "")
_SINK: Node = ("sink", "")


@dataclass(frozen=True, slots=True)
class Demand:
    """So many of these seats must be filled, each by one of its people."""

    count: int
    seats: tuple[tuple[Seat, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Seats for which there are fewer people than must sit there."""

    seats: tuple[Seat, ...]
    people: tuple[int, ...]


def shortage(demands: Sequence[Demand]) -> Shortage | None:
    """Find seats that cannot all be filled; None where they can. No seat is in two demands."""
    room = _room(demands)
    while path := _path(room):
        for start, end in pairwise(path):
            room[start][end] -= 1
            room[end][start] += 1
    if all(left == 0 for left in room[_SOURCE].values()):
        return None
    # What the source still reaches is where too many seats compete for too few people.
    reached = _reached(room)
    seats = tuple(sorted(str(name) for kind, name in reached if kind == "seat"))
    people = tuple(sorted(int(str(name)) for kind, name in reached if kind == "person"))
    return Shortage(seats, people)


def _room(demands: Sequence[Demand]) -> dict[Node, dict[Node, int]]:
    room: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
    for number, demand in enumerate(demands):
        asking: Node = ("demand", number)
        room[_SOURCE][asking] = demand.count
        for name, people in demand.seats:
            seat: Node = ("seat", name)
            room[asking][seat] = 1
            for person in people:
                room[seat]["person", person] = 1
                room["person", person][_SINK] = 1
    return room


def _reached(room: dict[Node, dict[Node, int]]) -> dict[Node, Node]:
    """Give every node that there is room to get to, and the one before it."""
    before = {_SOURCE: _SOURCE}
    ahead = deque([_SOURCE])
    while ahead:
        node = ahead.popleft()
        for further, left in tuple(room[node].items()):
            if left > 0 and further not in before:
                before[further] = node
                ahead.append(further)
    return before


def _path(room: dict[Node, dict[Node, int]]) -> list[Node]:
    before = _reached(room)
    if _SINK not in before:
        return []
    path = [_SINK]
    while path[-1] != _SOURCE:
        path.append(before[path[-1]])
    return path[::-1]
