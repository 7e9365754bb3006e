"""Takes in sign-offs of the past, judged by the mandates and rules of their moment."""

from typing import Any

from workflow.domain.commands import Decision
from workflow.domain.identity import Mandate
from workflow.domain.signing import (
    Signer,
    counts_for_person,
    judge_sign,
    resulting,
    standing_after_sign,
    weighs,
)
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.texts import NOTE_LENGTH, judge_text
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence.people import PersonRow
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, signer_of
from workflow.services.change import Change, Work, filled
from workflow.services.history_acts import Act
from workflow.services.history_people import Known

_ENDED = {
    Decision.WITHDRAW: "withdrawn",
    Decision.LIFT: "lifted",
    Decision.CONFIRM: "confirmed",
}


class SignOffsOfThePast:
    """Takes sign-offs in, within one change; an irregular one changes nothing and never counts."""

    def __init__(self, change: Change, mandate: Mandate, known: Known) -> None:
        """Record by the mandate of whoever imports, judge by the mandates that are known."""
        self.change, self.mandate, self.known = change, mandate, known

    def sign(self, work: Work, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Sign in the past, or give every reason why this was irregular."""
        decision = _decision(act)
        if decision is None:
            problem = "its decision is no decision"
            return (refuse(Code.ROW_MALFORMED, line=act.line, problem=problem),)
        login, party, role = act.text("login"), act.text("party"), act.text("role")
        person = self.known.persons.get(login)
        held = self.known.mandate(login, party, role, act.at)
        signing = Signing(
            step=act.text("step"), party=party, role=held.role if held else role,
            decision=decision, mandate_valid=not login or held is not None, gives_note=True,
        )  # fmt: skip
        holders = frozenset({person.id} if person else ())
        signer = signer_of(work, person.id if person else None, signing, holders)
        reasons = (
            *judge_text("note", act.text("note"), NOTE_LENGTH, lines=True),
            *judge_sign(work.case, signing.step, signer),
        )
        if not reasons:
            self._carry_out(work, act, signing, signer, person, held)
            self._record(work, act, signing, person, facts)
        return reasons

    def _carry_out(
        self, work: Work, act: Act, signing: Signing, signer: Signer, person: PersonRow | None,
        held: Mandate | None,
    ) -> None:  # fmt: skip
        case, rule = work.case, work.definition.steps[signing.step]
        standings = dict(read_standing(work.row.standing))
        standings[signing.step] = standing_after_sign(case, signing.step, signer)
        own = work.live_at(signing.step, signing.party, signing.role)
        if own is not None:
            work.end(own, _ended_because(signing.decision, own), self.change.tx.at)
        if signing.decision.is_kept:
            person_id, weighty = person.id if person else None, weighs(case, rule, signer)
            signoff = LiveSignOff(
                step=signing.step, party=signing.party, role=signing.role,
                decision=resulting(signer), person_id=person_id, signed_at=act.at,
                occurred_at=act.at, note=act.text("note") or None,
                mandate_id=held.id if held else None, weighs=weighty,
            )  # fmt: skip
            counts = weighty and counts_for_person(rule, signer)
            work.put(signoff, person_id if counts else None)
        work.row.standing = write_standing(standings)

    def _record(
        self, work: Work, act: Act, signing: Signing, person: PersonRow | None,
        facts: dict[str, Any],
    ) -> None:  # fmt: skip
        told = {
            "decision": signing.decision.value, "round": work.row.round,
            "party": signing.party, "role": signing.role,
        }  # fmt: skip
        self.change.record(
            work, "sign", self.mandate, step=signing.step, occurred_at=act.at,
            person=person.pseudonym if person else None, facts=told | facts,
            texts=filled(note=act.text("note")),
        )  # fmt: skip
        self.change.settle(work, self.mandate, occurred_at=act.at)


def _decision(act: Act) -> Decision | None:
    try:
        return Decision(act.text("decision") or "approve")
    except ValueError:
        return None


def _ended_because(decision: Decision, own: LiveSignOff) -> str:
    if decision is Decision.WITHDRAW and own.decision is Decision.OBJECT:
        return "lifted"
    return _ENDED.get(decision, "replaced")
