"""Sign for a seat in any of the ways there are, on one proposal or many."""

from collections.abc import Mapping
from dataclasses import replace

from workflow.domain import texts
from workflow.domain.commands import Decision, Sign
from workflow.domain.identity import Caller, Mandate
from workflow.domain.signing import (
    Signer,
    counts_for_person,
    judge_sign,
    standing_after_sign,
    weighs,
)
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.verdicts import Outcome
from workflow.domain.vocabulary import choose
from workflow.persistence import people
from workflow.persistence.idempotency import recall, remember
from workflow.persistence.retrying import retried
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, held_seat, signer_of
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, Work, as_sent, filled, not_found, open_change, refused
from workflow.services.runtime import Runtime


@retried
def sign(runtime: Runtime, caller: Caller, order: Sign) -> tuple[Outcome, ...]:
    """Sign every selected proposal that the rules allow; one outcome a reference, in order.

    Whether a step that this completes is taken too is for the definition to say; it happens in
    the same transaction, by the same caller.
    """
    with runtime.uow.write() as tx:
        return sign_in(tx, open_change(tx, caller), order)


def sign_in(tx: Tx, change: Change, order: Sign) -> tuple[Outcome, ...]:
    """Sign within an open transaction."""
    works = change.open(order.references)
    known = recall(tx, change.caller.person_id, order.idempotency_key, order)
    if known is not None:
        return (as_sent(known, order.references[0]),)
    outcomes = _sign_all(change, works, order)
    if len(outcomes) == 1:
        remember(tx, change.caller.person_id, order.idempotency_key, order, outcomes[0])
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
    answers = change.write() | answers
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
        through=mandate.through if mandate else (),
    )


def _carry_out(
    change: Change, work: Work, order: Sign, mandate: Mandate | None, signer: Signer
) -> None:
    row, step = work.row, work.definition.steps[order.step]
    standings = dict(read_standing(row.standing))
    standings[order.step] = standing_after_sign(work.case, order.step, signer)
    own = work.live_at(order.step, order.party, signer.seat.role)
    made = _made(change, work, order, mandate, signer, own)
    if own is not None:
        work.end(own, _ended_because(order.decision, own), change.tx.at)
    if made is not None:
        counted = made.person_id if counts_for_person(step, signer) and made.weighs else None
        work.put(made, counted)
    row.standing = write_standing(standings)
    change.record(
        work, "sign", mandate, step=order.step,
        facts={"decision": order.decision.value, "round": row.round, **_confirmed(order, own)},
        texts=filled(note=order.note, meaning=made.meaning if made else None),
        person=_maker(change, order, own),
    )  # fmt: skip
    change.settle(work, mandate, order.note)


def _made(
    change: Change, work: Work, order: Sign, mandate: Mandate | None, signer: Signer,
    own: LiveSignOff | None,
) -> LiveSignOff | None:  # fmt: skip
    """Give the sign-off that stands afterwards: a paper act that is confirmed keeps its maker."""
    if not order.decision.is_kept:
        return None
    step = work.definition.steps[order.step]
    confirmer = change.caller.person_id
    if own is not None and own.awaits_confirmation and order.decision is Decision.CONFIRM:
        heavy = weighs(work.case, step, signer)
        return replace(own, id=None, signed_at=change.tx.at, confirmed_by=confirmer, weighs=heavy)
    delegation = mandate.delegation if mandate else None
    meaning = choose(step.meaning, order.language) if order.decision.approves else None
    return LiveSignOff(
        step=order.step, party=order.party, role=signer.seat.role, decision=order.decision,
        person_id=confirmer, signed_at=change.tx.at, note=order.note, meaning=meaning,
        holder_id=delegation.holder_id if delegation else None,
        mandate_id=mandate.id if mandate else None,
        delegation_id=delegation.id if delegation else None,
        weighs=weighs(work.case, step, signer),
    )  # fmt: skip


def _confirmed(order: Sign, own: LiveSignOff | None) -> dict[str, str | bool]:
    """Say in the entry what was confirmed."""
    if order.decision is not Decision.CONFIRM or own is None:
        return {}
    return {"confirms": own.decision.value, "paper": own.awaits_confirmation}


def _maker(change: Change, order: Sign, own: LiveSignOff | None) -> str | None:
    """Give the pseudonym of whose paper act is confirmed."""
    if order.decision is not Decision.CONFIRM or own is None or not own.awaits_confirmation:
        return None
    maker = people.find_person_by_id(change.tx, own.person_id or 0)
    return maker.pseudonym if maker else None


def _ended_because(decision: Decision, own: LiveSignOff) -> str:
    if decision is Decision.CONFIRM:
        return "confirmed"
    if decision in (Decision.WITHDRAW, Decision.LIFT):
        return "lifted" if own.decision is Decision.OBJECT else "withdrawn"
    return "replaced"
