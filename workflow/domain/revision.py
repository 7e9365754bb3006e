"""A revision's canonical text: what its SHA-256 covers and what people sign.

Source: DOMAIN.md, 'revision': over all authentic language texts, the parties, the material fields
and the attached documents. A field that is not material stays outside, so changing it voids nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from workflow.domain.canonical import Json, canonical_bytes
from workflow.domain.commands import FieldValue, Money
from workflow.domain.definition import Definition


def write_revision(
    definition: Definition,
    reference: str,
    titles: Mapping[str, str],
    summaries: Mapping[str, str],
    parties: Iterable[tuple[str, str]],
    fields: Mapping[str, FieldValue],
) -> bytes:
    """Give the canonical JSON of a revision."""
    material = {
        name: write_value(value) for name, value in fields.items() if name in definition.material
    }
    return canonical_bytes(
        {
            "reference": reference,
            "kind": definition.kind,
            "titles": dict(titles),
            "summaries": {language: text for language, text in summaries.items() if text},
            "parties": [[party, capacity] for party, capacity in sorted(set(parties))],
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
