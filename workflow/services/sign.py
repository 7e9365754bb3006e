"""Sign for a seat: approve, object, lift or withdraw, on one proposal or many."""

from collections.abc import Mapping
from dataclasses import replace

from workflow.domain import texts
from workflow.domain.commands import Decision, Sign
from workflow.domain.decide import Signer, judge_sign, standing_after_sign
from workflow.domain.identity import Caller, Mandate
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.verdicts import Outcome
from workflow.domain.vocabulary import choose
from workflow.persistence import people
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.retrying import retried
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, held_seat, signer_of
from workflow.services.change import Change, Work, as_sent, filled, not_found, open_change, refused
from workflow.services.runtime import Runtime


@retried
def sign(runtime: Runtime, caller: Caller, order: Sign) -> tuple[Outcome, ...]:
    """Sign every selected proposal that the rules allow; one outcome a reference, in order.

    Whether a step that this completes is taken too is for the definition to say; it happens in
    the same transaction, by the same caller.
    """
    with runtime.uow.write() as tx:
        change = open_change(tx, caller)
        works = change.open(order.references)
        known = recall(tx, caller.person_id, order.idempotency_key, order)
        if known is not None:
            return (as_sent(known, order.references[0]),)
        outcomes = _sign_all(change, works, order)
        if len(outcomes) == 1:
            remember(tx, caller.person_id, order.idempotency_key, order, outcomes[0])
        return outcomes


def _sign_all(change: Change, works: Mapping[str, Work], order: Sign) -> tuple[Outcome, ...]:
    answers: dict[str, Outcome] = {}
    order = replace(order, note=texts.clean(order.note or "") or None)
    signings = {reference: _signing(change, work, order) for reference, work in works.items()}
    offices = {(order.party, signing.role) for _, signing in signings.values()}
    seat_holders = people.persons_of_many(change.tx, offices)
    for reference, work in works.items():
        mandate, signing = signings[reference]
        holders = seat_holders[order.party, signing.role]
        signer = signer_of(work, change.caller.person_id, signing, holders)
        unsafe = texts.judge_text("note", order.note or "", texts.NOTE_LENGTH, lines=True)
        reasons = (*unsafe, *judge_sign(work.case, order.step, signer))
        if reasons:
            answers[reference] = refused(work, reasons)
        else:
            _carry_out(change, work, order, mandate, signer)
    answers |= change.write()
    return tuple(answers.get(each) or not_found(each) for each in order.references)


def _signing(change: Change, work: Work, order: Sign) -> tuple[Mandate | None, Signing]:
    mandate = held_seat(change.viewer, order.party, order.role, work.row.summit)
    return mandate, Signing(
        step=order.step,
        party=order.party,
        role=mandate.role if mandate else order.role,
        decision=order.decision,
        mandate_valid=mandate is not None,
        gives_note=order.note is not None,
        revision=order.revision,
    )


def _carry_out(
    change: Change, work: Work, order: Sign, mandate: Mandate | None, signer: Signer
) -> None:
    row, step = work.row, work.definition.steps[order.step]
    standings = dict(read_standing(row.standing))
    standings[order.step] = standing_after_sign(work.case, order.step, signer)
    own = work.live_at(order.step, order.party, signer.seat.role)
    if own is not None:
        work.end(own, _ended_because(order.decision, own), change.tx)
    meaning = choose(step.meaning, order.language) if order.decision is Decision.APPROVE else None
    if order.decision in (Decision.APPROVE, Decision.OBJECT):
        _add(change, work, order, mandate, signer.seat.role, meaning)
    row.standing = write_standing(standings)
    change.record(
        work, "sign", mandate, step=order.step,
        facts={"decision": order.decision.value, "round": row.round},
        texts=filled(note=order.note, meaning=meaning),
    )  # fmt: skip
    change.settle(work, mandate, order.note)


def _ended_because(decision: Decision, own: LiveSignOff) -> str:
    if decision in (Decision.WITHDRAW, Decision.LIFT):
        return "lifted" if own.decision is Decision.OBJECT else "withdrawn"
    return "replaced"


def _add(
    change: Change, work: Work, order: Sign, mandate: Mandate | None, role: str,
    meaning: str | None,
) -> None:  # fmt: skip
    row, person_id = work.row, change.caller.person_id
    work.live.append(
        LiveSignOff(
            None, order.step, order.party, role, order.decision, person_id, change.tx.at, order.note
        )
    )
    work.added.append(
        {
            "proposal_id": row.id, "revision": row.revision, "round": row.round,
            "step": order.step, "party": order.party, "role": role,
            "decision": order.decision.value,
            "counted_person": person_id if order.decision is Decision.APPROVE else None,
            "person_id": person_id, "mandate_id": mandate.id if mandate else None,
            "note": order.note, "meaning": meaning, "signed_at": change.tx.at,
            "ended_at": None, "ended_because": None,
        }
    )  # fmt: skip
