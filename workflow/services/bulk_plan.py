"""A plan: what a bulk change would do to each proposal, in a file that cannot be changed unseen."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from workflow.domain.commands import StepLine
from workflow.domain.verdicts import Code, Refused, refuse

VERSION = 1
"""The version of the file's form."""

GRANTED, REFUSED = "granted", "refused"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One proposal of a plan: the version it was judged at, and why it is refused, if it is."""

    step: str
    line: StepLine
    outcome: str = REFUSED
    reasons: tuple[str, ...] = ()
    number: int | None = None
    """The line of the CSV file it came from."""
    problem: str | None = None
    """What is wrong with that line, where it could not be read."""

    @property
    def will_change(self) -> bool:
        """Say whether the plan expects the proposal to move."""
        return self.outcome == GRANTED


@dataclass(frozen=True, slots=True)
class Plan:
    """All lines, by whom and when they were judged, and the digest that makes the plan one."""

    lines: tuple[PlanLine, ...]
    by: str
    created_at: datetime
    step: str | None
    digest: str = ""

    def as_json(self) -> dict[str, Any]:
        """Write the numbers as the contract's `bulk plan` does."""
        reasons = Counter(reason for line in self.lines for reason in line.reasons)
        moving = sum(line.will_change for line in self.lines)
        return {
            "rows": len(self.lines),
            "will_change": moving,
            "refused": len(self.lines) - moving,
            "by_reason": dict(sorted(reasons.items())),
        }


def write_plan(plan: Plan) -> Iterator[str]:
    """Yield the file: a header that carries the digest of all that follows, then a line each."""
    texts = [_write(_line(each)) for each in plan.lines]
    header = {
        "version": VERSION,
        "step": plan.step,
        "created_at": plan.created_at.isoformat(),
        "by": plan.by,
        "rows": len(texts),
    }
    yield _write(header | {"sha256": _digest(header, texts)})
    yield from texts


def read_plan(text: str) -> Plan | Refused:
    """Read a plan back; one that was changed after it was made is refused with the line."""
    header_text, *texts = text.splitlines(keepends=True) or [""]
    header = _parse(header_text)
    if header is None or header.get("version") != VERSION or "sha256" not in header:
        return _refused(1, "it is not the header of a plan: make one with 'summit bulk plan'")
    said = header.pop("sha256")
    if header.get("rows") != len(texts):
        return _refused(1, f"the plan says {header.get('rows')} rows and has {len(texts)}")
    if said != _digest(header, texts):
        return _refused(1, "the plan was changed after it was made: make a new one")
    try:
        lines = tuple(_read(json.loads(each)) for each in texts)
        created_at = datetime.fromisoformat(header["created_at"])
    except (ValueError, TypeError, KeyError):
        return _refused(1, "the plan was not written by this program: make a new one")
    return Plan(lines, str(header.get("by")), created_at, header.get("step"), said)


def with_version(line: PlanLine, version: int) -> PlanLine:
    """Give the line as judged at a version."""
    return replace(line, line=replace(line.line, version=version))


def _line(each: PlanLine) -> dict[str, Any]:
    line = each.line
    written = {
        "reference": line.reference,
        "version": line.version,
        "step": each.step,
        "outcome": each.outcome,
        "reasons": list(each.reasons),
    }
    others = {
        "reason": line.reason,
        "occurred_on": line.occurred_on.isoformat() if line.occurred_on else None,
        "idempotency_key": line.idempotency_key,
        "line": each.number,
        "problem": each.problem,
    }
    return written | {name: value for name, value in others.items() if value is not None}


def _read(raw: Mapping[str, Any]) -> PlanLine:
    day = raw.get("occurred_on")
    return PlanLine(
        step=raw["step"],
        line=StepLine(
            raw["reference"], raw.get("reason"), date.fromisoformat(day) if day else None,
            raw["version"], raw.get("idempotency_key"),
        ),
        outcome=raw["outcome"],
        reasons=tuple(raw["reasons"]),
        number=raw.get("line"),
        problem=raw.get("problem"),
    )  # fmt: skip


def _digest(header: Mapping[str, Any], texts: Iterable[str]) -> str:
    digest = sha256(_write(header).encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _write(document: Mapping[str, Any]) -> str:
    # ASCII: no character of a reason can look like the end of a line.
    return json.dumps(document) + "\n"


def _parse(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refused(line: int, problem: str) -> Refused:
    return Refused((refuse(Code.ROW_MALFORMED, line=line, problem=problem),))
