"""Takes in proposals, sign-offs and steps of the past, judged by the rules of their moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflow.domain.commands import Decision, Propose
from workflow.domain.decide import judge_sign, judge_step, standing_after_sign
from workflow.domain.definition import StepRule
from workflow.domain.identity import Mandate
from workflow.domain.requirement import Group
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.texts import judge_reference
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence.people import PersonRow
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, signer_of
from workflow.services.change import Change, Work
from workflow.services.history_acts import Act
from workflow.services.history_people import Known
from workflow.services.propose import cleaned, put_in

HISTORY = "HISTORY"
"""The summit of proposals whose summit history does not name."""


class ProposalsOfThePast:
    """Takes acts on proposals in, within one change; an irregular one is recorded as that."""

    def __init__(self, change: Change, mandate: Mandate, known: Known, *, strict: bool) -> None:
        """Record by the mandate of whoever imports."""
        self.change, self.mandate, self.known, self.strict = change, mandate, known, strict
        self.own: set[str] = set()

    def propose(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Put a proposal on record; one that cannot be has nothing to be recorded on."""
        order = Propose(
            reference=act.text("reference"),
            kind=act.text("kind"),
            summit=act.text("summit") or HISTORY,
            titles=act.texts("title"),
            summaries=act.texts("summary"),
            parties=tuple(
                (party, capacity.strip())
                for party, capacities in act.texts("parties").items()
                for capacity in capacities.split(",")
            ),
            source=act.text("source") or "an import of history",
        )
        reasons = put_in(
            self.change.tx, self.change, cleaned(order), self.mandate, [],
            occurred_at=act.at, facts=facts,
        )  # fmt: skip
        if not reasons:
            self.own.add(order.reference)
        return reasons

    def find(self, act: Act) -> Work | Refusal:
        """Find the proposal of an act, if history made it and nobody has acted on it since."""
        reference = act.text("reference")
        work = self.change.find(reference)
        if work is None:
            return refuse(Code.NOT_FOUND, reference=reference[:80])
        if reference not in self.own:
            return refuse(Code.IMPORTED_ONLY, reference=reference)
        return work

    def sign(self, work: Work, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Sign in the past; an irregular sign-off is an entry, and never counts."""
        decision = _decision(act)
        if decision is None:
            problem = "its decision is no decision"
            reason = refuse(Code.ROW_MALFORMED, line=act.line, problem=problem)
            return self.note_irregular(work, act, facts, [reason])
        login = act.text("login")
        person = self.known.persons.get(login)
        held = self.known.mandate(login, act.text("party"), act.text("role"), act.at)
        signing = Signing(
            step=act.text("step"), party=act.text("party"),
            role=held.role if held else act.text("role"), decision=decision,
            mandate_valid=not login or held is not None, gives_note=True,
        )  # fmt: skip
        holders = frozenset({person.id} if person else ())
        signer = signer_of(work, person.id if person else None, signing, holders)
        reasons = judge_sign(work.case, signing.step, signer)
        if reasons:
            return self.note_irregular(work, act, facts, reasons)
        standings = dict(read_standing(work.row.standing))
        standings[signing.step] = standing_after_sign(work.case, signing.step, signer)
        work.row.standing = write_standing(standings)
        self._write_signoff(work, signing, person, act, held)
        self._record(work, signing, person, act, facts)
        return ()

    def _write_signoff(
        self, work: Work, signing: Signing, person: PersonRow | None, act: Act,
        held: Mandate | None,
    ) -> None:  # fmt: skip
        self._end_own(work, signing)
        if signing.decision in (Decision.APPROVE, Decision.OBJECT):
            self._add(work, signing, person, act, held)

    def _record(
        self, work: Work, signing: Signing, person: PersonRow | None, act: Act,
        facts: dict[str, Any],
    ) -> None:  # fmt: skip
        told = {
            "decision": signing.decision.value, "round": work.row.round,
            "party": signing.party, "role": signing.role,
        }  # fmt: skip
        self.change.record(
            work, "sign", self.mandate, step=signing.step, occurred_at=act.at,
            person=person.pseudonym if person else None, facts=told | facts,
        )  # fmt: skip
        self.change.settle(work, self.mandate, occurred_at=act.at)

    def step(self, work: Work, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Take a step in the past; an irregular one leads to its `to`, if that is a state."""
        name, to = act.text("step"), act.text("to")
        rule = work.definition.steps.get(name)
        if rule is not None and name in work.taken and work.row.state == (to or rule.to):
            return ()  # the sign-off that satisfied it has taken it, and has its entry
        reasons = judge_step(work.case, name)
        if not reasons and rule is not None and to in ("", rule.to):
            self.change.take(work, rule, self.mandate, occurred_at=act.at, facts=facts)
            self.change.settle(work, self.mandate, occurred_at=act.at)
            return ()
        if not reasons:
            reasons = (refuse(Code.STEP_NOT_OPEN, step=name, state=work.row.state),)
        if to not in work.definition.states or judge_reference(name) or self.strict:
            return self.note_irregular(work, act, facts, reasons)
        past = rule or _unknown_step(name, to)
        told = facts | irregular(reasons)
        self.change.take(work, past, self.mandate, occurred_at=act.at, to=to, facts=told)
        return reasons

    def note_irregular(
        self, work: Work, act: Act, facts: dict[str, Any], reasons: Iterable[Refusal]
    ) -> tuple[Refusal, ...]:
        """Record an act that changes nothing, with what is wrong with it; nothing when strict."""
        found = tuple(reasons)
        if not self.strict:
            told = {name: act.text(name) for name in ("step", "to", "party", "role", "decision")}
            texts: dict[str, Any] = {"claimed": {k: v for k, v in told.items() if v}}
            facts = {"act": act.kind} | facts | irregular(found)
            self.change.record(
                work, "irregular", self.mandate, occurred_at=act.at, facts=facts, texts=texts
            )
        return found

    def _end_own(self, work: Work, signing: Signing) -> None:
        own = work.live_at(signing.step, signing.party, signing.role)
        if own is None:
            return
        ending = {Decision.WITHDRAW: "withdrawn", Decision.LIFT: "lifted"}
        work.end(own, ending.get(signing.decision, "replaced"), self.change.tx)

    def _add(
        self, work: Work, signing: Signing, person: PersonRow | None, act: Act,
        held: Mandate | None,
    ) -> None:  # fmt: skip
        row, person_id = work.row, person.id if person else None
        work.live.append(
            LiveSignOff(
                None, signing.step, signing.party, signing.role, signing.decision, person_id, act.at
            )
        )
        work.added.append(
            {
                "proposal_id": row.id, "revision": row.revision, "round": row.round,
                "step": signing.step, "party": signing.party, "role": signing.role,
                "decision": signing.decision.value,
                "counted_person": person_id if signing.decision is Decision.APPROVE else None,
                "person_id": person_id, "mandate_id": held.id if held else None,
                "note": act.text("note") or None, "meaning": None, "signed_at": act.at,
                "ended_at": None, "ended_because": None,
            }
        )  # fmt: skip


def _decision(act: Act) -> Decision | None:
    try:
        return Decision(act.text("decision") or "approve")
    except ValueError:
        return None


def _unknown_step(name: str, to: str) -> StepRule:
    return StepRule(name, frozenset(), to, Group(()), {}, {})


def irregular(reasons: tuple[Refusal, ...]) -> dict[str, Any]:
    """Give the facts that mark an entry as irregular."""
    return {"irregular": True, "reasons": list(dict.fromkeys(str(each.code) for each in reasons))}


def is_before(act: Act, last: datetime | None) -> bool:
    """Say whether an act happened before the one in front of it: then the file is out of order."""
    return last is not None and act.at < last
