"""What an explanation is made of: nodes that say in codes what a step asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflow.domain.commands import Decision
from workflow.domain.verdicts import Param

Office = tuple[str, str]
"""A party and a role of it."""


class Word(StrEnum):
    """What a node speaks of; sentences live at the edge."""

    STEP = "step"
    OPEN_HERE = "open_here"
    REVISION_PRESENT = "revision_present"
    NO_OBJECTION = "no_objection"
    SOMEBODY_CAN_SIGN = "somebody_can_sign"
    LASTS = "lasts"
    IN_EFFECT = "in_effect"
    ALL = "all"
    AT_LEAST = "at_least"
    STAGE = "stage"
    SIGNOFFS = "signoffs"
    SIGNOFF = "signoff"
    SILENCE = "silence"
    EVIDENCE = "evidence"
    FIELD = "field"
    DATE = "date"
    CHILDREN = "children"
    PARTIES = "parties"
    SEAT_SIGNED = "seat_signed"
    SEAT_RESERVED = "seat_reserved"
    SEAT_AD_REFERENDUM = "seat_ad_referendum"
    SEAT_ABSTAINED = "seat_abstained"
    SEAT_OBJECTED = "seat_objected"
    SEAT_ON_PAPER = "seat_on_paper"
    SEAT_WAITING = "seat_waiting"
    SEAT_NOT_OPEN = "seat_not_open"
    SEAT_NOT_NEEDED = "seat_not_needed"


@dataclass(frozen=True, slots=True)
class Answered:
    """A live sign-off and who made it."""

    step: str
    party: str
    role: str
    decision: Decision
    person: str = ""
    """Their name; '' where nobody is known, as in a simulation."""
    at: datetime | None = None
    note: str | None = None
    holder: str = ""
    """The name of the mandate's holder, where they let somebody else sign."""
    awaits_confirmation: bool = False
    weighs: bool = True

    @property
    def word(self) -> Word:
        """Say how the seat stands by it."""
        return Word.SEAT_ON_PAPER if self.awaits_confirmation else _WORDS[self.decision]


_WORDS = {
    Decision.APPROVE: Word.SEAT_SIGNED,
    Decision.CONFIRM: Word.SEAT_SIGNED,
    Decision.RESERVE: Word.SEAT_RESERVED,
    Decision.AD_REFERENDUM: Word.SEAT_AD_REFERENDUM,
    Decision.ABSTAIN: Word.SEAT_ABSTAINED,
    Decision.OBJECT: Word.SEAT_OBJECTED,
}


@dataclass(frozen=True, slots=True)
class Node:
    """One thing a step asks for, whether it holds, and who could bring it forward now.

    What no longer matters, since enough of its alternatives hold, counts as satisfied and says
    `not_needed`.
    """

    code: Word
    satisfied: bool
    params: tuple[tuple[str, Param], ...] = ()
    parts: tuple["Node", ...] = ()
    awaited: tuple[Office, ...] = ()

    @property
    def named(self) -> dict[str, Param]:
        """Give the parameters by name."""
        return dict(self.params)


def make_node(code: Word, *, satisfied: bool, **params: Param) -> Node:
    """Make a node whose parameters are in a fixed order."""
    return Node(code, satisfied, tuple(sorted(params.items())))


def all_nodes(node: Node) -> Iterator[Node]:
    """Give a node and everything below it, in reading order."""
    yield node
    for part in node.parts:
        yield from all_nodes(part)
