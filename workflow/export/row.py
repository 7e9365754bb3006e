"""One exported entry: every column follows from its leaf and its disclosures.

That is what lets `verify` compare all columns: it derives the row again and wants it equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflow.domain.canonical import Json
from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import leaf_hash
from workflow.log.leaf import Leaf, read_leaf

COLUMNS: Final = (
    "leaf_index",
    "leaf_hash",
    "leaf",
    "kind",
    "at",
    "occurred_at",
    "actor",
    "party",
    "role",
    "reference",
    "revision",
    "version",
    "from",
    "to",
    "reason",
    "disclosures",
)
"""The columns in the order every format writes them."""


@dataclass(frozen=True, slots=True)
class Record:
    """A stored entry and what is still kept beside it.

    `disclosures` holds texts by name and people as actor, on_behalf_of or person.
    `leaf_index` is None until the entry is sealed into the tree.
    """

    leaf: bytes
    disclosures: Mapping[str, Disclosure]
    leaf_index: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as exported."""

    leaf: Leaf
    leaf_hash: bytes
    columns: Mapping[str, Json]


def make_row(record: Record) -> Row:
    """Return a record's row. Raises: LeafError."""
    leaf = read_leaf(record.leaf)
    hashed = leaf_hash(record.leaf)
    columns: dict[str, Json] = {
        "leaf_index": record.leaf_index,
        "leaf_hash": hashed.hex(),
        "leaf": record.leaf.decode("utf-8"),
        "kind": leaf.kind,
        "at": leaf.at,
        "occurred_at": leaf.occurred,
        "actor": _actor(leaf, record.disclosures),
        "party": leaf.party,
        "role": leaf.role,
        "reference": leaf.reference,
        "revision": leaf.revision,
        "version": leaf.sequence,
        "from": leaf.from_state,
        "to": leaf.to_state,
        "reason": _reason(record.disclosures),
        "disclosures": _write_disclosures(leaf, record.disclosures),
    }
    return Row(leaf, hashed, columns)


def _actor(leaf: Leaf, disclosures: Mapping[str, Disclosure]) -> Json:
    """Return the login while it is known, and the pseudonym after it was erased."""
    known = disclosures.get("actor")
    return known.value if known else leaf.people.get("actor")


def _reason(disclosures: Mapping[str, Disclosure]) -> Json:
    for field in ("reason", "note"):
        if field in disclosures and isinstance(disclosures[field].value, str):
            return disclosures[field].value
    return None


def _write_disclosures(leaf: Leaf, disclosures: Mapping[str, Disclosure]) -> dict[str, Json]:
    """Return [salt, name, value] by field, and null for a text that was erased."""
    erased: dict[str, Json] = dict.fromkeys(leaf.digests)
    kept: dict[str, Json] = {
        name: [each.salt, each.field, each.value] for name, each in disclosures.items()
    }
    return dict(sorted((erased | kept).items()))
