"""A small workflow definition that tests change to their needs."""

from collections.abc import Mapping
from typing import Any

KIND = "charter"


def labels(text: str) -> dict[str, str]:
    """Give the same label in four languages."""
    return dict.fromkeys(("en", "ja", "uz", "ru"), text)


def rules(kind: str = KIND, **steps: Mapping[str, Any]) -> dict[str, Any]:
    """Write a small definition: two ministries agree, evidence and the secretariat implement.

    Each step given by name changes keys of that step, or adds it.
    """
    plain = _plain()
    for name, changes in steps.items():
        merged = {**plain.get(name, {}), **changes}
        if "by" in changes:
            merged.pop("fires", None)
        plain[name] = merged
    for name, step in plain.items():
        step.setdefault("labels", labels(name.capitalize()))
        step.setdefault("meaning", labels(f"I {name} on behalf of my party."))
    return {
        "language": 1,
        "kind": kind,
        "labels": labels(kind.capitalize()),
        "material": ["titles", "summary", "parties", "amount"],
        "states": {name: labels(name) for name in ("proposed", "agreed", "implemented")},
        "fields": {
            "amount": {"type": "money", "labels": labels("Amount")},
            "venue": {"type": "text", "labels": labels("Venue")},
        },
        "steps": plain,
    }


def _plain() -> dict[str, dict[str, Any]]:
    return {
        "agree": {
            "from": "proposed", "to": "agreed", "fires": "by-itself",
            "bars": ["proposer", "last-editor"],
            "objections": {"from": ["lead", "member"], "block_at": 1},
            "needs": {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}},
        },
        "implement": {
            "from": "agreed", "to": "implemented", "by": ["secretariat"],
            "needs": {"evidence": {"type": "meeting_report", "count": 1, "verified": True}},
        },
        "return": {
            "from": "proposed", "to": "proposed", "side": True, "then": "new-revision",
            "by": ["foreign_ministry"], "reason": "required",
            "needs": {"signoffs": {"each": ["lead"], "role": "foreign_ministry", "at_least": 1}},
        },
    }  # fmt: skip
