"""Who acts, by which route, and on what authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflow.domain.requirement import role_covers

JOINT_SECRETARIAT = "SECRETARIAT"
"""The code of the party that carries the summits' proposals, and signs none."""


class Via(StrEnum):
    """The route an act came by, kept in its entry."""

    WEB = "web"
    CLI = "cli"
    IMPORT = "import"
    DUE_WORK = "due-work"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who has proved who they are, and how; their authority is read in the transaction."""

    person_id: int
    login: str
    pseudonym: str
    via: Via
    credential: str | None = None
    """The identity of the token or session the act came by, never its secret."""


CALENDAR = Caller(0, "", "", Via.DUE_WORK)
"""Who brings about what is due: nobody. No person has this number, so it can decide nothing."""

MOST_DEPTH = 3
"""How often a mandate may be passed on in all; a definition says how often for its own steps."""


@dataclass(frozen=True, slots=True)
class Delegated:
    """How a mandate came to somebody who does not hold it themselves.

    `depth` counts the delegations between the holder and the delegate; `givers` are everybody
    but the delegate, the one who gave it to them first and the holder last.
    """

    id: int
    depth: int
    holder_id: int
    givers: tuple[int, ...]
    holder_pseudonym: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role of a party, held from an instant (inclusive) to another (exclusive).

    With a `delegation` it is somebody else's, and the instants are those of the delegation.
    """

    id: int
    party: str
    role: str
    summit: str | None
    starts_at: datetime
    ends_at: datetime | None
    delegation: Delegated | None = None

    @property
    def through(self) -> tuple[int, ...]:
        """Give everybody through whom it came by delegation, its holder last."""
        return self.delegation.givers if self.delegation else ()

    @property
    def holder_pseudonym(self) -> str | None:
        """Name in the log whose mandate it is, where it came by delegation."""
        return self.delegation.holder_pseudonym if self.delegation else None

    def holds_at(self, at: datetime) -> bool:
        """Say whether the mandate is in force at an instant."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


APART = ("administrator", "auditor", "verifier")
"""Roles that watch over a party's acts, and therefore do none of them."""


def speaks_for_party(role: str) -> bool:
    """Say whether a role may propose, edit and supply documents in its party's name."""
    return not any(role_covers(apart, role) for apart in APART)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a question is answered for; `operator` sees all, as they have the database."""

    person_id: int | None
    mandates: tuple[Mandate, ...]
    operator: bool = False

    @property
    def parties(self) -> frozenset[str]:
        """Give the parties in whose name the viewer holds a mandate."""
        return frozenset(mandate.party for mandate in self.mandates)

    @property
    def own(self) -> tuple[Mandate, ...]:
        """Give the mandates that the viewer holds themselves.

        Nobody proposes, edits or supplies for another: the holder would be free to sign what was
        put forward in their name. Source: DOMAIN.md, 'separation of duties is checked after
        delegation'.
        """
        return tuple(mandate for mandate in self.mandates if mandate.delegation is None)

    @property
    def overseen_summits(self) -> frozenset[str | None]:
        """Give the summits the joint secretariat's mandates let them see; None means all."""
        return frozenset(
            mandate.summit
            for mandate in self.mandates
            if mandate.party == JOINT_SECRETARIAT
            and any(role_covers(role, mandate.role) for role in ("secretariat", "auditor"))
        )

    def holds(self, role: str, parties: Iterable[str] | None = None) -> bool:
        """Say whether the viewer holds the role, of one of the parties where given."""
        return any(
            role_covers(role, mandate.role) and (parties is None or mandate.party in parties)
            for mandate in self.mandates
        )


OPERATOR = Viewer(None, (), operator=True)
"""Who reads on the command line without naming anybody: the machine's operator."""
