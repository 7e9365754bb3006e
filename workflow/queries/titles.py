"""Titles of proposals, for every list that shows them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from workflow.persistence.proposal_tables import ProposalText
from workflow.persistence.unit_of_work import Tx


def titles_of(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Give {language: title} of each proposal."""
    titles: dict[int, dict[str, str]] = defaultdict(dict)
    rows = tx.connection.execute(
        select(ProposalText.proposal_id, ProposalText.language, ProposalText.title)
        .where(ProposalText.proposal_id.in_(ids))
        .order_by(ProposalText.proposal_id, ProposalText.language)
    )
    for proposal_id, language, title in rows:
        titles[proposal_id][language] = title
    return titles
