"""Takes in proposals, revisions and steps of the past, judged by the rules of their moment."""

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.domain.commands import FieldValue, Propose, Revise
from workflow.domain.decide import Taker, judge_step
from workflow.domain.definition import Definition, StepRule
from workflow.domain.identity import JOINT_SECRETARIAT, Mandate
from workflow.domain.requirement import Group, role_covers
from workflow.domain.revision import Content
from workflow.domain.texts import NOTE_LENGTH, judge_reference, judge_text
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import imports
from workflow.services.change import Change, Work
from workflow.services.history_acts import Act
from workflow.services.history_people import Known
from workflow.services.propose import cleaned
from workflow.services.proposing import Proposing
from workflow.services.revising import Revising
from workflow.services.typed_fields import read_typed

HISTORY = "HISTORY"
"""The summit of proposals whose summit history does not name."""


class ProposalsOfThePast:
    """Takes acts on proposals in, within one change; an irregular one is recorded as that."""

    def __init__(
        self, change: Change, mandate: Mandate, known: Known, acts: Sequence[Act], *, strict: bool
    ) -> None:
        """Record by the mandate of whoever imports; the acts say what will be asked for."""
        self.change, self.mandate, self.known, self.strict = change, mandate, known, strict
        self.own: set[str] = set()
        """Proposals that history made and nobody has acted on since."""
        made = [act.text("reference") for act in acts if act.kind == "propose"]
        revised = {act.text("reference") for act in acts if act.kind == "revise"}
        stepped = {act.text("reference") for act in acts if act.kind == "step"}
        works = self.works = dict(change.open([act.text("reference") for act in acts]))
        self._proposing, self._revising = Proposing(change.tx, change, made), Revising(change)
        self._revising.read([work for name, work in works.items() if name in revised])
        self._fired = imports.fired(change.tx, stepped & works.keys())
        self._answered: dict[str, int] = {}
        """How many of the steps that were taken here a line of the source speaks of."""

    def write(self) -> None:
        """Write what was made and revised; the change writes the rest."""
        self._proposing.write()
        self._revising.write()

    def propose(self, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Put a proposal on record; one that cannot be has nothing to be recorded on."""
        found = self._proposing.newest(act.text("kind"))
        fields = _fields(act, found[1] if found else None)
        if isinstance(fields, list):
            return tuple(fields)
        order = Propose(
            reference=act.text("reference"),
            kind=act.text("kind"),
            summit=act.text("summit") or HISTORY,
            titles=act.texts("title") or {},
            summaries=act.texts("summary") or {},
            parties=act.parties() or (),
            fields={name: value for name, value in fields.items() if value is not None},
            source=act.text("source") or "an import of history",
        )
        order = cleaned(order)
        reasons = self._proposing.put(order, self.mandate, occurred_at=act.at, facts=facts)
        work = self.change.find(order.reference)
        if not reasons and work is not None:
            self.own.add(order.reference)
            said = Content(order.titles, order.summaries, frozenset(order.parties), order.fields)
            self._revising.know(work, said)
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

    def revise(self, work: Work, act: Act, facts: dict[str, Any]) -> tuple[Refusal, ...]:
        """Change texts, parties or fields in the past; what is material voids its sign-offs."""
        fields = _fields(act, work.definition)
        if isinstance(fields, list):
            return self.note_irregular(work, act, facts, fields)
        order = Revise(
            reference=work.row.reference,
            titles=act.texts("title"),
            summaries=act.texts("summary"),
            parties=act.parties(),
            fields=fields,
            reason=act.text("reason") or None,
        )
        reasons = self._revising.put(work, order, self.mandate, occurred_at=act.at, facts=facts)
        return self.note_irregular(work, act, facts, reasons) if reasons else ()

    def step(
        self, work: Work, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]
    ) -> tuple[Refusal, ...]:
        """Take a step in the past; an irregular one leads to its `to`, if that is a state."""
        name, to = act.text("step"), act.text("to")
        rule = work.definition.steps.get(name)
        if rule is not None and to in ("", rule.to) and self._has_fired(work, rule):
            return self._note_repeated(work, act, facts, odd)
        reasons = (*odd, *self._against_step(work, rule, act))
        if not reasons and rule is not None:
            self._take(work, rule, act, facts)
            return ()
        leads = to in work.definition.states and to != work.row.state
        if not leads or judge_reference(name) or self.strict:
            return self.note_irregular(work, act, facts, reasons)
        self._take(work, rule or _unknown_step(name, to), act, facts | irregular(reasons), to)
        return reasons

    def _against_step(self, work: Work, rule: StepRule | None, act: Act) -> tuple[Refusal, ...]:
        name, to = act.text("step"), act.text("to")
        reasons = [
            *judge_text("reason", act.text("reason"), NOTE_LENGTH, lines=True),
            *judge_step(work.case, name, self._taker(work, rule, act)),
        ]
        if not reasons and rule is not None and to not in ("", rule.to):
            reasons.append(refuse(Code.STEP_NOT_OPEN, step=name, state=work.row.state))
        return tuple(reasons)

    def _take(
        self, work: Work, rule: StepRule, act: Act, facts: dict[str, Any], to: str | None = None
    ) -> None:
        said = act.text("reason")
        safe = not judge_text("reason", said, NOTE_LENGTH, lines=True)
        self.change.take(
            work, rule, self.mandate, occurred_at=act.at, to=to, facts=facts,
            reason=said if said and safe else None,
        )  # fmt: skip
        self._answered[work.row.reference] = len(work.taken)
        self.change.settle(work, self.mandate, occurred_at=act.at)

    def _has_fired(self, work: Work, rule: StepRule) -> bool:
        """Say whether the rule took the step by itself, and the source has yet to say so."""
        reference = work.row.reference
        if not rule.fires_by_itself or work.row.state != rule.to:
            return False
        if not work.taken:
            return self._fired.get(reference) == rule.name
        unanswered = work.taken[self._answered.get(reference, 0) :]
        return bool(unanswered) and unanswered[-1] == rule.name

    def _note_repeated(
        self, work: Work, act: Act, facts: dict[str, Any], odd: tuple[Refusal, ...]
    ) -> tuple[Refusal, ...]:
        if odd:
            return self.note_irregular(work, act, facts, odd)
        self._answered[work.row.reference] = len(work.taken)
        self._fired.pop(work.row.reference, None)
        self.change.record(
            work, imports.IMPORTED, self.mandate, step=act.text("step"), occurred_at=act.at,
            facts={"act": act.kind} | facts,
        )  # fmt: skip
        return ()

    def _taker(self, work: Work, rule: StepRule | None, act: Act) -> Taker | None:
        """Give who took the step, where the source names them: then their mandate is asked for."""
        if not act.text("login") or rule is None:
            return None
        parties = {*work.parties, JOINT_SECRETARIAT}
        may_take = any(
            held.mandate.holds_at(act.at)
            and held.mandate.party in parties
            and any(role_covers(role, held.mandate.role) for role in rule.by)
            for held in self.known.held.get(act.text("login"), ())
        )
        return Taker(may_take=may_take, gives_reason=True)

    def note_irregular(
        self, work: Work, act: Act, facts: dict[str, Any], reasons: Iterable[Refusal]
    ) -> tuple[Refusal, ...]:
        """Record an act that changes nothing, with what is wrong with it; nothing when strict."""
        found = tuple(reasons)
        if not self.strict:
            self.change.record(
                work, "irregular", self.mandate, occurred_at=act.at,
                facts={"act": act.kind} | facts | irregular(found),
                texts={"claimed": act.claim},
            )  # fmt: skip
        return found


def _fields(
    act: Act, definition: Definition | None
) -> dict[str, FieldValue | None] | list[Refusal]:
    typed = act.texts("fields") or {}
    return read_typed(definition, typed) if definition else {}


def _unknown_step(name: str, to: str) -> StepRule:
    return StepRule(name, frozenset(), to, Group(()), {}, {})


def irregular(reasons: Iterable[Refusal]) -> dict[str, Any]:
    """Give the facts that mark an entry as irregular."""
    return {"irregular": True, "reasons": list(dict.fromkeys(str(each.code) for each in reasons))}
