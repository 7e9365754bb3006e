"""Counts what every proposal keeps anew, and compares it with the log and with its texts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from workflow.domain.commands import Decision
from workflow.domain.definition import PROPOSED
from workflow.domain.identity import Via
from workflow.domain.revision import Content, digest, write_revision
from workflow.domain.shape import write_shape
from workflow.log.leaf import LeafError, read_leaf
from workflow.persistence import deadlines, evidence, families, proposals, waiting, whole
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.services.check_deadlines import deadline_faults
from workflow.services.moments import settled_until
from workflow.services.work import awaited_of, count_standing


def proposal_faults(tx: Tx) -> Iterator[str]:
    """Yield what is wrong with any proposal, in batches of bounded size."""
    for ids in whole.proposal_ids(tx):
        batch = _Batch(tx, ids)
        for at in batch.situations.values():
            for fault in _read_faults(batch, at):
                yield f"{at.row.reference}: {fault}"


def _read_faults(batch: "_Batch", at: Situation) -> Iterator[str]:
    try:
        yield from batch.faults(at)
    except (ValueError, LookupError, TypeError) as error:
        # What is kept is read as the product reads it, and a damaged value may not be readable.
        yield f"what is kept of it cannot be read ({error!r})"


class _Batch:
    """Some proposals, and all that is kept beside them, read in a few statements."""

    def __init__(self, tx: Tx, ids: list[int]) -> None:
        self.tx = tx
        self.situations = read_situations(tx, proposals.by_ids(tx, ids))
        self.documents = evidence.gathered(tx, ids)
        self.children = families.children_of(tx, ids)
        self.revisions = _by_proposal(whole.revisions_of(tx, ids))
        self.transitions = _by_proposal(whole.transitions_of(tx, ids))
        self.steps_logged = whole.steps_logged(tx, [at.row for at in self.situations.values()])
        self.deadlines = deadlines.read(tx, ids)
        self.waiting = _by_proposal(whole.waiting_of(tx, ids))
        self.signoffs = _by_proposal(whole.signoffs_of(tx, ids))
        self.signs_logged = _by_proposal(whole.signs_logged(tx, ids))

    def faults(self, at: Situation) -> Iterator[str]:
        """Yield what is wrong with one proposal."""
        fields = proposals.fields_of(self.tx, at.row.id)
        children = self.children.get(at.row.id, {}) if at.definition.rolls_up else {}
        documents = self.documents.get(at.row.id, [])
        standing = count_standing(at, frozenset(fields), documents, children)
        if standing != at.row.standing:
            yield f"its kept standing is {at.row.standing}, and counted anew {standing}"
        shape = write_shape(at.parties, sum(children.values()))
        if shape != at.row.shape:
            yield f"its kept shape is {at.row.shape}, its parties and children give {shape}"
        if any(not self._is_live(at, number) for number in range(len(at.live))):
            yield "a sign-off is live for a step that is not open"
        yield from self._signoff_faults(at)
        yield from deadline_faults(at, self.deadlines.get(at.row.id, {}), fields)
        at.as_of = settled_until(at)
        yield from self._waiting_faults(at)
        yield from self._revision_faults(at, fields)
        yield from self._state_faults(at)

    def _is_live(self, at: Situation, number: int) -> bool:
        step = at.definition.steps.get(at.live[number].step)
        return step is not None and at.row.state in step.sources

    def _signoff_faults(self, at: Situation) -> Iterator[str]:
        kept = Counter(_said(each) for each in self.signoffs[at.row.id])
        logged = Counter(
            said for each in self.signs_logged[at.row.id] if (said := _logged(each.leaf))
        )
        for said in (kept - logged) | (logged - kept):
            yield f"the sign-off {said[0]} by {said[1]}, {said[2]} is not kept as it was logged"
        for each in self.signoffs[at.row.id]:
            present = (each.round, each.revision) == (at.row.round, at.row.revision)
            if each.ended_at is None and not present:
                yield "a sign-off is live for another round or revision"

    def _waiting_faults(self, at: Situation) -> Iterator[str]:
        kept = {row.party: set(waiting.read_seats(row.seats)) for row in self.waiting[at.row.id]}
        wanted = {party: set(seats) for party, seats in awaited_of(at).items() if seats}
        for party in sorted(kept.keys() | wanted.keys()):
            if kept.get(party) != wanted.get(party):
                yield f"what it waits for from {party} is not kept as the rules say"

    def _revision_faults(self, at: Situation, fields: dict[str, Any]) -> Iterator[str]:
        row = at.row
        found = self.revisions[row.id]
        for each in found:
            if sha256(each.document).hexdigest() != each.sha256:
                yield f"the text of revision {each.number} is not what its digest says"
        if [each.number for each in found] != list(range(1, row.revision + 1)):
            yield "its revisions are not numbered 1, 2, 3 ... to the present one"
        elif found[-1].sha256 != row.revision_sha256:
            yield "its digest is not that of its present revision"
        elif digest(write_revision(at.definition, row.reference, self._content(at, fields))) != (
            row.revision_sha256
        ):
            yield "its texts, parties or material fields are not those of its present revision"

    def _content(self, at: Situation, fields: dict[str, Any]) -> Content:
        written = proposals.texts_of(self.tx, at.row.id)
        return Content(
            {language: title for language, (title, _) in written.items()},
            {language: summary for language, (_, summary) in written.items() if summary},
            frozenset((party, cap) for party, (_, caps) in at.parties.items() for cap in caps),
            fields,
        )

    def _state_faults(self, at: Situation) -> Iterator[str]:
        state = PROPOSED
        moves = self.transitions[at.row.id]
        for move in moves:
            if move.from_state != state or not _is_logged(move):
                yield f"its change of state at version {move.version} is not the one in the log"
            state = move.to_state
        if state != at.row.state:
            yield f"its state is {at.row.state}, and its steps lead to {state}"
        logged = self.steps_logged.get(at.row.reference, 0)
        if logged != len(moves):
            yield f"the log has {logged} changes of state, and {len(moves)} are kept"
        if at.row.round != len(moves) + 1:
            yield f"its round is {at.row.round} after {len(moves)} steps"


def _is_logged(move: Any) -> bool:  # noqa: ANN401 - a result row
    try:
        leaf = read_leaf(move.leaf or b"")
    except LeafError:
        return False
    said = (leaf.kind, leaf.step, leaf.from_state, leaf.to_state)
    return said == ("step", move.step, move.from_state, move.to_state)


def _said(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a result row
    """Give what a sign-off's row and its entry must both say."""
    return (
        row.step, row.party, row.role, row.decision, row.round, row.revision, row.pseudonym,
        row.on_paper, row.confirmer, None if row.on_paper else row.holder,
    )  # fmt: skip


def _logged(content: bytes) -> tuple[Any, ...] | None:
    """Read the same from an entry; None for a withdrawal, which adds no sign-off.

    An imported sign-off names seat and signer apart from who recorded it.
    """
    leaf = read_leaf(content)
    facts = leaf.facts
    on_paper = facts.get("paper") is True
    # A confirmed paper act stands as what it says; whoever confirmed it is the entry's actor.
    decision = facts.get("confirms") if on_paper and "confirms" in facts else facts.get("decision")
    if decision in (None, Decision.WITHDRAW, Decision.LIFT):
        return None
    signer = "person" if leaf.via == Via.IMPORT or on_paper else "actor"
    confirmed = on_paper and "confirms" in facts
    return (
        leaf.step, facts.get("party", leaf.party), facts.get("role", leaf.role), decision,
        facts.get("round"), leaf.revision, leaf.people.get(signer),
        on_paper, leaf.people.get("actor") if confirmed else None,
        None if on_paper else leaf.people.get("on_behalf_of"),
    )  # fmt: skip


def _by_proposal(rows: Iterator[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found
