"""Judges changes of texts, parties and fields and makes them in one change: one or many.

What is material makes a new revision and voids live sign-offs. The texts are read once and
written in a few statements, however often a change comes back to a proposal.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from workflow.domain import texts
from workflow.domain.commands import Revise
from workflow.domain.definition import PROPOSED
from workflow.domain.identity import Mandate
from workflow.domain.revision import Content, digest, write_revision
from workflow.domain.shape import read_shape, write_shape
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import contents, people
from workflow.services.calendar import keep_dates, open_silences
from workflow.services.change import Change, Work
from workflow.services.fields import judge_fields
from workflow.services.proposing import Known, judge_parties, taking_part


class Revising:
    """The proposals whose texts, parties or fields one change changes."""

    def __init__(self, change: Change) -> None:
        """Begin with nothing read and nothing changed."""
        self._change = change
        self._contents: dict[int, Content] = {}
        self._revisions: list[dict[str, Any]] = []
        self._rewritten: set[int] = set()

    @cached_property
    def _parties(self) -> Known:
        return people.parties(self._change.tx)

    def read(self, works: Iterable[Work]) -> None:
        """Read what these proposals say now, in two statements for any number of them."""
        found = {work.row.id: work for work in works}
        written = contents.texts_of(self._change.tx, list(found))
        fields = contents.fields_of(self._change.tx, list(found))
        for number, work in found.items():
            by_language = written.get(number, {})
            self._contents[number] = Content(
                {language: title for language, (title, _) in by_language.items()},
                {language: text for language, (_, text) in by_language.items() if text},
                frozenset((code, cap) for code, (_, caps) in work.parties.items() for cap in caps),
                fields.get(number, {}),
            )

    def know(self, work: Work, content: Content) -> None:
        """Take up what a proposal says that this change has just made."""
        self._contents[work.row.id] = content

    def put(
        self, work: Work, order: Revise, mandate: Mandate | None,
        reasons: Iterable[Refusal] = (), **details: Any,  # noqa: ANN401 - a draft's own fields, for what happened earlier
    ) -> tuple[Refusal, ...]:  # fmt: skip
        """Make the change unless there are reasons against it; `write` writes the texts."""
        before = self._contents[work.row.id]
        after = _applied(before, order)
        against = (*reasons, *_judge(work, order, before, after, self._parties))
        if not against:
            is_new = _is_material(work, before, after) or work.row.awaits_revision
            if is_new:
                self._open_revision(work, after, order.reason)
            self._record(work, after, mandate, order.reason, details, is_new=is_new)
        return against

    def write(self) -> None:
        """Write what the proposals say now, and their new revisions."""
        said = {number: self._contents[number] for number in sorted(self._rewritten)}
        contents.replace(self._change.tx, said)
        contents.add_revisions(self._change.tx, self._revisions)

    def _record(
        self, work: Work, after: Content, mandate: Mandate | None, reason: str | None,
        details: Mapping[str, Any], *, is_new: bool,
    ) -> None:  # fmt: skip
        change, row, occurred_at = self._change, work.row, details.get("occurred_at")
        self._contents[row.id] = after
        self._rewritten.add(row.id)
        row.edited_by = change.author
        told = {"reason": reason} if reason else {}
        change.record(work, "revise", mandate, texts=told, **details)
        if is_new:
            change.unschedule(work, mandate, occurred_at)
        keep_dates(work, after.fields)
        change.recount(work, frozenset(after.fields))
        change.settle(work, mandate, reason, occurred_at=occurred_at)

    def _open_revision(self, work: Work, after: Content, reason: str | None) -> None:
        change, row = self._change, work.row
        for signoff in list(work.live):
            work.end(signoff, "new-revision", change.tx.at)
        work.parties = taking_part(self._parties, after.parties)
        document = write_revision(work.definition, row.reference, after)
        row.revision, row.revision_sha256 = row.revision + 1, digest(document)
        row.shape = write_shape(work.parties, read_shape(row.shape).children)
        row.awaits_revision = False
        open_silences(work)
        self._revisions.append(
            contents.revision_row(
                row.id, row.revision, document, row.revision_sha256, change.tx.at, change.author,
                reason,
            )
        )  # fmt: skip


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


def _judge(
    work: Work, order: Revise, before: Content, after: Content, known: Known
) -> list[Refusal]:
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
    reasons += judge_parties(known, after.parties, work.definition)
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
