"""Reads the parts of a rule: sign-offs, silences, evidence, fields, dates, children, groups."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from workflow.domain.deadlines import Span, is_place
from workflow.domain.findings import Fault
from workflow.domain.leaf import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    NamedSignOff,
    PartiesPresent,
    SignOffs,
    Silence,
)
from workflow.domain.reading import Reading, nearest
from workflow.domain.requirement import Group, Part
from workflow.domain.shape import CAPACITIES, SORTS

LONGEST_SPAN = {"days": 36_525, "months": 1_200}
"""A century; what is longer is a mistake."""

_WHO = {"each", "role", "sort"}
_SHARE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


class RuleReader(Reading):
    """Reads parts of rules; it knows the states and fields of the definition it is in."""

    def __init__(self) -> None:
        """Start knowing no state and no field."""
        super().__init__()
        self.states: frozenset[str] = frozenset()
        self.fields: Mapping[str, str] = {}
        """The type of each field."""

    def part(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read one part, staged or not."""
        part = self.mapping(raw, place)
        kinds = [key for key in part if key in _PARTS]
        if len(kinds) != 1:
            self.fault(place, f"must hold exactly one of {', '.join(sorted(_PARTS))}")
            return Group(())
        stage = part.get("stage")
        self.keys(part, {kinds[0], "stage"}, place)
        read = _PARTS[kinds[0]](self, part[kinds[0]], f"{place}.{kinds[0]}")
        if stage is None:
            return read
        named = self.text(stage, f"{place}.stage")
        if isinstance(read, Group) and read.stage is None:
            return Group(read.parts, named, read.at_least)
        return Group((read,), named)

    def every(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read `all: [parts]`."""
        return Group(self.parts(raw, place))

    def any_of(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read `any: [parts]`."""
        return Group(self.parts(raw, place), at_least=1)

    def so_many(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read `at_least: {count: k, of: [parts]}`."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"count", "of"}, place)
        count = self.count(rule.get("count"), f"{place}.count")
        return Group(self.parts(rule.get("of"), f"{place}.of"), at_least=count)

    def parts(self, raw: Any, place: str) -> tuple[Part, ...]:  # noqa: ANN401 - untrusted input
        """Read a list of parts."""
        if not isinstance(raw, list) or not raw:
            self.fault(place, "must be a list of parts")
            return ()
        return tuple(self.part(each, f"{place}[{at}]") for at, each in enumerate(raw))

    def signoffs(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read sign-offs of everyone, of so many, or of a named party."""
        rule = self.mapping(raw, place)
        role = self.text(rule.get("role"), f"{place}.role")
        counted = self.choice(rule.get("abstentions"), f"{place}.abstentions", (None, "count"))
        if "party" in rule:
            self.keys(rule, {"party", "role", "abstentions"}, place)
            party = self.text(rule["party"], f"{place}.party")
            return NamedSignOff(party, role, counted is not None)
        known = _WHO | {"at_least", "more_than", "counting", "abstentions"}
        self.keys(rule, known, place)
        at_least, more_than = self.threshold(rule, place)
        return SignOffs(
            capacities=self.words(rule.get("each"), f"{place}.each", CAPACITIES),
            role=role,
            at_least=at_least,
            sort=self.sort(rule, place),
            more_than=more_than,
            counting=self.choice(rule.get("counting"), f"{place}.counting", (None, *SORTS)),
            abstentions_count=counted is not None,
        )

    def threshold(self, rule: Mapping[str, Any], place: str) -> tuple[int | Fraction | None, bool]:
        """Read how many must sign: a number, or a share such as 2/3."""
        if "at_least" in rule and "more_than" in rule:
            self.fault(place, "says both at_least and more_than")
        if "more_than" not in rule:
            raw = rule.get("at_least")
            return None if raw is None else self.share(raw, f"{place}.at_least"), False
        share = self.share(rule["more_than"], f"{place}.more_than")
        return (share + 1, False) if isinstance(share, int) else (share, True)

    def share(self, raw: Any, place: str) -> int | Fraction:  # noqa: ANN401 - untrusted input
        """Read a whole number, or a share between 0 and 1 written as 2/3."""
        if not isinstance(raw, str):
            return self.count(raw, place)
        found = _SHARE.fullmatch(raw)
        if found and 0 < int(found[1]) <= int(found[2]):
            return Fraction(int(found[1]), int(found[2]))
        self.fault(place, "must be a whole number from 1, or a share such as 2/3")
        return 1

    def silence(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read who may object until when."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"of", "role", "sort", "days", "months", "place"}, place)
        return Silence(
            capacities=self.words(rule.get("of"), f"{place}.of", CAPACITIES),
            role=self.text(rule.get("role"), f"{place}.role"),
            span=self.span(rule, place),
            place=self.zone(rule, place),
            sort=self.sort(rule, place),
        )

    def evidence(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read documents, of all together or of each party."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"type", "count", "verified", "each", "sort"}, place)
        each = rule.get("each")
        return EvidenceCount(
            type=self.text(rule.get("type"), f"{place}.type"),
            count=self.count(rule.get("count", 1), f"{place}.count"),
            verified=self.flag(rule.get("verified", True), f"{place}.verified"),
            capacities=() if each is None else self.words(each, f"{place}.each", CAPACITIES),
            sort=self.sort(rule, place),
        )

    def filled(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read the name of a field that must have a value."""
        return FieldFilled(self.known_field(raw, place))

    def date_reached(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read a fixed date, or the field that holds one."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"field", "on", "place"}, place)
        if ("field" in rule) == ("on" in rule):
            self.fault(place, "must say either `field:` or `on:`")
        field = self.known_field(rule["field"], f"{place}.field") if "field" in rule else None
        if field and self.fields.get(field, "date") != "date":
            self.fault(f"{place}.field", f"{field!r} is a field of another type than date")
        on = self.day(rule["on"], f"{place}.on") if "on" in rule else None
        return DateReached(self.zone(rule, place), field, on)

    def children(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read the states that the proposal's children must be in."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"in", "at_least"}, place)
        at_least = rule.get("at_least")
        # A child's kind may have states that this one has not: only lint knows them all.
        return ChildrenIn(
            self.words(rule.get("in"), f"{place}.in"),
            None if at_least is None else self.count(at_least, f"{place}.at_least"),
        )

    def present(self, raw: Any, place: str) -> Part:  # noqa: ANN401 - untrusted input
        """Read how many parties must take part in some capacities."""
        rule = self.mapping(raw, place)
        self.keys(rule, {"in", "sort", "at_least"}, place)
        return PartiesPresent(
            self.words(rule.get("in"), f"{place}.in", CAPACITIES),
            self.count(rule.get("at_least"), f"{place}.at_least"),
            self.sort(rule, place),
        )

    def span(self, rule: Mapping[str, Any], place: str) -> Span:
        """Read a number of days or of months."""
        said = [unit for unit in LONGEST_SPAN if unit in rule]
        if len(said) != 1:
            self.fault(place, "must say either `days:` or `months:`")
            return Span(days=1)
        unit = said[0]
        number = self.count(rule[unit], f"{place}.{unit}")
        if number > LONGEST_SPAN[unit]:
            self.fault(f"{place}.{unit}", f"may be {LONGEST_SPAN[unit]} at most")
            number = 1
        return Span(**{unit: number})

    def zone(self, rule: Mapping[str, Any], place: str) -> str:
        """Read the place whose days are meant."""
        zone = rule.get("place")
        if not isinstance(zone, str) or not is_place(zone):
            self.fault(
                f"{place}.place", f"{zone!r} is no place with a time zone",
                "Write one such as Asia/Tokyo or Asia/Tashkent.", Fault.UNKNOWN_WORD,
            )  # fmt: skip
            return "UTC"
        return zone

    def day(self, raw: Any, place: str) -> date | None:  # noqa: ANN401 - untrusted input
        """Read a date; YAML may have read it already."""
        try:
            return date.fromisoformat(str(raw))
        except ValueError:
            self.fault(place, "must be a date such as 2026-05-01")
            return None

    def sort(self, rule: Mapping[str, Any], place: str) -> str | None:
        """Read whether only states or only organisations are meant."""
        return self.choice(rule.get("sort"), f"{place}.sort", (None, *SORTS))

    def known_field(self, raw: Any, place: str) -> str:  # noqa: ANN401 - untrusted input
        """Read the name of one of this kind's fields."""
        name = self.text(raw, place)
        if name not in self.fields:
            self.fault(
                place, f"{name!r} is not among the fields of this kind",
                nearest(name, self.fields.keys()), Fault.UNKNOWN_FIELD,
            )  # fmt: skip
        return name


_PARTS: dict[str, Callable[[RuleReader, Any, str], Part]] = {
    "all": RuleReader.every,
    "any": RuleReader.any_of,
    "at_least": RuleReader.so_many,
    "signoffs": RuleReader.signoffs,
    "silence": RuleReader.silence,
    "evidence": RuleReader.evidence,
    "field": RuleReader.filled,
    "date": RuleReader.date_reached,
    "children": RuleReader.children,
    "parties": RuleReader.present,
}
