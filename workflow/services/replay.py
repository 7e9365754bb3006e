"""Run other rules over the recorded history of their kind, and list what would have differed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from workflow.domain.definition import PROPOSED, Definition
from workflow.log.leaf import Leaf, read_leaf
from workflow.persistence import past, people, proposals, whole
from workflow.persistence.unit_of_work import Tx
from workflow.services.migrating import read_facts
from workflow.services.replaying import Difference, Past, Replay, read_text
from workflow.services.runtime import Runtime
from workflow.services.work import Work

CHUNK = 200
"""Proposals that are read at once."""


def replay(runtime: Runtime, definition: Definition) -> Iterator[Difference]:
    """Yield every recorded decision on proposals of the kind that would have been another."""
    with runtime.uow.read() as tx:
        after = 0
        while ids := past.next_of_kind(tx, definition.kind, after, CHUNK):
            after = max(ids)
            yield from _chunk(tx, definition, ids)


def _chunk(tx: Tx, definition: Definition, ids: list[int]) -> Iterator[Difference]:
    entries: dict[int, list[Leaf]] = defaultdict(list)
    for proposal_id, leaf in past.entries_of(tx, ids):
        entries[proposal_id].append(read_leaf(leaf))
    pasts = _pasts(tx, ids)
    for row in proposals.by_ids(tx, ids):
        began = replace(
            row, state=PROPOSED, round=1, revision=1, standing="{}", awaits_revision=False,
            proposed_by=None, edited_by=None,
        )  # fmt: skip
        work = Work(began, definition, {}, [], tx.at)
        yield from Replay(work, pasts[row.id]).run(entries[row.id])


def _pasts(tx: Tx, ids: list[int]) -> dict[int, Past]:
    sorts = {code: sort for code, (sort, _) in people.parties(tx).items()}
    facts, persons = read_facts(tx, ids), past.pseudonyms(tx)
    pasts = {each: Past({}, sorts, {}, facts[each], persons) for each in ids}
    for row in whole.revisions_of(tx, ids):
        pasts[row.proposal_id].revisions[row.number] = read_text(row.document)
    for row in past.documents_of(tx, ids):
        pasts[row.proposal_id].documents[row.number] = (row.type, row.supplied_party)
    return pasts
