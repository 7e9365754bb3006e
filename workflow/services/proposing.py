"""Judges new proposals and puts them on record in one change: one, or every row of a file.

What the judgement needs is read once a transaction, and all rows are written in a few statements.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select

from workflow.domain import texts
from workflow.domain.commands import Propose
from workflow.domain.definition import PROPOSED, Definition
from workflow.domain.identity import Mandate, Via
from workflow.domain.requirement import NamedSignOff, signing_leaves
from workflow.domain.revision import Content, digest, write_revision
from workflow.domain.shape import CAPACITIES, write_shape
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.domain.waits import TakingPart
from workflow.persistence import contents, definitions, new_proposals, people, proposals
from workflow.persistence.new_proposals import UNWRITTEN, NewProposal
from workflow.persistence.numbers import claim
from workflow.persistence.people_tables import Summit
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx
from workflow.services.calendar import keep_dates, open_silences
from workflow.services.change import Change
from workflow.services.fields import judge_fields
from workflow.services.work import count_standing

Known = Mapping[str, tuple[str, str]]
"""Every party's sort and time zone, by code."""

Edition = tuple[int, Definition]
"""A published definition and its number."""


class Proposing:
    """The proposals that one change puts on record."""

    def __init__(self, tx: Tx, change: Change, references: Sequence[str]) -> None:
        """Begin; `references` are those of all proposals that may be put on record."""
        self._tx, self._change, self._count = tx, change, len(references)
        self._taken = new_proposals.taken(tx, references)
        self._editions: dict[str, Edition | None] = {}
        self._new: list[NewProposal] = []

    @cached_property
    def _parties(self) -> Known:
        return people.parties(self._tx)

    @cached_property
    def _summits(self) -> frozenset[str]:
        return frozenset(self._tx.connection.scalars(select(Summit.code)))

    @cached_property
    def _numbers(self) -> Iterator[int]:
        return iter(claim(self._tx, "proposal", self._count))

    def newest(self, kind: str) -> Edition | None:
        """Give a kind's newest edition."""
        if kind not in self._editions:
            self._editions[kind] = definitions.newest(self._tx, kind)
        return self._editions[kind]

    def put(
        self, order: Propose, mandate: Mandate | None, reasons: Iterable[Refusal] = (),
        **details: Any,  # noqa: ANN401 - a draft's own fields, for what happened earlier
    ) -> tuple[Refusal, ...]:  # fmt: skip
        """Put a proposal on record unless there are reasons against it; `write` writes its rows."""
        found = self.newest(order.kind)
        against = (*reasons, *self._judge(order, found[1] if found else None))
        if not against and found is not None:
            self._add(order, mandate, found, details)
        return against

    def write(self) -> None:
        """Write the rows; the change writes what it made of them, and the entries, after this."""
        new_proposals.add(self._tx, self._new)
        self._new = []

    def _judge(self, order: Propose, definition: Definition | None) -> list[Refusal]:
        reasons = texts.judge_reference(order.reference)
        if order.reference in self._taken:
            reasons.append(refuse(Code.REFERENCE_TAKEN, reference=order.reference))
        if order.summit not in self._summits:
            reasons.append(refuse(Code.SUMMIT_UNKNOWN, summit=order.summit[:80]))
        if order.parent and self._parent(order.parent) is None:
            reasons.append(refuse(Code.NOT_FOUND, reference=order.parent[:80]))
        if not any(order.titles.values()):
            reasons.append(refuse(Code.TEXT_MISSING, field="titles"))
        reasons += texts.judge_texts("titles", order.titles, texts.TITLE_LENGTH)
        reasons += texts.judge_texts("summary", order.summaries, texts.TEXT_LENGTH, lines=True)
        reasons += judge_parties(self._parties, order.parties, definition)
        if definition is None:
            reasons.append(refuse(Code.KIND_UNKNOWN, kind=order.kind[:80]))
        else:
            reasons += judge_fields(definition, order.fields)
        return reasons

    def _parent(self, reference: str) -> int | None:
        """Find a parent that this change has just made, or that the caller may see."""
        work = self._change.find(reference)
        row = work.row if work else proposals.find(self._tx, self._change.viewer, reference)
        return row.id if row else None

    def _add(
        self, order: Propose, mandate: Mandate | None, edition: Edition, details: Mapping[str, Any]
    ) -> None:
        change, (edition_id, definition) = self._change, edition
        parties = taking_part(self._parties, order.parties)
        content = Content(order.titles, order.summaries, frozenset(order.parties), order.fields)
        document = write_revision(definition, order.reference, content)
        row = self._row(order, edition_id, write_shape(parties), digest(document))
        revision = contents.revision_row(
            row.id, row.revision, document, row.revision_sha256, self._tx.at, change.author
        )
        self._taken.add(order.reference)
        self._new.append(NewProposal(row, order.source, content, revision))
        work = change.adopt(row, definition, parties)
        row.version, row.head = 0, b""
        source = {"source": order.source} if order.source else {}
        occurred_at = details.get("occurred_at")
        work.as_of = occurred_at or self._tx.at
        change.record(work, "propose", mandate, to_state=PROPOSED, texts=source, **details)
        keep_dates(work, order.fields)
        open_silences(work)
        row.standing = count_standing(work, frozenset(order.fields), [], {})
        change.settle(work, mandate, occurred_at=occurred_at)

    def _row(self, order: Propose, edition_id: int, shape: str, sha256: str) -> ProposalRow:
        change = self._change
        return ProposalRow(
            id=next(self._numbers), reference=order.reference, kind=order.kind,
            edition_id=edition_id, summit=order.summit, state=PROPOSED, round=1, revision=1,
            revision_sha256=sha256, version=1, head=UNWRITTEN, shape=shape, standing="{}",
            awaits_revision=False, public=order.public,
            imported=change.caller.via is Via.IMPORT, proposed_by=change.author,
            edited_by=change.author, changed_at=self._tx.at,
            parent_id=self._parent(order.parent) if order.parent else None,
        )  # fmt: skip


def judge_parties(
    known: Known, parties: Iterable[tuple[str, str]], definition: Definition | None
) -> list[Refusal]:
    """Give every reason against these parties; one that a rule names must be there."""
    pairs = tuple(parties)
    reasons = [] if pairs else [refuse(Code.TEXT_MISSING, field="parties")]
    for party, capacity in pairs:
        if party not in known:
            reasons.append(refuse(Code.PARTY_UNKNOWN, party=party[:80]))
        if capacity not in CAPACITIES:
            reasons.append(refuse(Code.CAPACITY_UNKNOWN, capacity=capacity[:80]))
    present = {party for party, _ in pairs}
    absent = sorted(_named(definition) - present) if definition else []
    return reasons + [refuse(Code.NAMED_PARTY_ABSENT, party=party) for party in absent]


def _named(definition: Definition) -> set[str]:
    return {
        leaf.party
        for step in definition.steps.values()
        for _, leaf in signing_leaves(step.needs)
        if isinstance(leaf, NamedSignOff)
    }


def taking_part(known: Known, parties: Iterable[tuple[str, str]]) -> TakingPart:
    """Group (party, capacity) pairs by party, with its sort."""
    held: dict[str, set[str]] = {}
    for party, capacity in parties:
        held.setdefault(party, set()).add(capacity)
    return {party: (known[party][0], frozenset(caps)) for party, caps in held.items()}
