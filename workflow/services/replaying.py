"""One proposal's recorded past, gone through again with other rules at hand.

The past stays as it was; at each recorded decision the other rules are asked what they would have
said. Children are taken as they are now, and fields that are not in a revision's text likewise.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from workflow.domain.commands import Decision
from workflow.domain.deadlines import DELAY
from workflow.domain.decide import judge_step, next_by_itself
from workflow.domain.identity import Via
from workflow.domain.shape import write_shape
from workflow.domain.signing import Signer, judge_sign, resulting, weighs
from workflow.domain.verdicts import Refusal
from workflow.log.leaf import Leaf
from workflow.persistence.deadlines import Kept
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, signer_of
from workflow.services.calendar import (
    close_round,
    keep_dates,
    next_due,
    open_silences,
    scheduling,
)
from workflow.services.migrating import Facts
from workflow.services.work import Work, count_standing


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision on record that other rules would have made otherwise."""

    reference: str
    sequence: int
    """The entry in the proposal's chain."""
    at: str
    act: str
    """`sign` or `step` as recorded; `by-itself` for a step that would have followed by itself."""
    step: str
    to: str
    reasons: tuple[Refusal, ...] = ()
    """Why it would have been refused; none for `by-itself`."""


@dataclass(slots=True)
class Past:
    """What is kept of a proposal's past beside its entries."""

    revisions: dict[int, Mapping[str, Any]]
    """The text of each revision, by number."""
    sorts: Mapping[str, str]
    """Of each party: state or organisation."""
    documents: dict[int, tuple[str, str]]
    """(type, party that supplied it), by number."""
    facts: Facts
    persons: Mapping[str, int]
    """Persons by pseudonym."""


@dataclass(slots=True)
class Replay:
    """Goes through the entries of one proposal, oldest first."""

    work: Work
    past: Past
    supplied: dict[int, bool] = field(default_factory=dict)
    """The documents that are there, and whether they are verified."""
    told: set[tuple[int, str]] = field(default_factory=set)

    def run(self, leaves: Sequence[Leaf]) -> Iterator[Difference]:
        """Yield what would have differed."""
        for at, leaf in enumerate(leaves):
            if self.work.row.state not in self.work.definition.states:
                return
            following = leaves[at + 1] if at + 1 < len(leaves) else None
            yield from self.until(leaf)
            self.work.as_of = _moment(leaf)
            yield from self.judge(leaf)
            self.follow(leaf)
            yield from self.by_itself(leaf, following)

    def until(self, leaf: Leaf) -> Iterator[Difference]:
        """Let the calendar of the other rules go on to an entry's moment."""
        while (found := next_due(self.work, _moment(leaf))) is not None:
            place, due = found
            self.work.deadlines[place] = Kept(due, due.due_at)
            self.work.as_of = due.due_at
            yield from self.by_itself(leaf, leaf, due.due_at)

    def judge(self, leaf: Leaf) -> Iterator[Difference]:
        """Ask the other rules about a recorded decision."""
        if leaf.step is None or leaf.facts.get("irregular"):
            return
        if leaf.kind == "sign":
            reasons = judge_sign(self.work.case, leaf.step, self.signer(leaf))
        elif leaf.kind == "step":
            reasons = judge_step(self.work.case, leaf.step)
        else:
            return
        if reasons:
            yield self.difference(leaf, leaf.kind, leaf.step, reasons)

    def by_itself(
        self, leaf: Leaf, following: Leaf | None, at: datetime | None = None
    ) -> Iterator[Difference]:
        """Say which step would have followed by itself, where the record shows none; once."""
        for step, due in scheduling(self.work):
            self.work.deadlines.pop((step.name, DELAY), None)
            if due is not None:
                self.work.deadlines[step.name, DELAY] = Kept(due)
        firing = next_by_itself(self.work.case)
        if firing is None or (self.work.row.round, firing.name) in self.told:
            return
        self.told.add((self.work.row.round, firing.name))
        if following is None or (following.kind, following.step) != ("step", firing.name):
            found = self.difference(leaf, "by-itself", firing.name, ())
            yield replace(found, at=at.isoformat()) if at else found

    def difference(
        self, leaf: Leaf, act: str, step: str, reasons: tuple[Refusal, ...]
    ) -> Difference:
        """Name a difference at an entry."""
        rule = self.work.definition.steps.get(step)
        to = rule.to if rule else ""
        return Difference(
            self.work.row.reference, leaf.sequence, _moment(leaf).isoformat(), act, step, to,
            reasons,
        )  # fmt: skip

    def signing(self, leaf: Leaf) -> Signing:
        """Say how somebody signed."""
        holder = self.past.persons.get(leaf.people.get("on_behalf_of", ""))
        return Signing(
            step=leaf.step or "",
            party=str(leaf.facts.get("party", leaf.party)),
            role=str(leaf.facts.get("role", leaf.role)),
            decision=Decision(str(leaf.facts.get("decision"))),
            gives_note="note" in leaf.digests or leaf.via == Via.IMPORT,
            through=() if holder is None else (holder,),
        )

    def signer(self, leaf: Leaf) -> Signer:
        """Gather what a rule must know of who signed; the seat was theirs, it is on record."""
        return signer_of(self.work, self.person(leaf), self.signing(leaf), frozenset())

    def person(self, leaf: Leaf) -> int | None:
        """Find who signed; an import and a paper act name them apart from who recorded it."""
        apart = leaf.via == Via.IMPORT or leaf.facts.get("paper") is True
        return self.past.persons.get(leaf.people.get("person" if apart else "actor", ""))

    def follow(self, leaf: Leaf) -> None:
        """Let what happened happen."""
        if leaf.facts.get("irregular") and leaf.kind != "step":
            return
        follower = _FOLLOWERS.get(leaf.kind)
        if follower is not None:
            follower(self, leaf)
            self.recount()

    def signed(self, leaf: Leaf) -> None:
        """Follow a sign-off."""
        work, signing = self.work, self.signing(leaf)
        signer = self.signer(leaf)
        own = work.live_at(signing.step, signing.party, signing.role)
        if own is not None:
            work.live.remove(own)
        step = work.definition.steps.get(signing.step)
        if not signing.decision.is_kept or step is None:
            return
        pending = leaf.facts.get("paper") is True and signing.decision is not Decision.CONFIRM
        decision = resulting(signer) if own is not None else signing.decision
        work.live.append(
            LiveSignOff(
                step=signing.step, party=signing.party, role=signing.role, decision=decision,
                person_id=self.person(leaf), signed_at=_moment(leaf),
                holder_id=signing.through[-1] if signing.through else None,
                weighs=not pending and weighs(work.case, step, signer),
                recorded_by=0 if pending else None,
            )
        )  # fmt: skip

    def moved(self, leaf: Leaf) -> None:
        """Follow a step."""
        row = self.work.row
        self.work.live.clear()
        row.state, row.round = leaf.to_state or row.state, row.round + 1
        rule = self.work.definition.steps.get(leaf.step or "")
        row.awaits_revision = rule is not None and rule.wants_new_revision
        close_round(self.work)
        open_silences(self.work)

    def revised(self, leaf: Leaf) -> None:
        """Follow a change of the text; a new revision voids what was signed."""
        row = self.work.row
        row.edited_by = self.past.persons.get(leaf.people.get("actor", ""))
        if leaf.revision != row.revision:
            self.work.live.clear()
            row.revision, row.awaits_revision = leaf.revision or row.revision, False
            close_round(self.work)
            self.take_parties()
            open_silences(self.work)
        keep_dates(self.work, self.past.facts.fields)

    def proposed(self, leaf: Leaf) -> None:
        """Follow the beginning."""
        row = self.work.row
        row.proposed_by = row.edited_by = self.past.persons.get(leaf.people.get("actor", ""))
        self.take_parties()
        keep_dates(self.work, self.past.facts.fields)
        open_silences(self.work)

    def supplied_document(self, leaf: Leaf) -> None:
        """Follow a document that was supplied."""
        self.supplied[_number(leaf)] = False

    def verified_document(self, leaf: Leaf) -> None:
        """Follow a document that was verified."""
        self.supplied[_number(leaf)] = True

    def take_parties(self) -> None:
        """Take the parties of the present revision."""
        held: dict[str, set[str]] = {}
        for code, capacity in self.past.revisions[self.work.row.revision]["parties"]:
            held.setdefault(code, set()).add(capacity)
        self.work.parties = {
            code: (self.past.sorts.get(code, "state"), frozenset(capacities))
            for code, capacities in held.items()
        }

    def recount(self) -> None:
        """Count the standing under the other rules."""
        children = self.past.facts.children if self.work.definition.rolls_up else {}
        documents = [
            (kind, verified, party)
            for number, verified in self.supplied.items()
            for kind, party in (self.past.documents.get(number, ("", "")),)
        ]
        self.work.row.shape = write_shape(self.work.parties, sum(children.values()))
        fields = frozenset(self.past.facts.fields)
        self.work.row.standing = count_standing(self.work, fields, documents, children)


_FOLLOWERS = {
    "propose": Replay.proposed,
    "revise": Replay.revised,
    "sign": Replay.signed,
    "step": Replay.moved,
    "evidence": Replay.supplied_document,
    "verify": Replay.verified_document,
}


def read_text(document: bytes) -> Mapping[str, Any]:
    """Read a revision's canonical text."""
    found: Mapping[str, Any] = json.loads(document)
    return found


def _number(leaf: Leaf) -> int:
    return int(str(leaf.facts.get("number", 0)))


def _moment(leaf: Leaf) -> datetime:
    """Give when an act happened; a day alone is taken as its beginning."""
    written = leaf.occurred if leaf.occurred and "T" in leaf.occurred else leaf.at
    return datetime.fromisoformat(written)
