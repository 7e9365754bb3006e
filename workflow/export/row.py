"""One exported entry: every column follows from its leaf, its place and its disclosures.

That is what lets `verify` compare all columns: it derives the row again and wants it equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from workflow.domain.canonical import Json
from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import leaf_hash
from workflow.log.leaf import Leaf, LeafError, read_leaf
from workflow.log.leaf_form import UNREADABLE, KnownForm, decode_known, write_into

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


@dataclass(slots=True)
class Record:
    """A stored entry and what is still kept beside it.

    `disclosures` holds texts by name and people as actor, on_behalf_of or person.
    `leaf_index` is None until the entry is sealed into the tree. `form` and `leaf_hash` are
    there where somebody has read and hashed the leaf before.
    """

    leaf: bytes
    disclosures: Mapping[str, Disclosure]
    leaf_index: int | None = None
    form: KnownForm | None = None
    leaf_hash: bytes | None = None


class Row(NamedTuple):
    """An entry as exported."""

    form: KnownForm
    leaf_hash: bytes
    columns: dict[str, Json]

    @property
    def place(self) -> str:
        """Name the entry for people: its chain and number."""
        return f"{self.form.object.chain} #{self.form.object.sequence}"


def make_row(record: Record) -> Row:
    """Return a record's row. Raises: LeafError."""
    leaf, disclosures = record.leaf, record.disclosures
    form, hashed = record.form or quick_form(leaf), record.leaf_hash or leaf_hash(leaf)
    actor, about, known = form.actor, form.object, disclosures.get("actor")
    columns: dict[str, Json] = {
        "leaf_index": record.leaf_index,
        "leaf_hash": hashed.hex(),
        "leaf": leaf.decode(),
        "kind": form.kind,
        "at": form.at,
        "occurred_at": form.occurred_at or form.occurred_on,
        # The login while it is known, and the pseudonym after it was erased.
        "actor": known.value if known else actor.pseudonym,
        "party": actor.party,
        "role": actor.role,
        "reference": about.proposal,
        "revision": about.revision,
        "version": about.sequence,
        "from": form.from_state,
        "to": form.to,
        "reason": _reason(disclosures),
        "disclosures": _write_disclosures(form, disclosures),
    }
    return Row(form, hashed, columns)


def quick_form(leaf: bytes) -> KnownForm:
    """Return what a leaf says, though its bytes may not be canonical. Raises: LeafError."""
    try:
        return decode_known(leaf)
    except UNREADABLE:
        return _form_of(read_leaf(leaf))


def strict_form(leaf: bytes) -> KnownForm:
    """Return what a leaf says, whose bytes are canonical. Raises: LeafError."""
    try:
        form = decode_known(leaf)
        written = bytearray()
        write_into(form, written)
    except UNREADABLE:
        return _form_of(read_leaf(leaf))
    # What the quick way would write otherwise, the strict reader judges.
    return form if written == leaf else _form_of(read_leaf(leaf))


def _form_of(leaf: Leaf) -> KnownForm:
    """Return the same of a leaf that has fields beyond those we know."""
    people = leaf.people
    body = {
        "v": 1,
        "id": "",
        "kind": leaf.kind,
        "at": leaf.at,
        "via": leaf.via,
        "occurred_at": leaf.occurred,
        "from": leaf.from_state,
        "to": leaf.to_state,
        "disclosures": dict(leaf.digests),
        "actor": {
            "pseudonym": people.get("actor"),
            "on_behalf_of": people.get("on_behalf_of"),
            "party": leaf.party,
            "role": leaf.role,
        },
        "object": {
            "chain": leaf.chain,
            "sequence": leaf.sequence,
            "prev": leaf.prev,
            "proposal": leaf.reference,
            "revision": leaf.revision,
            "person": people.get("person"),
        },
    }
    try:
        return msgspec.convert(body, KnownForm)
    except msgspec.ValidationError as cause:
        raise LeafError(f"the leaf cannot be shown: {cause}") from cause


def _reason(disclosures: Mapping[str, Disclosure]) -> Json:
    for field in ("reason", "note"):
        if field in disclosures and isinstance(disclosures[field].value, str):
            return disclosures[field].value
    return None


def _write_disclosures(form: KnownForm, disclosures: Mapping[str, Disclosure]) -> dict[str, Json]:
    """Return [salt, name, value] by field, and null for a text that was erased."""
    names = {*form.disclosures, *disclosures} if form.disclosures else disclosures
    written: dict[str, Json] = {}
    for name in sorted(names):
        each = disclosures.get(name)
        written[name] = [each.salt, each.field, each.value] if each else None
    return written
