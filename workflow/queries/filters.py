"""What a list of proposals is narrowed to, as conditions on the `proposal` table."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from workflow.domain.identity import Viewer
from workflow.domain.texts import is_storable
from workflow.persistence.proposal_tables import Proposal, ProposalParty, ProposalText, Waiting
from workflow.persistence.selection import visible_to
from workflow.queries.waits import could_wait_for

ALL, MINE, BLOCKED = "all", "mine", "blocked"
VIEWS = (MINE, BLOCKED, ALL)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; None leaves a thing open, `view` is mine, blocked or all."""

    text: str | None = None
    state: str | None = None
    kind: str | None = None
    summit: str | None = None
    party: str | None = None
    view: str = ALL

    @property
    def words(self) -> list[str]:
        """Give everything that was typed."""
        typed = (self.text, self.state, self.kind, self.summit, self.party)
        return [word for word in typed if word]

    @property
    def is_judged(self) -> bool:
        """Say whether the rules decide which rows belong, beyond what the database can tell."""
        return self.view in (MINE, BLOCKED)


def matching(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    """Select what exists for the viewer and may match; a judged view has these rows at most."""
    conditions = [visible_to(viewer)]
    if not all(map(is_storable, filters.words)):
        conditions.append(false())
        return conditions
    for column, value in (
        (Proposal.state, filters.state),
        (Proposal.kind, filters.kind),
        (Proposal.summit, filters.summit),
    ):
        if value:
            conditions.append(column == value)
    if filters.party:
        conditions.append(_has_party(filters.party))
    if filters.text:
        conditions.append(_says(filters.text))
    if filters.view == MINE:
        conditions.append(_may_wait_for(viewer))
    if filters.view == BLOCKED:
        conditions.append(_has_objections())
    return conditions


def _has_party(party: str) -> ColumnElement[bool]:
    return _has(
        select(ProposalParty.proposal_id).where(
            ProposalParty.proposal_id == Proposal.id, ProposalParty.party == party
        )
    )


def _may_wait_for(viewer: Viewer) -> ColumnElement[bool]:
    return _has(
        select(Waiting.proposal_id).where(
            Waiting.proposal_id == Proposal.id, could_wait_for(viewer)
        )
    )


def _says(text: str) -> ColumnElement[bool]:
    """Match a part of a title or of the reference, in whatever case.

    SQLite folds the case of ASCII alone, so the usual spellings of other scripts are tried.
    """
    wanted = unicodedata.normalize("NFC", text)
    spellings = {wanted, wanted.lower(), wanted.upper(), wanted.capitalize(), wanted.title()}
    titles = or_(
        *(ProposalText.title.icontains(each, autoescape=True) for each in sorted(spellings))
    )
    return or_(
        Proposal.reference.icontains(wanted, autoescape=True),
        _has(
            select(ProposalText.proposal_id).where(ProposalText.proposal_id == Proposal.id, titles)
        ),
    )


def _has_objections() -> ColumnElement[bool]:
    """Match a standing in which a step has objections: `[[counts],objections]`, none being 0."""
    return and_(
        Proposal.standing != "{}",
        or_(*(Proposal.standing.contains(f"],{digit}") for digit in range(1, 10))),
    )


def _has(rows: Select[int]) -> ColumnElement[bool]:
    return rows.correlate(Proposal).exists()
