"""Who has signed and who is waited for, as a grid of roles and parties, told by the step's tree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.domain.commands import Decision
from workflow.domain.explain import Node, Office, Word, all_nodes
from workflow.domain.identity import Viewer
from workflow.persistence.situations import Situation, held_seat
from workflow.queries.waits import Holders, may_sign

YOURS, VOID, NOT_REQUIRED, SILENT = "yours", "void", "not_required", "silent"

_STATUS = {
    Word.SEAT_SIGNED: "signed",
    Word.SEAT_RESERVED: "reserved",
    Word.SEAT_AD_REFERENDUM: "ad_referendum",
    Word.SEAT_ABSTAINED: "abstained",
    Word.SEAT_OBJECTED: "objected",
    Word.SEAT_ON_PAPER: "on_paper",
    Word.SEAT_WAITING: "waiting",
    Word.SEAT_NOT_OPEN: "not_open",
    Word.SEAT_NOT_NEEDED: NOT_REQUIRED,
}
_RANK = {"proposer": 0, "lead": 0, "host": 0, "member": 1, "contributor": 2}
_LAST = 3
_UNANSWERED = ("waiting", "not_open")
_YOURS = {
    Word.SEAT_WAITING: Decision.APPROVE,
    Word.SEAT_AD_REFERENDUM: Decision.CONFIRM,
    Word.SEAT_ON_PAPER: Decision.CONFIRM,
}
"""What a viewer who may do it would do about a seat that stands so."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one seat stands: by its decision, or why there is none (yours, silent, void ...)."""

    status: str
    person: str = ""
    at: datetime | None = None
    note: str | None = None
    """What they wrote; for a void one, why it is void."""
    holder: str = ""
    """The mandate's holder, where they let the person sign for them."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The seats of one step: a row a role, a cell a party."""

    step: str
    parties: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Void:
    """A sign-off on an earlier revision, which the present one made void."""

    person: str
    at: datetime
    because: str


def build_matrix(
    step: str, tree: Node, yours: frozenset[Office], notes: Mapping[Office, str | None],
    voids: Mapping[Office, Void], order: Sequence[str],
) -> Matrix:  # fmt: skip
    """Lay a step's tree out as a grid, its parties in the given order."""
    cells: dict[Office, Cell] = {}
    for node in _seats(tree):
        office = str(node.named["party"]), str(node.named["role"])
        cell = _cell(node, office, yours, notes, voids)
        # A seat that two parts ask for is shown by the part that still wants it.
        if office not in cells or cells[office].status == NOT_REQUIRED:
            cells[office] = cell
    asked = {party for party, _ in cells}
    parties = (*(p for p in order if p in asked), *sorted(asked.difference(order)))
    roles = dict.fromkeys(role for _, role in cells)
    return Matrix(
        step,
        parties,
        tuple(
            (role, tuple(cells.get((party, role), Cell(NOT_REQUIRED)) for party in parties))
            for role in roles
        ),
    )


def in_order(parties: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Order parties by what they are to the proposal: leading ones, members, contributors."""

    def rank(code: str) -> int:
        return min((_RANK.get(capacity, _LAST) for capacity in parties[code]), default=_LAST)

    return tuple(sorted(parties, key=lambda code: (rank(code), code)))


def statuses(tree: Node, yours: frozenset[Office]) -> tuple[str, ...]:
    """Give the status of each seat in reading order, for a row's small grid."""
    return tuple(_status(node, yours) for node in _seats(tree))


def yours_in(
    viewer: Viewer, at: Situation, step: str, tree: Node, holders: Holders
) -> frozenset[Office]:
    """Give the seats that wait and that the viewer may sign or confirm now, as `decide` says."""
    waiting = {
        (str(node.named["party"]), str(node.named["role"]), _YOURS[node.code])
        for node in _seats(tree)
        if node.code in _YOURS
    }
    found = set()
    for party, role, decision in waiting:
        mandate = held_seat(viewer, party, role, at.row.summit)
        if mandate is not None and may_sign(viewer, at, step, mandate, holders, decision):
            found.add((party, role))
    return frozenset(found)


def counts(tree: Node) -> tuple[int, int]:
    """Count the sign-offs a step has and those it needs, none beyond its need."""
    parts = [
        node.named
        for node in all_nodes(tree)
        if node.code in (Word.SIGNOFFS, Word.SIGNOFF) and "not_needed" not in node.named
    ]
    needed = [int(part["need"]) for part in parts]
    signed = [min(int(part["have"]), need) for part, need in zip(parts, needed, strict=True)]
    return sum(signed), sum(needed)


def _seats(tree: Node) -> Iterable[Node]:
    return (node for node in all_nodes(tree) if node.code in _STATUS)


def _status(node: Node, yours: frozenset[Office]) -> str:
    office = str(node.named["party"]), str(node.named["role"])
    if node.code in _YOURS and office in yours:
        return YOURS
    if "silent" in node.named and node.code is not Word.SEAT_NOT_OPEN:
        return SILENT
    return _STATUS[node.code]


def _cell(
    node: Node, office: Office, yours: frozenset[Office], notes: Mapping[Office, str | None],
    voids: Mapping[Office, Void],
) -> Cell:  # fmt: skip
    status, named = _status(node, yours), node.named
    if "person" in named:
        at = datetime.fromisoformat(str(named["at"])) if "at" in named else None
        note = notes.get((office[0], str(named["signed_role"])))
        return Cell(status, str(named["person"]), at, note, str(named.get("holder", "")))
    void = voids.get(office)
    if void is not None and status in _UNANSWERED:
        return Cell(VOID, void.person, void.at, void.because)
    return Cell(status)
