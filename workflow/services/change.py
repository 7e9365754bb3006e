"""One change to one proposal or many: what it does to rows, sign-offs and the log, written at once.

Every act on proposals goes through here, so one and a million take the same road: the rows are
locked and read in one query a chunk, judged in memory, and written in a few statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from workflow.domain.commands import Decision
from workflow.domain.decide import next_by_itself, spent
from workflow.domain.definition import Definition, StepRule
from workflow.domain.entry import Actor, Draft, Link
from workflow.domain.identity import Caller, Mandate, Via, Viewer
from workflow.domain.requirement import Seat
from workflow.domain.standing import Gathered, count_step, read_standing, write_standing
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.domain.waits import Answer, Awaited, TakingPart, awaited
from workflow.persistence import evidence, people, proposals, signoffs, waiting
from workflow.persistence.entries import append
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.selection import may_see
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx


@dataclass(slots=True)
class Work(Situation):
    """One proposal being changed: what was read, and what becomes of it."""

    added: list[dict[str, Any]] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    first_draft: int | None = None

    def end(self, signoff: LiveSignOff, because: str, tx: Tx) -> None:
        """End a live sign-off, whether it was read or has just been made."""
        self.live.remove(signoff)
        if signoff.id is not None:
            self.ended.append((signoff.id, because))
            return
        for row in self.added:
            if (row["step"], row["party"], row["role"]) == (
                signoff.step, signoff.party, signoff.role,
            ):  # fmt: skip
                row |= {"ended_at": tx.at, "ended_because": because}


class Change:
    """The acts of one transaction by one caller, gathered and then written."""

    def __init__(self, tx: Tx, caller: Caller, change_id: str | None = None) -> None:
        """Start with nothing done; `change_id` marks all entries of it."""
        self.tx, self.caller = tx, caller
        self.change_id = change_id or tx.ids.event_id()
        self._drafts: list[Draft] = []
        self._works: dict[str, Work] = {}
        self._seen: dict[int, int] = {}
        self._transitions: list[dict[str, Any]] = []

    @property
    def author(self) -> int | None:
        """Give who wrote what is written: the caller, but nobody we know where it is imported."""
        return None if self.caller.via is Via.IMPORT else self.caller.person_id

    @cached_property
    def viewer(self) -> Viewer:
        """Give the authority the caller has in the transaction's instant."""
        return people.viewer_of(self.tx, self.caller, kept=True)

    def open(self, references: Sequence[str]) -> dict[str, Work]:
        """Lock and read these proposals; those hidden from the caller are absent.

        What the caller may see and do is read after the locks are held, so that an act which
        waited for them is judged by the mandates of its own moment.
        """
        rows = proposals.lock(self.tx, list(dict.fromkeys(references)))
        situations = read_situations(self.tx, rows.values())
        for row in rows.values():
            found = situations[row.id]
            if may_see(self.viewer, row.summit, found.parties.keys(), public=row.public):
                self._seen[row.id] = row.version
                self._works[row.reference] = Work(row, found.definition, found.parties, found.live)
        return self._works

    def find(self, reference: str) -> Work | None:
        """Give a proposal that is open in this change."""
        return self._works.get(reference)

    def adopt(self, row: ProposalRow, definition: Definition, parties: TakingPart) -> Work:
        """Take up a proposal that this transaction has just made."""
        self._seen[row.id] = row.version
        self._works[row.reference] = Work(row, definition, parties, [])
        return self._works[row.reference]

    def record(self, work: Work, kind: str, mandate: Mandate | None, **details: Any) -> None:  # noqa: ANN401 - a draft's own fields
        """Record an act on a proposal, as the next entry of its chain."""
        row = work.row
        if work.first_draft is None:
            work.first_draft = len(self._drafts)
            details["previous"] = Link(row.version, row.head) if row.head else Link()
        self._drafts.append(
            Draft(
                chain=f"proposal/{row.reference}",
                kind=kind,
                via=self.caller.via,
                actor=_actor(self.caller, mandate),
                proposal_id=row.id,
                proposal=row.reference,
                revision=row.revision,
                revision_digest=row.revision_sha256,
                definition=work.definition.digest,
                change=self.change_id,
                **details,
            )
        )
        row.version += 1
        row.changed_at = self.tx.at

    def take(
        self,
        work: Work,
        step: StepRule,
        mandate: Mandate | None,
        *,
        reason: str | None = None,
        source: str | None = None,
        occurred_on: date | None = None,
        occurred_at: datetime | None = None,
        by_itself: bool = False,
        to: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Move a proposal: its sign-offs are spent, a new round opens. The caller has judged it.

        History alone gives `to`, where a step led elsewhere than the rule says.
        """
        row, left = work.row, work.row.state
        for signoff in list(work.live):
            because = "spent" if signoff.step == step.name else "no-longer-open"
            work.end(signoff, "returned" if step.wants_new_revision else because, self.tx)
        row.state, row.round = to or step.to, row.round + 1
        row.standing = write_standing(spent(work.definition, read_standing(row.standing)))
        row.awaits_revision = step.wants_new_revision
        self.record(
            work, "step", mandate, step=step.name, from_state=left, to_state=row.state,
            occurred_on=occurred_on, occurred_at=occurred_at,
            facts={"by_itself": by_itself, **(facts or {})},
            texts=filled(reason=reason, source=source),
        )  # fmt: skip
        work.taken.append(step.name)
        self._transitions.append(
            {
                "proposal_id": row.id, "version": row.version, "step": step.name,
                "from_state": left, "to_state": row.state, "at": self.tx.at,
                "change_id": self.change_id,
            }
        )  # fmt: skip

    def settle(
        self, work: Work, mandate: Mandate | None, reason: str | None = None,
        occurred_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Take every step that fires by itself now, one after another, no state twice."""
        visited = {work.row.state}
        while (step := next_by_itself(work.case)) is not None and step.to not in visited:
            visited.add(step.to)
            self.take(work, step, mandate, reason=reason, occurred_at=occurred_at, by_itself=True)

    def recount(self, work: Work, fields: frozenset[str]) -> None:
        """Count the standing of every step anew, where counts cannot simply be moved."""
        found = evidence.gathered(self.tx, [work.row.id]).get(work.row.id, [])
        work.row.standing = count_standing(work, fields, found)

    def write(self) -> dict[str, Outcome]:
        """Write everything, and answer what became of each proposal that was changed."""
        changed = [work for work in self._works.values() if work.first_draft is not None]
        entries = append(self.tx, self._drafts)
        heads = {draft.chain: at for draft, at in zip(self._drafts, entries, strict=True)}
        for work in changed:
            work.row.head = heads[f"proposal/{work.row.reference}"].leaf_hash
        proposals.write_back(self.tx, (work.row for work in changed), self._seen)
        signoffs.end(self.tx, [each for work in changed for each in work.ended])
        signoffs.add(self.tx, [row for work in changed for row in work.added])
        proposals.add_transitions(self.tx, self._transitions)
        waiting.rewrite(self.tx, {work.row.id: awaited_of(work) for work in changed})
        return {
            work.row.reference: Outcome(
                reference=work.row.reference,
                state=work.row.state,
                revision=work.row.revision,
                version=work.row.version,
                entry=entries[work.first_draft or 0].leaf_hash.hex(),
                taken=tuple(work.taken),
            )
            for work in changed
        }


def open_change(tx: Tx, caller: Caller, change_id: str | None = None) -> Change:
    """Start a change on the authority the caller has in this transaction's instant."""
    return Change(tx, caller, change_id)


def not_found(reference: str) -> Outcome:
    """Answer for a proposal that does not exist for the caller."""
    return Outcome(reference, (refuse(Code.NOT_FOUND, reference=reference),))


def refused(work: Work, reasons: Sequence[Refusal]) -> Outcome:
    """Answer that nothing was done, and where the proposal stands."""
    row = work.row
    return Outcome(row.reference, tuple(reasons), row.state, row.revision, row.version)


def as_sent(outcome: Outcome, reference: str) -> Outcome:
    """Give an answer that an idempotency key remembered, under the reference that was asked."""
    return replace(outcome, reference=outcome.reference or reference)


def count_standing(at: Situation, fields: frozenset[str], documents: list[tuple[str, bool]]) -> str:
    """Count what every step has gathered from the sign-offs, documents and fields themselves."""

    def seats(decision: Decision) -> tuple[tuple[str, Seat], ...]:
        return tuple(
            (each.step, at.seat(each.party, each.role))
            for each in at.live
            if each.decision is decision
        )

    gathered = Gathered(seats(Decision.APPROVE), seats(Decision.OBJECT), tuple(documents), fields)
    return write_standing(
        {
            step.name: count_step(step.name, step.needs, gathered, step.objections_from)
            for step in at.definition.steps.values()
        }
    )


def awaited_of(at: Situation) -> Mapping[str, frozenset[Awaited]]:
    """Give what the proposal waits for, by party."""
    answers = [Answer(each.step, each.party, each.role) for each in at.live]
    return awaited(at.case, at.parties, answers)


def filled(**texts: str | None) -> dict[str, str]:
    """Give the texts that there are, by name."""
    return {name: text for name, text in texts.items() if text}


def _actor(caller: Caller, mandate: Mandate | None) -> Actor:
    return Actor(
        pseudonym=caller.pseudonym,
        party=mandate.party if mandate else None,
        role=mandate.role if mandate else None,
        token=caller.credential,
    )
