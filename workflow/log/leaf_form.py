"""Read millions of leaves: the same strictness as `leaf.read_leaf` at a tenth of its time.

A leaf is read into a struct whose fields stand in the order of RFC 8785 and written again: if
the same bytes come out, it was canonical. What the struct does not know goes the slow way, and so
does a leaf that is not ASCII throughout (its names must be) or too long.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from workflow.domain.canonical import MAX_INTEGER
from workflow.domain.entry import MAX_LEAF_BYTES
from workflow.log.leaf import LeafError, read_leaf

_Integer: TypeAlias = Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]

_Fact: TypeAlias = bool | _Integer | str


class _Actor(
    msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False
):
    on_behalf_of: str | None = None
    party: str | None = None
    pseudonym: str | None = None
    role: str | None = None
    token: str | None = None


class _About(
    msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False
):
    chain: str
    person: str | None = None
    prev: str | None
    proposal: str | None = None
    revision: _Integer | None = None
    revision_digest: str | None = None
    sequence: _Integer


class KnownForm(
    msgspec.Struct,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
    rename={"from_state": "from"},
):
    """A leaf of version 1 with the fields that this program writes, in the order of its bytes."""

    actor: _Actor
    at: str
    change: str | None = None
    definition: str | None = None
    disclosures: dict[str, str] | None = None
    facts: dict[str, _Fact | list[_Fact]] | None = None
    from_state: str | None = None
    id: str
    kind: str
    object: _About
    occurred_at: str | None = None
    occurred_in: str | None = None
    occurred_on: str | None = None
    step: str | None = None
    to: str | None = None
    v: Literal[1]
    via: str


class _LooseActor(msgspec.Struct):
    pseudonym: str | None = None
    on_behalf_of: str | None = None


class _LooseAbout(msgspec.Struct):
    chain: str
    sequence: int
    prev: str | None = None
    person: str | None = None


class LooseForm(msgspec.Struct):
    """A leaf with fields beyond those: what checks need of it."""

    actor: _LooseActor
    object: _LooseAbout
    definition: str | None = None
    disclosures: dict[str, str] | None = None


LeafForm: TypeAlias = KnownForm | LooseForm

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What decoding bytes of unknown make can raise."""

decode_known = msgspec.json.Decoder(KnownForm).decode
write_into = msgspec.json.Encoder(order="deterministic").encode_into
"""With these two, a loop over leaves compares what it reads without a call of ours a leaf."""

_decode_loose = msgspec.json.Decoder(LooseForm).decode


def read_form(leaf: bytes) -> LeafForm:
    """Return what checks need of a leaf. Raises: LeafError."""
    try:
        form = decode_known(leaf)
        written = bytearray()
        write_into(form, written)
        if written == leaf and leaf.isascii() and len(leaf) <= MAX_LEAF_BYTES:
            return form
    except UNREADABLE:
        pass
    return read_loosely(leaf)


def read_loosely(leaf: bytes) -> LooseForm:
    """Return the same of a leaf that the struct does not know. Raises: LeafError."""
    read_leaf(leaf)
    try:
        return _decode_loose(leaf)
    except UNREADABLE as cause:
        raise LeafError("the leaf's fields are not of the sorts that they should be") from cause
