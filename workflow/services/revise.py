"""Change a proposal's texts, parties and fields; what is material makes a new revision."""

from collections.abc import Mapping
from dataclasses import replace

from workflow.domain import texts
from workflow.domain.commands import Revise
from workflow.domain.definition import PROPOSED
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, speaks_for_party
from workflow.domain.revision import Content, digest, write_revision
from workflow.domain.shape import write_shape
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.persistence import proposals
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Change, Work, refused
from workflow.services.fields import judge_fields
from workflow.services.once import once
from workflow.services.propose import judge_parties, taking_part
from workflow.services.runtime import Runtime


@retried
def revise(runtime: Runtime, caller: Caller, order: Revise) -> Outcome:
    """Change a proposal; a material change makes a new revision and voids its live sign-offs."""
    return once(runtime, caller, order, _revise)


def _revise(change: Change, work: Work, order: Revise) -> Outcome:
    tx = change.tx
    mandate = _authority(change, work)
    order = replace(order, reason=texts.clean(order.reason or "") or None)
    before = _read(tx, work)
    after = _applied(before, order)
    reasons = [] if mandate else [refuse(Code.NO_MANDATE, party="", role="")]
    reasons += _judge(tx, work, order, before, after)
    if reasons:
        return refused(work, reasons)
    if _is_material(work, before, after) or work.row.awaits_revision:
        _open_revision(change, work, after, order.reason)
    _write(change, work, after, mandate, order.reason)
    return change.write()[order.reference]


def _authority(change: Change, work: Work) -> Mandate | None:
    for mandate in change.viewer.mandates:
        if mandate.summit not in (None, work.row.summit) or not speaks_for_party(mandate.role):
            continue
        _, capacities = work.parties.get(mandate.party, ("", frozenset()))
        if capacities - {"observer"} or mandate.party == JOINT_SECRETARIAT:
            return mandate
    return None


def _read(tx: Tx, work: Work) -> Content:
    written = proposals.texts_of(tx, work.row.id)
    return Content(
        {language: title for language, (title, _) in written.items()},
        {language: summary for language, (_, summary) in written.items() if summary},
        frozenset((party, cap) for party, (_, caps) in work.parties.items() for cap in caps),
        proposals.fields_of(tx, work.row.id),
    )


def _applied(before: Content, order: Revise) -> Content:
    fields = dict(before.fields)
    for name, value in (order.fields or {}).items():
        fields.pop(name, None)
        if value is not None:
            fields[name] = value
    return Content(
        _merged(before.titles, order.titles),
        _merged(before.summaries, order.summaries),
        before.parties if order.parties is None else frozenset(order.parties),
        fields,
    )


def _merged(before: Mapping[str, str], changes: Mapping[str, str] | None) -> Mapping[str, str]:
    """Apply changes by language; an empty text takes that language's text away."""
    merged = dict(before) | {lang: texts.clean(text) for lang, text in (changes or {}).items()}
    return {language: text for language, text in merged.items() if text}


def _judge(tx: Tx, work: Work, order: Revise, before: Content, after: Content) -> list[Refusal]:
    reasons = []
    if order.revision not in (None, work.row.revision):
        reasons.append(refuse(Code.REVISION_OLD))
    elif order.version not in (None, work.row.version):
        reasons.append(refuse(Code.CHANGED_MEANWHILE, version=work.row.version))
    if before == after:
        reasons.append(refuse(Code.NOTHING_CHANGED))
    if _is_material(work, before, after) and work.row.state != PROPOSED:
        reasons.append(refuse(Code.NOT_EDITABLE, state=work.row.state))
    if not after.titles:
        reasons.append(refuse(Code.TEXT_MISSING, field="titles"))
    reasons += texts.judge_texts("titles", after.titles, texts.TITLE_LENGTH)
    reasons += texts.judge_texts("summary", after.summaries, texts.TEXT_LENGTH, lines=True)
    reasons += texts.judge_text("reason", order.reason or "", texts.NOTE_LENGTH, lines=True)
    reasons += judge_parties(tx, after.parties, work.definition)
    return reasons + judge_fields(work.definition, order.fields or {})


def _is_material(work: Work, before: Content, after: Content) -> bool:
    material = work.definition.material
    changed = {name for name in before.fields.keys() | after.fields.keys()
               if before.fields.get(name) != after.fields.get(name)}  # fmt: skip
    if before.titles != after.titles:
        changed.add("titles")
    if before.summaries != after.summaries:
        changed.add("summary")
    # Who takes part decides who must sign, so it is material whatever the definition says.
    return bool(changed & material) or before.parties != after.parties


def _write(
    change: Change, work: Work, after: Content, mandate: Mandate | None, reason: str | None
) -> None:
    row = work.row
    proposals.write_texts(change.tx, row.id, after.titles, after.summaries)
    proposals.write_fields(change.tx, row.id, after.fields)
    row.edited_by = change.caller.person_id
    change.record(work, "revise", mandate, texts={"reason": reason} if reason else {})
    change.recount(work, frozenset(after.fields))
    change.settle(work, mandate, reason)


def _open_revision(change: Change, work: Work, after: Content, reason: str | None) -> None:
    tx, row = change.tx, work.row
    for signoff in list(work.live):
        work.end(signoff, "new-revision", tx)
    work.parties = taking_part(tx, after.parties)
    document = write_revision(work.definition, row.reference, after)
    row.revision, row.revision_sha256 = row.revision + 1, digest(document)
    row.shape, row.awaits_revision = write_shape(work.parties), False
    proposals.write_parties(tx, row.id, after.parties)
    proposals.add_revision(tx, row, document, change.author, reason)
