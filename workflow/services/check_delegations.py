"""Compares the delegations that are kept with the log: who acts for whom, and how long."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from workflow.domain.entry import write_instant
from workflow.log.leaf import Leaf, read_leaf
from workflow.persistence import whole
from workflow.persistence.unit_of_work import Tx


def delegation_faults(tx: Tx) -> Iterator[str]:
    """Yield every delegation that is not kept as it was given or taken back."""
    rows = list(whole.delegations(tx))
    given = Counter((*_office(row), *_days(row)) for row in rows)
    logged = Counter(map(_given, _leaves(tx, "delegate")))
    for office in sorted({each[:4] for each in (given - logged) | (logged - given)}):
        yield f"the delegation of {office[0]}, {office[1]} is not kept as it was logged"
    ended = Counter(_office(row) for row in rows if row.revoked_at is not None)
    for office in ended - (back := Counter(map(_logged_office, _leaves(tx, "undelegate")))):
        yield f"a delegation of {office[0]}, {office[1]} was taken back, and no entry says so"
    for office in back - ended:
        yield f"a delegation of {office[0]}, {office[1]} that was taken back is in force"


def _leaves(tx: Tx, kind: str) -> Iterator[Leaf]:
    return map(read_leaf, whole.leaves_of(tx, kind))


def _office(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a result row
    return row.party, row.role, row.holder, row.pseudonym, row.depth


def _days(row: Any) -> tuple[str, str]:  # noqa: ANN401 - a result row
    return write_instant(row.starts_at), write_instant(row.ends_at)


def _given(leaf: Leaf) -> tuple[Any, ...]:
    return (*_logged_office(leaf), leaf.facts.get("from"), leaf.facts.get("until"))


def _logged_office(leaf: Leaf) -> tuple[Any, ...]:
    facts, people = leaf.facts, leaf.people
    # Whose mandate it is acts, or is who somebody acts for.
    holder = people.get("on_behalf_of") or people.get("actor")
    return facts.get("party"), facts.get("role"), holder, people.get("person"), facts.get("depth")
