"""One change to one proposal or many: what it does to rows, sign-offs and the log, written at once.

Every act on proposals goes through here, so one and a million take the same road: the rows are
locked and read in one query a chunk, judged in memory, and written in a few statements.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from workflow.domain.deadlines import DELAY, local_day
from workflow.domain.decide import next_by_itself, spent
from workflow.domain.definition import Definition, StepRule
from workflow.domain.entry import NOBODY, Actor, Draft, Link
from workflow.domain.identity import Caller, Mandate, Via, Viewer
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.verdicts import Outcome
from workflow.domain.waits import TakingPart
from workflow.persistence import (
    deadlines,
    evidence,
    families,
    people,
    proposals,
    signoffs,
    waiting,
)
from workflow.persistence.deadlines import Kept
from workflow.persistence.entries import append
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.selection import may_see
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.services.answers import as_sent, filled, not_found, refused
from workflow.services.calendar import close_round, next_due, open_silences, scheduling
from workflow.services.moments import Moment, looked_at_last, moment_of
from workflow.services.roll_up import roll_up
from workflow.services.work import Work, awaited_of, count_standing

__all__ = [
    "Change", "Work", "as_sent", "filled", "not_found", "open_change", "refused",
]  # fmt: skip


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
        self._parents: dict[int, datetime] = {}
        self._calendar: Moment | None = None

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
        waited for them is judged by the mandates of its own moment. What was due by now is done
        first: an act finds the proposal as the rules say it stands.
        """
        rows = proposals.lock(self.tx, list(dict.fromkeys(references)))
        situations = read_situations(self.tx, rows.values())
        for row in rows.values():
            found = situations[row.id]
            if may_see(self.viewer, row.summit, found.parties.keys(), public=row.public):
                work = self._take_up(found)
                if self.caller.via is not Via.IMPORT:
                    self.settle_until(work, self.tx.at)
        return self._works

    def open_all(self, ids: Sequence[int]) -> list[Work]:
        """Lock and read these proposals, whoever may see them: for due work alone."""
        rows = proposals.lock_ids(self.tx, ids)
        return [self._take_up(each) for each in read_situations(self.tx, rows).values()]

    def _take_up(self, at: Situation) -> Work:
        self._seen[at.row.id] = at.row.version
        work = Work(
            at.row, at.definition, at.parties, at.live, at.as_of, at.deadlines,
            seen_deadlines=dict(at.deadlines),
        )  # fmt: skip
        self._works[at.row.reference] = work
        return work

    def count(self, kind: str) -> int:
        """Count the entries of a kind that this change makes."""
        return sum(draft.kind == kind for draft in self._drafts)

    def find(self, reference: str) -> Work | None:
        """Give a proposal that is open in this change."""
        return self._works.get(reference)

    def adopt(self, row: ProposalRow, definition: Definition, parties: TakingPart) -> Work:
        """Take up a proposal that this transaction has just made."""
        work = self._take_up(Situation(row, definition, parties, [], self.tx.at))
        self._call_parent(work)
        return work

    def record(self, work: Work, kind: str, mandate: Mandate | None, **details: Any) -> None:  # noqa: ANN401 - a draft's own fields
        """Record an act on a proposal, as the next entry of its chain."""
        row = work.row
        if work.first_draft is None:
            work.first_draft = len(self._drafts)
            details["previous"] = Link(row.version, row.head) if row.head else Link()
        by_calendar = self._calendar is not None and self.caller.via is not Via.IMPORT
        if work.own_draft is None and self._calendar is None:
            work.own_draft = len(self._drafts)
        self._drafts.append(
            Draft(
                chain=f"proposal/{row.reference}",
                kind=kind,
                via=Via.DUE_WORK if by_calendar else self.caller.via,
                actor=NOBODY if by_calendar else _actor(self.caller, mandate),
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
        moment: Moment | None = None,
    ) -> None:
        """Move a proposal: its sign-offs are spent, a new round opens. The caller has judged it.

        History alone gives `to`, where a step led elsewhere than the rule says. `moment` is when
        the calendar brought it about; nobody says otherwise then.
        """
        when = moment.told if moment else {"occurred_on": occurred_on, "occurred_at": occurred_at}
        brought = moment.facts if moment else {}
        row, left = work.row, work.row.state
        for signoff in list(work.live):
            because = "spent" if signoff.step == step.name else "no-longer-open"
            work.end(signoff, "returned" if step.wants_new_revision else because, self.tx.at)
        row.state, row.round = to or step.to, row.round + 1
        row.standing = write_standing(spent(work.definition, read_standing(row.standing)))
        row.awaits_revision = step.wants_new_revision
        close_round(work)
        open_silences(work)
        self.record(
            work, "step", mandate, step=step.name, from_state=left, to_state=row.state,
            facts={"by_itself": by_itself, **brought, **(facts or {})},
            texts=filled(reason=reason, source=source), **when,
        )  # fmt: skip
        work.taken.append(step.name)
        self._call_parent(work)
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
        """Take every step that fires by itself now, one after another, no state twice.

        What is satisfied but takes effect later is scheduled; what no longer is, is not.
        """
        visited = {work.row.state}
        self._schedule(work, mandate, occurred_at)
        while (step := next_by_itself(work.case)) is not None and step.to not in visited:
            visited.add(step.to)
            # A delayed step takes effect on its day, which a paper of long ago may have fixed.
            moment = moment_of(work, (step.name, DELAY)) or self._calendar
            self.take(
                work, step, mandate, reason=reason, occurred_at=occurred_at, by_itself=True,
                moment=moment,
            )  # fmt: skip
            self._schedule(work, mandate, occurred_at)

    def settle_until(self, work: Work, until: datetime) -> None:
        """Let everything happen that was due by then, each at its own moment, in order."""
        while (found := next_due(work, until)) is not None:
            place, due = found
            work.deadlines[place] = Kept(due, self.tx.at)
            work.as_of = looked_at_last(work, due.due_at)
            self._calendar = moment_of(work, place)
            self.settle(work, None)
            self._calendar = None
        work.as_of = until

    def _schedule(self, work: Work, mandate: Mandate | None, occurred_at: datetime | None) -> None:
        when = self._calendar.told if self._calendar else {"occurred_at": occurred_at}
        for step, due in scheduling(work):
            if due is None or step.delay is None:
                self._unschedule(work, step.name, mandate, when)
                continue
            work.deadlines[step.name, DELAY] = Kept(due)
            facts = {
                "event_on": local_day(due.since, step.delay.place).isoformat(),
                "effective_on": due.due_on.isoformat(), "effective_in": step.delay.place,
            }  # fmt: skip
            self.record(work, "schedule", mandate, step=step.name, facts=facts, **when)

    def unschedule(self, work: Work, mandate: Mandate | None, occurred_at: datetime | None) -> None:
        """Take away every day of effect, even an irrevocable one: it was another text's."""
        for step in [step for step, number in work.deadlines if number == DELAY]:
            self._unschedule(work, step, mandate, {"occurred_at": occurred_at})

    def _unschedule(
        self, work: Work, step: str, mandate: Mandate | None, when: Mapping[str, Any]
    ) -> None:
        del work.deadlines[step, DELAY]
        self.record(work, "unschedule", mandate, step=step, **when)

    def _call_parent(self, work: Work) -> None:
        if (parent := work.row.parent_id) is not None:
            self._parents[parent] = max(work.as_of, self._parents.get(parent, work.as_of))

    def recount(self, work: Work, fields: frozenset[str]) -> None:
        """Count the standing of every step anew, where counts cannot simply be moved."""
        found = evidence.gathered(self.tx, [work.row.id]).get(work.row.id, [])
        children = families.children_of(self.tx, [work.row.id]) if work.definition.rolls_up else {}
        states = children.get(work.row.id, {})
        work.row.standing = count_standing(work, fields, found, states)

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
        moved = [work for work in self._works.values() if work.deadlines != work.seen_deadlines]
        deadlines.rewrite(self.tx, {work.row.id: work.deadlines for work in moved})
        awaiting = {work.row.id: awaited_of(work) for work in (*changed, *moved)}
        waiting.rewrite(self.tx, awaiting)
        roll_up(self.tx, self._parents)
        return {
            work.row.reference: Outcome(
                reference=work.row.reference,
                state=work.row.state,
                revision=work.row.revision,
                version=work.row.version,
                entry=entries[_act(work)].leaf_hash.hex(),
                taken=tuple(work.taken),
            )
            for work in changed
        }


def _act(work: Work) -> int:
    """Give the entry that an answer names: the caller's act, else what came due."""
    return work.first_draft or 0 if work.own_draft is None else work.own_draft


def open_change(tx: Tx, caller: Caller, change_id: str | None = None) -> Change:
    """Start a change on the authority the caller has in this transaction's instant."""
    return Change(tx, caller, change_id)


def _actor(caller: Caller, mandate: Mandate | None) -> Actor:
    return Actor(
        pseudonym=caller.pseudonym,
        party=mandate.party if mandate else None,
        role=mandate.role if mandate else None,
        on_behalf_of=mandate.holder_pseudonym if mandate else None,
        token=caller.credential,
    )
