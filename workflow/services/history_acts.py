"""Reads acts that already happened from JSON Lines: one a line, oldest first."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any, BinaryIO

from workflow.domain import names
from workflow.domain.verdicts import Code, Refusal, refuse

LONGEST_LINE = 1_000_000
"""Bytes of a line: what one act may say."""

_NEEDED = {
    "party": ("code", "name"),
    "person": ("login", "name"),
    "grant": ("login", "party", "role"),
    "revoke": ("login", "party", "role"),
    "propose": ("reference", "kind", "title", "parties"),
    "revise": ("reference",),
    "sign": ("reference", "step", "party", "role"),
    "step": ("reference", "step"),
}
_TEXTS = ("title", "summary")
_MAPPINGS = (*_TEXTS, "parties", "fields")
KINDS = tuple(_NEEDED)

_UNFIT_FOR_A_DATABASE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `refusal` says why its line cannot be read."""

    line: int
    kind: str
    at: datetime
    raw: Mapping[str, Any]
    refusal: Refusal | None = None

    @property
    def reference(self) -> str:
        """Name the proposal, or else the person or party the act is about."""
        for name in ("reference", "login", "code"):
            if isinstance(self.raw.get(name), str):
                return names.shown(self.raw[name])
        return ""

    @property
    def claim(self) -> str:
        """Give what the line says, to be kept beside an entry that says it is irregular."""
        return json.dumps(self.raw, ensure_ascii=False)

    def text(self, name: str) -> str:
        """Give a text; '' where there is none."""
        found = self.raw.get(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> dict[str, str] | None:
        """Give texts by name, None where nothing is said; an empty value is an empty text."""
        found = self.raw.get(name)
        if found is None:
            return None
        return {str(key): _written(value) for key, value in found.items()}

    def parties(self) -> tuple[tuple[str, str], ...] | None:
        """Give (party, capacity) pairs, None where nothing is said."""
        found = self.texts("parties")
        if found is None:
            return None
        return tuple(
            (party, capacity.strip())
            for party, capacities in found.items()
            for capacity in capacities.split(",")
        )


def read_acts(file: BinaryIO) -> Iterator[Act]:
    """Yield the acts, each by itself: a line that cannot be read carries its refusal."""
    for number, line in enumerate(_lines(file), start=1):
        if line.strip():
            yield _read(number, line)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Give the lines; of one that is too long its beginning, which is enough to refuse it."""
    while line := file.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
        yield line


def _read(number: int, line: bytes) -> Act:
    try:
        raw = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError):
        long = len(line) > LONGEST_LINE
        problem = f"it is longer than {LONGEST_LINE} bytes" if long else "it is not JSON in UTF-8"
        return _unfit(number, {}, problem)
    if not isinstance(raw, dict):
        return _unfit(number, {}, "it is not a JSON object")
    # Only an escape can smuggle in what UTF-8 itself refuses.
    against = _problem(raw) or (_unkept(raw) if b"\\u" in line else None)
    if against:
        return _unfit(number, raw, against)
    at = _instant(raw.get("at"))
    if at is None:
        return _unfit(number, raw, "its at is not an instant with its zone")
    return Act(number, str(raw["act"]), at, raw)


def _problem(raw: Mapping[str, Any]) -> str | None:
    kind = raw.get("act")
    if not isinstance(kind, str) or kind not in _NEEDED:
        return f"its act is none of {', '.join(KINDS)}"
    for name in _NEEDED[kind]:
        if not raw.get(name):
            return f"its {name} is missing"
    found = (_unfit_value(name, value) for name, value in raw.items())
    return next(filter(None, found), None)


def _unfit_value(name: str, value: object) -> str | None:
    if name not in _MAPPINGS:
        return None if isinstance(value, str) else f"its {names.shown(name)} is not a text"
    if not isinstance(value, dict):
        return f"its {name} does not map names to values"
    if not all(_can_be_written(each, name) for each in value.values()):
        return f"its {name} holds a value that is not a text"
    return None


def _can_be_written(value: object, name: str) -> bool:
    # bool is an int to Python, and a yes or no to nobody's field.
    is_field = name == "fields" and (value is None or type(value) is int)
    return isinstance(value, str) or is_field


def _written(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _unkept(raw: Mapping[str, Any]) -> str | None:
    for name, value in raw.items():
        inner = [each for pair in value.items() for each in pair] if isinstance(value, dict) else ()
        if any(_UNFIT_FOR_A_DATABASE.search(str(each)) for each in (name, value, *inner)):
            return f"its {names.shown(name)} holds a sign that no database keeps"
    return None


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
        # In the first and last years there are instants that have no local date everywhere.
        fit = found.tzinfo is not None and MINYEAR < found.year < MAXYEAR
        return found.astimezone(UTC) if fit else None
    except (ValueError, OverflowError):
        return None


def _unfit(number: int, raw: Mapping[str, Any], problem: str) -> Act:
    kind = raw.get("act")
    refusal = refuse(Code.ROW_MALFORMED, line=number, problem=problem)
    return Act(
        number, kind if kind in KINDS else "", datetime.min.replace(tzinfo=UTC), raw, refusal
    )
