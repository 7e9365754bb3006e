"""Records an act that somebody made on paper, from its document.

It weighs nothing until a holder of the same seat confirms it here, who is not the one who
recorded it: then it counts as its maker's, and is judged once more.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.domain import names, texts
from workflow.domain.commands import Decision, RecordPaper
from workflow.domain.identity import (
    JOINT_SECRETARIAT,
    Caller,
    Mandate,
    Viewer,
    speaks_for_party,
)
from workflow.domain.requirement import role_covers
from workflow.domain.signing import Signer, judge_sign
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.domain.vocabulary import choose
from workflow.persistence import evidence, paper, people
from workflow.persistence.people import PersonRow
from workflow.persistence.retrying import retried
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, held_seat, signer_of
from workflow.services.change import Change, Work, filled, refused
from workflow.services.documents import judge_document, media_type
from workflow.services.once import once
from workflow.services.runtime import Runtime

EARLIEST = date(1900, 1, 1)
"""A paper of before is a mistake in the year."""

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was found out about an act: its maker, the mandate they had, how a rule sees them."""

    maker: PersonRow
    mandate: Mandate | None
    signer: Signer


@retried
def record_paper(runtime: Runtime, caller: Caller, order: RecordPaper) -> Outcome:
    """Keep a paper act and its document with the proposal, for its party to confirm."""
    return once(runtime, caller, order, _record)


def _record(change: Change, work: Work, order: RecordPaper) -> Outcome:
    recorder = _recorder(change.viewer, order.party, work.row.summit)
    if recorder is None:
        return refused(work, [refuse(Code.MAY_NOT_RECORD, party=names.shown(order.party, 20))])
    zone = people.parties(change.tx)[order.party][1] if order.party in work.parties else None
    maker = people.find_person(change.tx, order.login)
    if zone is None:
        return refused(work, [refuse(Code.PARTY_UNKNOWN, party=names.shown(order.party, 20))])
    if maker is None or maker.origin == "import":
        return refused(work, [refuse(Code.PERSON_UNKNOWN, login=names.shown(order.login))])
    if reasons := _day_reasons(change, work, order, ZoneInfo(zone)):
        return refused(work, reasons)
    read = _read(change, work, order, maker, ZoneInfo(zone))
    reasons = [
        *_seat_reasons(work, order, read),
        *judge_document(order.file_name, order.content),
        *texts.judge_text("note", order.note or "", texts.NOTE_LENGTH, lines=True),
    ]
    if reasons:
        return refused(work, tuple(dict.fromkeys(reasons)))
    _keep(change, work, order, read, recorder, zone)
    return change.write()[work.row.reference]


def _read(
    change: Change, work: Work, order: RecordPaper, maker: PersonRow, zone: ZoneInfo
) -> _Reading:
    first, last = _day(order.occurred_on, zone)
    held = paper.held_between(change.tx, maker.id, first, min(last, change.tx.at))
    eyes = Viewer(maker.id, held)
    mandate = held_seat(eyes, order.party, order.role, work.row.summit)
    role = mandate.role if mandate else order.role
    office = order.party, role
    signing = Signing(
        order.step, *office, order.decision, gives_note=bool(texts.clean(order.note or "")),
        revision=order.revision, through=mandate.through if mandate else (),
    )  # fmt: skip
    holders = people.persons_of_many(change.tx, [office])[office]
    return _Reading(maker, mandate, signer_of(work, maker.id, signing, holders))


def _recorder(viewer: Viewer, party: str, summit: str) -> Mandate | None:
    """Find by what the caller records it: as a colleague, or for the joint secretariat."""
    for mandate in viewer.own:
        scoped = mandate.summit in (None, summit)
        colleague = mandate.party == party and speaks_for_party(mandate.role)
        secretary = mandate.party == JOINT_SECRETARIAT and role_covers("secretariat", mandate.role)
        if scoped and (colleague or secretary):
            return mandate
    return None


def _day_reasons(change: Change, work: Work, order: RecordPaper, zone: ZoneInfo) -> list[Refusal]:
    if order.occurred_on > change.tx.at.astimezone(zone).date():
        return [refuse(Code.DATE_IN_FUTURE, field="occurred_on")]
    if order.occurred_on < EARLIEST:
        return [refuse(Code.DATES_MALFORMED, date=order.occurred_on.isoformat())]
    if (work.row.revision, work.row.round) == (1, 1):
        return []  # a first text may have been signed before anybody put it on record here
    since = paper.open_since(change.tx, work.row).astimezone(zone).date()
    if order.occurred_on < since:
        number = work.row.revision
        return [refuse(Code.PAPER_BEFORE_TEXT, revision=number, day=since.isoformat())]
    return []


def _seat_reasons(work: Work, order: RecordPaper, read: _Reading) -> list[Refusal]:
    """Judge the maker as if they signed now; an act that stands already is not put aside."""
    if not order.decision.is_kept or order.decision is Decision.CONFIRM:
        return [refuse(Code.PAPER_DECISION)]
    reasons = list(judge_sign(work.case, order.step, read.signer))
    if read.mandate is None:
        params = {"party": order.party, "role": names.shown(order.role)}
        day = order.occurred_on.isoformat()
        reasons.append(refuse(Code.MANDATE_NOT_HELD_THEN, login=order.login, day=day, **params))
    if read.signer.held is not None and not read.signer.held_awaits_confirmation:
        seat = read.signer.seat
        reasons.append(refuse(Code.SEAT_ALREADY_SIGNED, party=seat.party, role=seat.role))
    return reasons


def _keep(
    change: Change, work: Work, order: RecordPaper, read: _Reading, recorder: Mandate,
    zone: str,
) -> None:  # fmt: skip
    tx, seat = change.tx, read.signer.seat
    sha256 = hashlib.sha256(order.content).hexdigest()
    evidence.keep_file(tx, sha256, media_type(order.content) or "", order.content)
    made = _made(change, work, order, read, sha256)
    own = work.live_at(order.step, seat.party, seat.role)
    if own is not None:
        work.end(own, "replaced", tx.at)
    work.put(made, None)
    change.record(
        work, "sign", recorder, step=order.step, person=read.maker.pseudonym,
        occurred_on=order.occurred_on, occurred_in=zone,
        facts={
            "decision": order.decision.value, "round": work.row.round, "paper": True,
            "party": seat.party, "role": seat.role, "sha256": sha256,
        },
        texts=filled(
            note=made.note, meaning=made.meaning, file=order.file_name, holder=_holder(read)
        ),
    )  # fmt: skip


def _made(
    change: Change, work: Work, order: RecordPaper, read: _Reading, sha256: str
) -> LiveSignOff:
    delegation = read.mandate.delegation if read.mandate else None
    meaning = work.definition.steps[order.step].meaning
    return LiveSignOff(
        step=order.step, party=order.party, role=read.signer.seat.role, decision=order.decision,
        person_id=read.maker.id, signed_at=change.tx.at, note=texts.clean(order.note or "") or None,
        meaning=choose(meaning, order.language) if order.decision.approves else None,
        holder_id=delegation.holder_id if delegation else None,
        mandate_id=read.mandate.id if read.mandate else None,
        delegation_id=delegation.id if delegation else None,
        weighs=False, occurred_on=order.occurred_on, recorded_by=change.caller.person_id,
        document_sha256=sha256,
    )  # fmt: skip


def _holder(read: _Reading) -> str | None:
    """Say in the entry whose mandate it was, where the maker had it by delegation."""
    delegation = read.mandate.delegation if read.mandate else None
    return delegation.holder_pseudonym if delegation else None


def _day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the first and the last instant of a local day."""
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    following = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return first, following - _INSTANT
