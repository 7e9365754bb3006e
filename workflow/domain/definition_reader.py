"""Reads a definition from a plain mapping, and gathers every fault before it refuses."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from workflow.domain.definition import (
    FIELD_TYPES,
    LANGUAGE,
    PROPOSED,
    Definition,
    DefinitionError,
    FieldRule,
    StepRule,
    write_document,
)
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    SignOffs,
)
from workflow.domain.shape import CAPACITIES, SORTS
from workflow.domain.vocabulary import LANGUAGES, Labels

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

T = TypeVar("T")

_TOP_KEYS = {"language", "kind", "labels", "meaning", "material", "fields", "states", "steps"}
_STEP_KEYS = {
    "from", "to", "labels", "meaning", "fires", "by", "reason", "side", "then", "bars",
    "objections", "needs",
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


class _Reader:
    """Walks the mapping with the place it is at, so that each finding can name it."""

    def __init__(self) -> None:
        self.findings: list[tuple[str, str]] = []
        self.states: frozenset[str] = frozenset()
        self.fields: frozenset[str] = frozenset()

    def definition(self, raw: Any) -> Definition:  # noqa: ANN401 - untrusted input
        top = self.mapping(raw, "the file")
        self.keys(top, _TOP_KEYS, "the file")
        if top.get("language") != LANGUAGE:
            self.fault("language", f"must be {LANGUAGE}, the language this version speaks")
        states = _in_order(self.label_table(top.get("states"), "states"), STATES)
        fields = {
            name: self.field(value, f"fields.{name}")
            for name, value in self.mapping(top.get("fields") or {}, "fields").items()
        }
        self.states, self.fields = frozenset(states), frozenset(fields)
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
        )

    def sources(self, raw: Any, place: str) -> frozenset[str]:  # noqa: ANN401 - untrusted input
        return frozenset(self.words(raw if isinstance(raw, list) else [raw], place, self.states))

    def objections(self, raw: Any, place: str) -> tuple[frozenset[str], int | None]:  # noqa: ANN401 - untrusted input
        if raw is None:
            return frozenset(), None
        policy = self.mapping(raw, place)
        self.keys(policy, {"from", "block_at"}, place)
        capacities = self.words(policy.get("from") or [], f"{place}.from", CAPACITIES)
        return frozenset(capacities), self.count(policy.get("block_at", 1), f"{place}.block_at")

    def part(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        part = self.mapping(raw, place)
        kinds = [key for key in part if key in _PARTS]
        if len(kinds) != 1:
            self.fault(place, f"must hold exactly one of {', '.join(sorted(_PARTS))}")
            return Group(())
        stage = part.get("stage")
        self.keys(part, {kinds[0], "stage"}, place)
        read: Part = _PARTS[kinds[0]](self, part[kinds[0]], f"{place}.{kinds[0]}")
        if stage is None:
            return read
        named = self.text(stage, f"{place}.stage")
        return Group(read.parts if isinstance(read, Group) else (read,), named)

    def group(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        if not isinstance(raw, list) or not raw:
            self.fault(place, "must be a list of parts")
            return Group(())
        return Group(tuple(self.part(each, f"{place}[{at}]") for at, each in enumerate(raw)))

    def signoffs(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        rule = self.mapping(raw, place)
        role = self.text(rule.get("role"), f"{place}.role")
        if "party" in rule:
            self.keys(rule, {"party", "role"}, place)
            return NamedSignOff(self.text(rule["party"], f"{place}.party"), role)
        self.keys(rule, {"each", "role", "at_least", "sort"}, place)
        at_least = rule.get("at_least")
        return SignOffs(
            capacities=self.words(rule.get("each"), f"{place}.each", CAPACITIES),
            role=role,
            at_least=None if at_least is None else self.count(at_least, f"{place}.at_least"),
            sort=self.choice(rule.get("sort"), f"{place}.sort", (None, *SORTS)),
        )

    def evidence(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        rule = self.mapping(raw, place)
        self.keys(rule, {"type", "count", "verified"}, place)
        return EvidenceCount(
            type=self.text(rule.get("type"), f"{place}.type"),
            count=self.count(rule.get("count", 1), f"{place}.count"),
            verified=self.flag(rule.get("verified", True), f"{place}.verified"),
        )

    def filled(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        name = self.text(raw, place)
        if name not in self.fields:
            self.fault(place, f"{name!r} is not among the fields of this kind")
        return FieldFilled(name)

    def field(self, raw: Any, place: str) -> FieldRule:  # noqa: ANN401 - untrusted input
        rule = self.mapping(raw, place)
        self.keys(rule, {"type", "labels"}, place)
        kind = self.choice(rule.get("type"), f"{place}.type", FIELD_TYPES)
        return FieldRule(kind or "text", self.labels(rule.get("labels"), f"{place}.labels"))

    def label_table(self, raw: Any, place: str) -> Mapping[str, Labels]:  # noqa: ANN401 - untrusted input
        table = self.mapping(raw, place)
        return {name: self.labels(labels, f"{place}.{name}") for name, labels in table.items()}

    def labels(self, raw: Any, place: str) -> Labels:  # noqa: ANN401 - untrusted input
        labels = self.mapping(raw, place)
        missing = [language for language in LANGUAGES if not labels.get(language)]
        if missing:
            self.fault(place, f"has no text in {', '.join(missing)}")
        return {str(key): str(value) for key, value in labels.items()}

    def words(
        self,
        raw: Any,  # noqa: ANN401 - untrusted input
        place: str,
        known: Collection[str] | None = None,
    ) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
            self.fault(place, "must be a list of words")
            return ()
        for word in raw:
            if known is not None and word not in known:
                self.fault(place, f"{word!r} is not one of {', '.join(sorted(known))}")
        return tuple(raw)

    def choice(self, raw: Any, place: str, known: tuple[str | None, ...]) -> str | None:  # noqa: ANN401 - untrusted input
        if raw not in known:
            allowed = ", ".join(word for word in known if word is not None)
            self.fault(place, f"{raw!r} is not one of {allowed}")
            return None
        return None if raw is None else str(raw)

    def mapping(self, raw: Any, place: str) -> Mapping[str, Any]:  # noqa: ANN401 - untrusted input
        if not isinstance(raw, Mapping):
            self.fault(place, "must be a mapping of names to values")
            return {}
        return raw

    def keys(self, mapping: Mapping[str, Any], known: set[str], place: str) -> None:
        for key in sorted(set(map(str, mapping)) - known):
            self.fault(place, f"does not know {key!r}; it knows {', '.join(sorted(known))}")

    def text(self, raw: Any, place: str) -> str:  # noqa: ANN401 - untrusted input
        if not isinstance(raw, str) or not raw:
            self.fault(place, "must be a word")
            return ""
        return raw

    def count(self, raw: Any, place: str) -> int:  # noqa: ANN401 - untrusted input
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
            self.fault(place, "must be a whole number from 1")
            return 1
        return raw

    def flag(self, raw: Any, place: str) -> bool:  # noqa: ANN401 - untrusted input
        if raw not in (None, True, False):
            self.fault(place, "must be true or false")
        return bool(raw)

    def fault(self, place: str, problem: str) -> None:
        self.findings.append((place, problem))


_PARTS = {
    "all": _Reader.group,
    "signoffs": _Reader.signoffs,
    "evidence": _Reader.evidence,
    "field": _Reader.filled,
}
