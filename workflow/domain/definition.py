"""A workflow definition: what each step of a kind needs, from a plain mapping, validated.

An edition is immutable and known by the SHA-256 of its canonical JSON; proposals stay pinned to it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workflow.domain.deadlines import Span
from workflow.domain.findings import Finding
from workflow.domain.requirement import ChildrenIn, Part, leaves, time_leaves
from workflow.domain.vocabulary import Labels

LANGUAGE = 1
"""The version of the definition language this code speaks."""

FIELD_TYPES = ("text", "money", "date", "integer", "url")
PROPOSED = "proposed"
"""The state every proposal starts in."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field that a kind has beyond title and summary."""

    type: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Delay:
    """A satisfied step takes effect so long after the last thing it needed, in a place's days."""

    span: Span
    place: str
    irrevocable: bool = False
    """Once scheduled it takes effect, even if what satisfied it is taken back."""


@dataclass(frozen=True)
class StepRule:
    """A named way from one state to another, and everything it asks for."""

    name: str
    sources: frozenset[str]
    to: str
    needs: Part
    labels: Labels
    meaning: Labels
    fires_by_itself: bool = False
    by: tuple[str, ...] = ()
    reason_required: bool = False
    side: bool = False
    wants_new_revision: bool = False
    bars: frozenset[str] = frozenset()
    objections_from: frozenset[str] = frozenset()
    block_at: int | None = None
    """So many objecting parties stop the step; None means that objections are only recorded."""
    delay: Delay | None = None
    person_once: bool = True
    """One person's sign-offs for this step count once, whatever roles they hold."""

    @cached_property
    def keeps_days(self) -> bool:
        """Say whether the calendar has a part in this step."""
        return self.delay is not None or any(True for _ in time_leaves(self.needs))

    def blocks(self, objections: int) -> bool:
        """Say whether that many objections stop the step."""
        return self.block_at is not None and objections >= self.block_at


@dataclass(frozen=True)
class Definition:
    """The workflow of one kind in one edition."""

    kind: str
    labels: Labels
    states: Mapping[str, Labels]
    steps: Mapping[str, StepRule]
    fields: Mapping[str, FieldRule]
    material: frozenset[str]
    meaning: Mapping[str, Labels]
    document: str
    """JSON of the resolved mapping in the order it was written: what is stored."""
    longest_chain: int = 1
    """How many delegations may lie between a mandate's holder and who signs; 0 allows none."""
    ends: frozenset[str] = frozenset()
    """States of this kind's own in which a proposal may stay for good."""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Definition":
        """Read a resolved definition file.

        Raises: DefinitionError with every finding.
        """
        from workflow.domain.definition_reader import read_definition  # noqa: PLC0415 - the reader imports this module

        return read_definition(mapping)

    @classmethod
    def from_document(cls, document: str) -> "Definition":
        """Read a stored edition back."""
        return cls.from_mapping(json.loads(document))

    @cached_property
    def digest(self) -> str:
        """Give the SHA-256, in hex, of the document with its keys sorted: order says nothing."""
        return hashlib.sha256(_write(json.loads(self.document), sort=True).encode()).hexdigest()

    @cached_property
    def keeps_days(self) -> bool:
        """Say whether the calendar has a part in any step."""
        return any(step.keeps_days for step in self.steps.values())

    @cached_property
    def rolls_up(self) -> bool:
        """Say whether the states of a proposal's children have a part in any step."""
        return any(
            isinstance(leaf, ChildrenIn)
            for step in self.steps.values()
            for leaf in leaves(step.needs)
        )

    @property
    def has_due_work(self) -> bool:
        """Say whether anything can become true without an act on the proposal."""
        return self.keeps_days or self.rolls_up

    def open_steps(self, state: str) -> tuple[StepRule, ...]:
        """Give the steps that lead out of a state, main ones first, in the order of a life."""
        return self._ways.get(state, ())

    @cached_property
    def _ways(self) -> Mapping[str, tuple[StepRule, ...]]:
        ordered = sorted(self.steps.values(), key=lambda step: step.side)
        return {
            state: tuple(step for step in ordered if state in step.sources)
            for state in {source for step in ordered for source in step.sources}
        }


def write_document(mapping: Mapping[str, Any]) -> str:
    """Write a resolved mapping as it is stored."""
    return _write(mapping, sort=False)


def _write(mapping: Mapping[str, Any], *, sort: bool) -> str:
    return json.dumps(mapping, ensure_ascii=False, sort_keys=sort, separators=(",", ":"))


class DefinitionError(ValueError):
    """A definition cannot be used; `findings` says where and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings and say them in one line."""
        self.findings = findings
        super().__init__("; ".join(map(str, findings)))
