"""Takes a share of a file of history in, in one transaction: judged act by act, written at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from workflow.domain.entry import Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import imports
from workflow.persistence.entries import append
from workflow.persistence.people_tables import Summit, SummitTitle
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, Work
from workflow.services.history_acts import Act
from workflow.services.history_people import PeopleOfThePast, recorder
from workflow.services.history_proposals import HISTORY, ProposalsOfThePast, irregular
from workflow.services.history_signs import SignOffsOfThePast
from workflow.services.parties import ensure_secretariat

RECORDED, IRREGULAR, REFUSED = "recorded", "irregular", "refused"

MOST_KEPT = 100_000
"""Proposals whose version an import keeps in mind, so that it need not read their chains again."""

_ON_PROPOSALS = ("propose", "revise", "sign", "step")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one line."""

    line: int
    reference: str
    act: str
    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trail:
    """What an import keeps in mind from one transaction to the next."""

    last: datetime | None = None
    """When the newest act so far happened."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """The version that it left each of its proposals at: with that, nobody has acted since."""

    def after(self, acts: Iterable[Act], now: datetime) -> "Trail":
        """Go on past these acts."""
        happened = [act.at for act in acts if act.refusal is None and act.at <= now]
        newest = max(happened, default=self.last)
        return Trail(max(self.last or newest, newest) if newest else None, self.versions)


class Taking:
    """Takes the acts of one transaction in, one after another, and writes them at its end."""

    def __init__(
        self, tx: Tx, caller: Caller, digest: str, mandate: Mandate, acts: Sequence[Act],
        trail: Trail, *, strict: bool,
    ) -> None:  # fmt: skip
        """Read what the acts will ask for."""
        self.tx, self.caller, self.digest, self.acts = tx, caller, digest, acts
        self.trail, self.last, self.strict = trail, trail.last, strict
        readable = [act for act in acts if act.refusal is None]
        if any(act.kind == "propose" for act in readable):
            _ensure_summit(tx)
        self.change = Change(tx, caller, digest)
        self.people = PeopleOfThePast(tx, caller, digest, readable)
        on_proposals = [act for act in readable if act.kind in _ON_PROPOSALS]
        known = self.people.known
        self.proposals = ProposalsOfThePast(
            self.change, mandate, known, on_proposals, strict=strict
        )
        self.signoffs = SignOffsOfThePast(self.change, mandate, known)
        self.proposals.own |= self._own()

    def take_all(self) -> list[Told]:
        """Take the acts in, and say what became of each."""
        return [self._take(act) for act in self.acts]

    def write(self, told: Sequence[Told]) -> Trail:
        """Write all of it, and last the entry that says how far the file was taken in."""
        append(self.tx, self.people.drafts)
        self.people.write()
        self.proposals.write()
        versions = {name: made.version or 0 for name, made in self.change.write().items()}
        append(self.tx, [self._conclusion(told)])
        kept = dict(self.trail.versions) if len(self.trail.versions) < MOST_KEPT else {}
        return Trail(self.last, kept | versions)

    def _own(self) -> set[str]:
        """Give those of the proposals that history made and nobody has acted on since."""
        works = self.proposals.works
        known = {
            name for name, work in works.items()
            if self.trail.versions.get(name) == work.row.version
        }  # fmt: skip
        return known | imports.only_imported(self.tx, works.keys() - known)

    def _take(self, act: Act) -> Told:
        if act.refusal is not None:
            return _told(act, (act.refusal,), REFUSED)
        facts = {"line": act.line}
        odd = self._out_of_time(act)
        if act.kind in ("sign", "step", "revise"):
            return self._on_proposal(act, facts, odd)
        if act.kind == "propose" and not self.strict and act.at <= self.tx.at:
            return self._propose(act, facts, odd)
        reasons = odd or self._begin(act, facts)
        return self._begun(act, facts, reasons)

    def _propose(self, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]) -> Told:
        """Put a proposal on record even where it is told too late: others speak of it."""
        told = facts | irregular(odd) if odd else facts
        reasons = self.proposals.propose(act, told)
        return self._begun(act, facts, (*odd, *reasons)) if reasons else self._judged(act, odd)

    def _begun(self, act: Act, facts: dict[str, Any], reasons: tuple[Refusal, ...]) -> Told:
        if reasons and not self.strict:
            self.people.note_irregular(act, facts | irregular(reasons))
        return self._judged(act, reasons)

    def _out_of_time(self, act: Act) -> tuple[Refusal, ...]:
        """Refuse what is yet to happen, and what happened before the line above."""
        if act.at > self.tx.at:
            return (refuse(Code.DATE_IN_FUTURE, field="at"),)
        if self.last is not None and act.at < self.last:
            return (refuse(Code.OUT_OF_ORDER, line=act.line),)
        self.last = act.at
        return ()

    def _begin(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Take in what makes something new: a party, person, mandate or proposal."""
        if act.kind == "propose":
            return self.proposals.propose(act, facts)
        return self.people.take(act, facts)

    def _on_proposal(self, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]) -> Told:
        """Take in an act on a proposal that an import made; on any other it is refused."""
        work = self.proposals.find(act)
        if isinstance(work, Refusal):
            return _told(act, (work,), REFUSED)
        if act.at > self.tx.at:
            return self._judged(act, self.proposals.note_irregular(work, act, facts, odd))
        # What is told too late is judged as the proposal stands by then: time does not go back.
        self.change.settle_until(work, self.last or act.at)
        return self._judged(act, self._judge(work, act, facts, odd))

    def _judge(
        self, work: Work, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]
    ) -> tuple[Refusal, ...]:
        if act.kind == "step":
            return self.proposals.step(work, act, facts, odd)
        if act.kind == "revise" and not odd:
            return self.proposals.revise(work, act, facts)
        reasons = odd or self.signoffs.sign(work, act, facts)
        return self.proposals.note_irregular(work, act, facts, reasons) if reasons else ()

    def _judged(self, act: Act, reasons: tuple[Refusal, ...]) -> Told:
        odd = REFUSED if self.strict else IRREGULAR
        return _told(act, reasons, odd if reasons else RECORDED)

    def _conclusion(self, told: Sequence[Told]) -> Draft:
        counts = Counter(each.outcome for each in told)
        untold = {
            str(each.line): " ".join((each.outcome, *each.reasons))
            for each in told
            if each.outcome == REFUSED or each.line in self.people.restated
        }
        return Draft(
            chain="log",
            kind=imports.IMPORTED,
            via=self.caller.via,
            actor=recorder(self.caller),
            change=self.digest,
            facts={"first": told[0].line, "last": told[-1].line}
            | {name: counts[name] for name in (RECORDED, IRREGULAR, REFUSED)},
            texts={imports.UNTOLD: untold} if untold else {},
        )


def told_before(tx: Tx, digest: str, acts: Sequence[Act], after: int, until: int) -> list[Told]:
    """Read what an earlier run of the same file has recorded between two entries."""
    outcomes = {
        int(line): tuple(outcome.split()) for line, outcome in imports.untold(tx, until).items()
    }
    for leaf in imports.recorded_of(tx, digest, after, until):
        line, codes = leaf.facts.get("line"), leaf.facts.get("reasons")
        if isinstance(line, int):
            odd = leaf.facts.get("irregular") is True
            reasons = tuple(map(str, codes)) if odd and isinstance(codes, list) else ()
            outcomes[line] = (IRREGULAR if odd else RECORDED, *reasons)
    return [
        Told(act.line, act.reference, act.kind, outcome, tuple(reasons))
        for act in acts
        for outcome, *reasons in (outcomes.get(act.line, (REFUSED,)),)
    ]


def refuse_all(acts: Iterable[Act], reason: Refusal) -> list[Told]:
    """Tell that nothing was taken in, for one reason."""
    return [_told(act, (reason,), REFUSED) for act in acts]


def _told(act: Act, reasons: Iterable[Refusal], outcome: str) -> Told:
    codes = tuple(dict.fromkeys(str(each.code) for each in reasons))
    return Told(act.line, act.reference, act.kind, outcome, codes)


def _ensure_summit(tx: Tx) -> None:
    found = tx.connection.scalar(select(Summit.code).where(Summit.code == HISTORY))
    if found is not None:
        return
    ensure_secretariat(tx)
    day = tx.at.date()
    tx.connection.execute(
        insert(Summit).values(
            code=HISTORY, host=JOINT_SECRETARIAT, place="–", starts_on=day, ends_on=day
        )
    )
    title = {"summit": HISTORY, "language": "en", "title": "Imported history"}
    tx.connection.execute(insert(SummitTitle).values(title))
