"""A revision's canonical text: what its SHA-256 covers and what people sign.

Source: DOMAIN.md, 'revision': all authentic language texts, the parties and the material fields.
A field that is not material stays outside, so that changing it voids nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.domain.canonical import Json, canonical_bytes
from workflow.domain.commands import FieldValue, Money
from workflow.domain.definition import Definition


@dataclass(frozen=True, slots=True)
class Content:
    """All that a proposal says: texts by language, (party, capacity) pairs, filled fields."""

    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    parties: frozenset[tuple[str, str]]
    fields: Mapping[str, FieldValue]


def write_revision(definition: Definition, reference: str, content: Content) -> bytes:
    """Give the canonical JSON of a revision."""
    material = {
        name: write_value(value)
        for name, value in content.fields.items()
        if name in definition.material
    }
    return canonical_bytes(
        {
            "reference": reference,
            "kind": definition.kind,
            "titles": dict(content.titles),
            "summaries": {language: text for language, text in content.summaries.items() if text},
            "parties": [[party, capacity] for party, capacity in sorted(content.parties)],
            "fields": material,
        }
    )


def digest(document: bytes) -> str:
    """Give the SHA-256 that sign-offs are bound to, in hex."""
    return hashlib.sha256(document).hexdigest()


def write_value(value: FieldValue) -> Json:
    """Write a field's value so that two values are equal exactly when their JSON is."""
    match value:
        case Money(minor_units, currency):
            return {"minor_units": minor_units, "currency": currency}
        case date():
            return value.isoformat()
        case _:
            return value
