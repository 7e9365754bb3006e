"""Lists who acts for whom, as far as a viewer may know of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workflow.domain.entry import write_instant
from workflow.domain.identity import Viewer
from workflow.persistence.given_delegations import Given, given_by, given_of, given_to
from workflow.persistence.unit_of_work import Tx


def delegated_in(tx: Tx, parties: Collection[str]) -> tuple[Given, ...]:
    """Give the delegations of parties that a viewer administers."""
    return given_of(tx, parties) if parties else ()


def delegated_by(tx: Tx, viewer: Viewer) -> tuple[Given, ...]:
    """Give what the viewer has delegated, and what others passed on of their mandates."""
    return given_by(tx, viewer.person_id) if viewer.person_id is not None else ()


def delegated_to_each(
    tx: Tx, viewer: Viewer, ids: Sequence[int], parties: Collection[str]
) -> Mapping[int, list[Given]]:
    """Give what is delegated to each person: to oneself all, to others of these parties alone."""
    found: dict[int, list[Given]] = defaultdict(list)
    for each in given_to(tx, ids):
        own = viewer.operator or each.delegate.id == viewer.person_id
        if own or each.party in parties:
            found[each.delegate.id].append(each)
    return found


def given_json(given: Given) -> dict[str, Any]:
    """Write a delegation; `until` is the first instant at which it no longer holds."""
    return {
        "party": given.party,
        "role": given.role,
        "summit": given.summit,
        "from": write_instant(given.starts_at),
        "until": write_instant(given.ends_at),
        "holder": given.holder.login,
        "giver": given.giver.login,
    }
