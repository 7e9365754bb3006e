"""Import acts that already happened: judged by their own moment, recorded now, nothing repaired.

Every entry names the file's digest as its change and the line it came from, so that an import
that was cut off is run again and takes in what is left.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Via
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.log.leaf import read_leaf
from workflow.persistence import people
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.chunks import chunks
from workflow.persistence.people_tables import Summit, SummitTitle
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change
from workflow.services.history_acts import Act, read_acts
from workflow.services.history_people import Known, PeopleOfThePast, read_known
from workflow.services.history_proposals import (
    HISTORY,
    ProposalsOfThePast,
    irregular,
    is_before,
)
from workflow.services.parties import ensure_secretariat
from workflow.services.runtime import Runtime

CHUNK = 1_000
"""Acts a transaction."""

RECORDED, IRREGULAR, REFUSED = "recorded", "irregular", "refused"
_ON_PROPOSALS = ("propose", "revise", "sign", "step")

Watch = Callable[[Iterable[Sequence[Act]]], Iterable[Sequence[Act]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one line."""

    line: int
    reference: str
    act: str
    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """What became of every act, in the file's order."""

    lines: tuple[Told, ...]

    def as_json(self) -> dict[str, int]:
        """Write the numbers as the contract's `history import` does."""
        counts = Counter(line.outcome for line in self.lines)
        return {"acts": len(self.lines)} | {
            name: counts[name] for name in (RECORDED, IRREGULAR, REFUSED)
        }


def import_history(
    runtime: Runtime, caller: Caller, content: bytes, *, strict: bool = False, watch: Watch = iter
) -> HistoryReport | Refused:
    """Take a file of acts in on a secretariat's mandate; `strict` refuses irregular ones."""
    recorder = replace(caller, via=Via.IMPORT)
    digest = sha256(content).hexdigest()
    with runtime.uow.read() as tx:
        mandate = _mandate(tx, recorder)
        before = _taken_before(tx, digest)
    if mandate is None:
        return Refused((refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat"),))
    acts = list(read_acts(content))
    told = {
        act.line: replace(before[act.line], reference=act.reference, act=act.kind)
        for act in acts
        if act.line in before
    }
    left = [act for act in acts if act.line > max(before, default=0)]
    last = max((act.at for act in acts if act.line in before), default=None)
    for chunk in watch(list(chunks(left, CHUNK))):
        found, last = _take_chunk(runtime, recorder, digest, chunk, last, strict=strict)
        told |= found
    return HistoryReport(tuple(told.get(act.line) or _refused(act, _fault(act)) for act in acts))


@retried
def _take_chunk(
    runtime: Runtime, caller: Caller, digest: str, acts: Sequence[Act], last: datetime | None,
    *, strict: bool,
) -> tuple[dict[int, Told], datetime | None]:  # fmt: skip
    with runtime.uow.write() as tx:
        mandate = _mandate(tx, caller)
        if mandate is None:
            reason = refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat")
            return {act.line: _refused(act, (reason,)) for act in acts}, last
        if any(act.kind == "propose" for act in acts):
            _ensure_summit(tx)
        taker = _Taker(tx, caller, digest, mandate, read_known(tx), strict=strict)
        return taker.take_all(acts, last)


class _Taker:
    """Takes the acts of one transaction in, one after another, and writes them at its end."""

    def __init__(
        self, tx: Tx, caller: Caller, digest: str, mandate: Mandate, known: Known, *, strict: bool
    ) -> None:
        self.strict = strict
        self.change = Change(tx, caller, digest)
        self.people = PeopleOfThePast(tx, caller, digest, known)
        self.proposals = ProposalsOfThePast(self.change, mandate, known, strict=strict)

    def take_all(
        self, acts: Sequence[Act], last: datetime | None
    ) -> tuple[dict[int, Told], datetime | None]:
        """Take the acts in; give what became of each, and when the last one happened."""
        asked = [act.text("reference") for act in acts if act.kind in _ON_PROPOSALS]
        self.proposals.own |= _of_history_alone(self.change.tx, self.change.open(asked))
        told = {}
        for act in acts:
            told[act.line] = self.take(act, last)
            if act.refusal is None:
                last = max(act.at, last) if last else act.at
        self.people.write()
        self.change.write()
        return told, last

    def take(self, act: Act, last: datetime | None) -> Told:
        """Take one act in."""
        if act.refusal is not None:
            return _refused(act, _fault(act))
        late = is_before(act, last)
        problem = "it happened before the act in the line above"
        odd = (refuse(Code.ROW_MALFORMED, line=act.line, problem=problem),) if late else ()
        facts = {"line": act.line}
        if act.kind in ("sign", "step", "revise"):
            return self.on_proposal(act, facts, odd)
        reasons = odd or self.begin(act, facts)
        if reasons and not self.strict:
            self.people.note_irregular(act, facts | irregular(reasons))
        return _told(act, reasons, refused=self.strict)

    def begin(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Take in what makes something new: a party, person, mandate or proposal."""
        if act.kind == "propose":
            return self.proposals.propose(act, facts)
        return self.people.take(act, facts)

    def on_proposal(self, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]) -> Told:
        """Take in an act on a proposal that an import made; on any other it is refused."""
        work = self.proposals.find(act)
        if isinstance(work, Refusal):
            return _refused(act, (work,))
        if act.kind == "revise":
            problem = "revisions of the past are not taken in yet"
            odd = (refuse(Code.ROW_MALFORMED, line=act.line, problem=problem),)
        if odd:
            reasons = self.proposals.note_irregular(work, act, facts, odd)
        elif act.kind == "sign":
            reasons = self.proposals.sign(work, act, facts)
        else:
            reasons = self.proposals.step(work, act, facts)
        return _told(act, reasons, refused=self.strict)


def _mandate(tx: Tx, caller: Caller) -> Mandate | None:
    for mandate in people.mandates_of(tx, caller.person_id):
        everywhere = mandate.party == JOINT_SECRETARIAT and mandate.summit is None
        if everywhere and role_covers("secretariat", mandate.role):
            return mandate
    return None


def _taken_before(tx: Tx, digest: str) -> dict[int, Told]:
    """Read what an earlier run of the same file has recorded, by line."""
    leaves = tx.connection.scalars(select(AuditEntry.leaf).where(AuditEntry.change_id == digest))
    told: dict[int, Told] = {}
    for leaf in map(read_leaf, leaves):
        line = leaf.facts.get("line")
        if isinstance(line, int):
            odd = leaf.facts.get("irregular") is True
            codes = leaf.facts.get("reasons", ()) if odd else ()
            reasons = tuple(map(str, codes)) if isinstance(codes, list | tuple) else ()
            outcome = IRREGULAR if odd else RECORDED
            told[line] = Told(line, "", "", outcome, reasons)
    return told


def _of_history_alone(tx: Tx, references: Iterable[str]) -> set[str]:
    """Give the proposals that history made and nobody has acted on since.

    Were others among them, an import could stand in for a sign-off that somebody still owes.
    """
    chains = {f"proposal/{reference}": reference for reference in references}
    touched: set[str] = set()
    for part in chunks(sorted(chains)):
        rows = tx.connection.execute(
            select(AuditEntry.chain, AuditEntry.leaf).where(AuditEntry.chain.in_(part))
        )
        for chain, content in rows:
            leaf = read_leaf(content)
            if leaf.via != Via.IMPORT or ("line" not in leaf.facts and leaf.kind == "propose"):
                touched.add(chain)
    return {reference for chain, reference in chains.items() if chain not in touched}


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


def _fault(act: Act) -> tuple[Refusal, ...]:
    return (act.refusal,) if act.refusal else ()


def _told(act: Act, reasons: tuple[Refusal, ...], *, refused: bool) -> Told:
    if not reasons:
        return Told(act.line, act.reference, act.kind, RECORDED)
    return replace(_refused(act, reasons), outcome=REFUSED if refused else IRREGULAR)


def _refused(act: Act, reasons: tuple[Refusal, ...]) -> Told:
    codes = tuple(dict.fromkeys(str(each.code) for each in reasons))
    return Told(act.line, act.reference, act.kind, REFUSED, codes)
