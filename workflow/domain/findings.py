"""What is wrong with a definition: findings with a code, a place and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What sort of thing is wrong."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    UNKNOWN_WORD = "unknown-word"
    UNKNOWN_FIELD = "unknown-field"
    MISSING_LABEL = "missing-label"
    LANGUAGE = "language"
    # the states and the ways between them
    UNREACHABLE = "unreachable"
    DEAD_END = "dead-end"
    NO_WAY_BACK = "no-way-back"
    AUTOMATIC_CYCLE = "automatic-cycle"
    REVISION_ELSEWHERE = "revision-elsewhere"
    DELAY_IN_PLACE = "delay-in-place"
    # words
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_EVIDENCE = "unknown-evidence"
    UNKNOWN_PARTY = "unknown-party"
    UNKNOWN_STATE = "unknown-state"
    UNSAFE_NAME = "unsafe-name"
    UNSAFE_TEXT = "unsafe-text"
    MISSING_MEANING = "missing-meaning"
    # what a step asks for
    TOO_MANY = "too-many"
    ASKS_NOBODY = "asks-nobody"
    NEEDS_NOBODY = "needs-nobody"
    OBSERVER = "observer"
    DUPLICATE = "duplicate"
    STAGE_ORDER = "stage-order"
    SILENCE = "silence"
    OBJECTIONS = "objections"
    # the people there are
    NOBODY_HOLDS = "nobody-holds"
    ONLY_HOLDER_BARRED = "only-holder-barred"
    TOO_FEW_PEOPLE = "too-few-people"


class Level(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    """The definition cannot be published."""
    WARNING = "warning"
    """It is probably a mistake; `lint` ends with code 1, `publish` goes on."""
    NOTE = "note"
    """It is worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a definition; `place` is a path such as `steps.agree.needs.all[1].signoffs`."""

    code: Fault
    place: str
    problem: str
    suggestion: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.place}: {self.problem}" + (f" {self.suggestion}" if self.suggestion else "")
