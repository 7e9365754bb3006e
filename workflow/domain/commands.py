"""What a caller can ask for; plain values, made by forms, the command line and imports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor units (cents, yen); never a float."""

    minor_units: int
    currency: str


FieldValue: TypeAlias = str | int | date | Money


class Decision(StrEnum):
    """What a sign-off says."""

    APPROVE = "approve"
    RESERVE = "reserve"
    """Approve, with a reservation on record."""
    AD_REFERENDUM = "ad-referendum"
    """Approve subject to confirmation; it counts once a holder of the seat confirms."""
    CONFIRM = "confirm"
    """Confirm an approval ad referendum, or a paper act."""
    ABSTAIN = "abstain"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    LIFT = "lift"

    @property
    def approves(self) -> bool:
        """Say whether it counts as an approval."""
        return self in _APPROVING

    @property
    def is_kept(self) -> bool:
        """Say whether it stands on the seat until something ends it."""
        return self not in (Decision.WITHDRAW, Decision.LIFT)


_APPROVING = frozenset({Decision.APPROVE, Decision.RESERVE, Decision.CONFIRM})


@dataclass(frozen=True, slots=True)
class Propose:
    """Put a proposal on record in the state proposed."""

    reference: str
    kind: str
    summit: str
    titles: Mapping[str, str]
    parties: tuple[tuple[str, str], ...]
    """(party, capacity) pairs."""
    summaries: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    parent: str | None = None
    public: bool = False
    source: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Revise:
    """Change texts, parties or fields; None leaves a thing as it is."""

    reference: str
    titles: Mapping[str, str] | None = None
    summaries: Mapping[str, str] | None = None
    parties: tuple[tuple[str, str], ...] | None = None
    fields: Mapping[str, FieldValue | None] | None = None
    """A value of None empties the field."""
    reason: str | None = None
    revision: int | None = None
    """The revision the caller looked at."""
    version: int | None = None
    """The version the caller looked at; None takes the present one."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign for one seat, on one proposal or many."""

    references: tuple[str, ...]
    step: str
    party: str
    role: str
    decision: Decision = Decision.APPROVE
    note: str | None = None
    revision: int | None = None
    """The revision the caller looked at; None signs the present one."""
    language: str = "en"
    """In which language the meaning was shown."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaper:
    """An act on paper: who made it in which seat, on which day of the party's, and its document."""

    reference: str
    step: str
    party: str
    role: str
    login: str
    occurred_on: date
    file_name: str
    content: bytes
    decision: Decision = Decision.APPROVE
    note: str | None = None
    revision: int | None = None
    language: str = "en"
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One proposal to be moved, as a bulk file's line says it."""

    reference: str
    reason: str | None = None
    occurred_on: date | None = None
    version: int | None = None
    """The version the caller looked at; None takes the present one."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Take a step by hand, on one proposal or many."""

    step: str
    lines: tuple[StepLine, ...]
    change_id: str | None = None
    """The bulk change this belongs to; a line that it already moved is not moved again."""


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """Supply a document: a file or a link."""

    reference: str
    type: str
    title: str
    dated_on: date
    party: str
    file_name: str | None = None
    content: bytes | None = None
    link: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyEvidence:
    """Confirm that a document shows what it says."""

    reference: str
    number: int
    party: str
    idempotency_key: str | None = None
