"""Reads a definition from a plain mapping, and gathers every fault before it refuses."""

from collections.abc import Mapping
from typing import Any, TypeVar

from workflow.domain.definition import (
    FIELD_TYPES,
    LANGUAGE,
    PROPOSED,
    Definition,
    DefinitionError,
    Delay,
    FieldRule,
    StepRule,
    write_document,
)
from workflow.domain.findings import Fault
from workflow.domain.rule_reader import RuleReader
from workflow.domain.shape import CAPACITIES

STATES = (
    "proposed", "agreed", "implemented", "suspended", "declined", "withdrawn", "discontinued",
    "superseded",
)  # fmt: skip
STEPS = (
    "agree", "implement", "return", "decline", "withdraw", "suspend", "resume", "discontinue",
    "supersede", "reopen",
)  # fmt: skip
"""The product's words in the order of a proposal's life, which screens and rules follow."""

BARS = ("proposer", "last-editor")
TEXTS = ("titles", "summary", "parties")
"""What every kind may call material beside its own fields."""

ONCE, ONCE_A_SEAT = "once", "once-a-seat"
"""Whether one person's sign-offs for a step count once, or once in each seat."""

MOST_DELEGATIONS = 3
"""So many times a mandate may be passed on, whatever a definition says."""

T = TypeVar("T")

_TOP_KEYS = {
    "language", "kind", "labels", "meaning", "material", "fields", "states", "steps", "delegation",
    "ends",
}  # fmt: skip
_STEP_KEYS = {
    "from", "to", "labels", "meaning", "fires", "by", "reason", "side", "then", "bars",
    "objections", "needs", "delay", "person",
}  # fmt: skip


def read_definition(mapping: Mapping[str, Any]) -> Definition:
    """Read a resolved definition; see `Definition.from_mapping`."""
    reader = _Reader()
    definition = reader.definition(mapping)
    if reader.findings:
        raise DefinitionError(tuple(reader.findings))
    return definition


def _in_order(named: Mapping[str, T], order: tuple[str, ...]) -> dict[str, T]:
    """Sort by the order of a proposal's life; what is not in it follows by name.

    Not the file's order: the digest is over sorted keys, so that order must decide nothing.
    """
    ranks = {name: rank for rank, name in enumerate(order)}
    return dict(sorted(named.items(), key=lambda each: (ranks.get(each[0], len(ranks)), each[0])))


class _Reader(RuleReader):
    """Walks a whole definition."""

    def definition(self, raw: Any) -> Definition:  # noqa: ANN401 - untrusted input
        top = self.mapping(raw, "the file")
        self.keys(top, _TOP_KEYS, "the file")
        if top.get("language") != LANGUAGE:
            problem = f"must be {LANGUAGE}, the language this version speaks"
            self.fault("language", problem, code=Fault.LANGUAGE)
        states = _in_order(self.label_table(top.get("states"), "states"), STATES)
        fields = self.field_table(top.get("fields") or {}, "fields")
        self.states = frozenset(states)
        self.fields = {name: rule.type for name, rule in fields.items()}
        if PROPOSED not in states:
            self.fault("states", f"must hold {PROPOSED!r}, in which every proposal starts")
        steps = {
            name: self.step(name, value)
            for name, value in self.mapping(top.get("steps"), "steps").items()
        }
        material = self.words(top.get("material") or [], "material", {*TEXTS, *fields})
        return Definition(
            kind=self.text(top.get("kind"), "kind"),
            labels=self.labels(top.get("labels"), "labels"),
            states=states,
            steps=_in_order(steps, STEPS),
            fields=fields,
            material=frozenset(material),
            meaning=self.label_table(top.get("meaning") or {}, "meaning"),
            document=write_document(raw),
            longest_chain=self.chain(top.get("delegation"), "delegation"),
            ends=frozenset(self.words(top.get("ends") or [], "ends", states)),
        )

    def step(self, name: str, raw: Any) -> StepRule:  # noqa: ANN401 - untrusted input
        place = f"steps.{name}"
        step = self.mapping(raw, place)
        self.keys(step, _STEP_KEYS, place)
        by = self.words(step.get("by") or [], f"{place}.by")
        fires = self.choice(step.get("fires"), f"{place}.fires", (None, "by-itself"))
        if not by and fires is None:
            self.fault(place, "needs `fires: by-itself` or `by:` with the roles that may take it")
        reason = self.choice(step.get("reason"), f"{place}.reason", (None, "optional", "required"))
        person = self.choice(step.get("person"), f"{place}.person", (None, ONCE, ONCE_A_SEAT))
        after = self.choice(step.get("then"), f"{place}.then", (None, "new-revision"))
        objecting, block_at = self.objections(step.get("objections"), f"{place}.objections")
        return StepRule(
            name=name,
            sources=self.sources(step.get("from"), f"{place}.from"),
            to=self.choice(step.get("to"), f"{place}.to", tuple(sorted(self.states))) or "",
            needs=self.part(step.get("needs"), f"{place}.needs"),
            labels=self.labels(step.get("labels"), f"{place}.labels"),
            meaning=self.labels(step.get("meaning"), f"{place}.meaning"),
            fires_by_itself=fires is not None,
            by=by,
            reason_required=reason == "required",
            side=self.flag(step.get("side"), f"{place}.side"),
            wants_new_revision=after is not None,
            bars=frozenset(self.words(step.get("bars") or [], f"{place}.bars", BARS)),
            objections_from=objecting,
            block_at=block_at,
            delay=self.delay(step.get("delay"), f"{place}.delay"),
            person_once=person != ONCE_A_SEAT,
        )

    def sources(self, raw: Any, place: str) -> frozenset[str]:  # noqa: ANN401 - untrusted input
        return frozenset(self.words(raw if isinstance(raw, list) else [raw], place, self.states))

    def objections(self, raw: Any, place: str) -> tuple[frozenset[str], int | None]:  # noqa: ANN401 - untrusted input
        if raw is None or raw == "recorded":
            return frozenset(), None
        policy = self.mapping(raw, place)
        self.keys(policy, {"from", "block_at"}, place)
        capacities = self.words(policy.get("from") or [], f"{place}.from", CAPACITIES)
        return frozenset(capacities), self.count(policy.get("block_at", 1), f"{place}.block_at")

    def delay(self, raw: Any, place: str) -> Delay | None:  # noqa: ANN401 - untrusted input
        if raw is None:
            return None
        rule = self.mapping(raw, place)
        self.keys(rule, {"days", "months", "place", "irrevocable"}, place)
        irrevocable = self.flag(rule.get("irrevocable"), f"{place}.irrevocable")
        return Delay(self.span(rule, place), self.zone(rule, place), irrevocable)

    def chain(self, raw: Any, place: str) -> int:  # noqa: ANN401 - untrusted input
        if raw is None:
            return 1
        rule = self.mapping(raw, place)
        self.keys(rule, {"chain"}, place)
        longest = rule.get("chain")
        if isinstance(longest, bool) or not isinstance(longest, int):
            longest = -1
        if longest not in range(MOST_DELEGATIONS + 1):
            self.fault(f"{place}.chain", f"must be a whole number from 0 to {MOST_DELEGATIONS}")
            return 1
        return longest

    def field_table(self, raw: Any, place: str) -> dict[str, FieldRule]:  # noqa: ANN401 - untrusted input
        table = self.mapping(raw, place)
        return {name: self.field(value, f"{place}.{name}") for name, value in table.items()}

    def field(self, raw: Any, place: str) -> FieldRule:  # noqa: ANN401 - untrusted input
        rule = self.mapping(raw, place)
        self.keys(rule, {"type", "labels"}, place)
        kind = self.choice(rule.get("type"), f"{place}.type", FIELD_TYPES)
        return FieldRule(kind or "text", self.labels(rule.get("labels"), f"{place}.labels"))
