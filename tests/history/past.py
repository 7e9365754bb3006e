"""Acts of the past, as a file of history says them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Act = dict[str, Any]

BEGINNING = datetime(1990, 1, 1, 12, tzinfo=UTC)


def at(day: str, hour: int = 12) -> str:
    """Write an instant of a day."""
    return f"{day}T{hour:02}:00:00Z"


def parties(*codes: str) -> list[Act]:
    """Enter parties."""
    return [
        {"act": "party", "code": code, "name": f"Party {code}", "at": BEGINNING.isoformat()}
        for code in codes
    ]


def propose(
    parties: Mapping[str, str], reference: str = "X-1", *, kind: str = "charter",
    day: str = "1991-01-01", **others: Any,  # noqa: ANN401 - what else the line says
) -> Act:  # fmt: skip
    """Put a proposal on record."""
    return {
        "act": "propose", "reference": reference, "kind": kind, "title": {"en": "A charter"},
        "parties": dict(parties), "at": at(day),
    } | others  # fmt: skip


def sign(
    party: str, day: str, decision: str = "approve", reference: str = "X-1", *,
    step: str = "agree", role: str = "line_ministry", **others: Any,  # noqa: ANN401 - as above
) -> Act:  # fmt: skip
    """Sign, for the party's own sake unless a login is given."""
    return {
        "act": "sign", "reference": reference, "step": step, "party": party, "role": role,
        "decision": decision, "at": at(day),
    } | others  # fmt: skip


def step(name: str, day: str, reference: str = "X-1", **others: Any) -> Act:  # noqa: ANN401 - as above
    """Take a step."""
    return {"act": "step", "reference": reference, "step": name, "at": at(day)} | others


def revise(day: str, reference: str = "X-1", **others: Any) -> Act:  # noqa: ANN401 - as above
    """Change texts, parties or fields."""
    return {"act": "revise", "reference": reference, "at": at(day)} | others


def days_from(day: str, count: int, every: int) -> list[str]:
    """Give so many days, each so long after the one before."""
    first = datetime.fromisoformat(day)
    return [(first + timedelta(days=every * each)).date().isoformat() for each in range(count)]
