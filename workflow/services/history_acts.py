"""Reads acts that already happened from JSON Lines: one a line, oldest first."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workflow.domain import names
from workflow.domain.verdicts import Code, Refusal, refuse

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
_MAPPINGS = ("title", "parties", "fields", "summary")
KINDS = tuple(_NEEDED)


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

    def text(self, name: str) -> str:
        """Give a text; '' where there is none."""
        found = self.raw.get(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> dict[str, str]:
        """Give texts by name; {} where there are none."""
        found = self.raw.get(name)
        return {str(key): value for key, value in found.items()} if found else {}


def read_acts(content: bytes) -> Iterator[Act]:
    """Yield the acts, each by itself: a line that cannot be read carries its refusal."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            yield _read(number, line)


def _read(number: int, line: bytes) -> Act:
    try:
        raw = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError):
        return _unfit(number, {}, "it is not JSON in UTF-8")
    if not isinstance(raw, dict):
        return _unfit(number, {}, "it is not a JSON object")
    kind = raw.get("act")
    if not isinstance(kind, str) or kind not in _NEEDED:
        return _unfit(number, raw, f"its act is none of {', '.join(KINDS)}")
    problem = _problem(kind, raw)
    if problem:
        return _unfit(number, raw, problem)
    at = _instant(raw.get("at"))
    if at is None:
        return _unfit(number, raw, "its at is not an instant with its zone")
    return Act(number, kind, at, raw)


def _problem(kind: str, raw: Mapping[str, Any]) -> str | None:
    for name in _NEEDED[kind]:
        if not raw.get(name):
            return f"its {name} is missing"
    for name, value in raw.items():
        shown = names.shown(name)
        if not _can_be_kept(name) or not _can_be_kept(value):
            return f"its {shown} holds a sign that no database keeps"
        if name not in _MAPPINGS and not isinstance(value, str):
            return f"its {shown} is not a text"
        if name in _MAPPINGS and not _maps_to_texts(value):
            return f"its {shown} does not map names to texts"
    return None


def _can_be_kept(value: object) -> bool:
    """Say whether all texts in a value lack NUL and halves of surrogate pairs."""
    if isinstance(value, dict):
        return all(_can_be_kept(key) and _can_be_kept(each) for key, each in value.items())
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _maps_to_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _unfit(number: int, raw: Mapping[str, Any], problem: str) -> Act:
    kind = raw.get("act")
    refusal = refuse(Code.ROW_MALFORMED, line=number, problem=problem)
    return Act(
        number, kind if kind in KINDS else "", datetime.min.replace(tzinfo=UTC), raw, refusal
    )
