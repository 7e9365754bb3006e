"""Leaves that are read fast are read as strictly as one by one."""

import json
from collections.abc import Mapping

import pytest

from tests.log.random_entries import random_entries
from workflow.domain.canonical import Json
from workflow.domain.entry import MAX_LEAF_BYTES
from workflow.log.leaf import LeafError, read_leaf
from workflow.log.leaf_form import KnownForm, read_form

SEALED = next(random_entries(0, 1))[2]


def changed(**fields: Json) -> bytes:
    """Return a leaf with other fields, or other fields in its object; sorted as they should be."""
    leaf = json.loads(SEALED.leaf)
    leaf |= {name: value for name, value in fields.items() if name != "object"}
    about = fields.get("object")
    leaf["object"] |= about if isinstance(about, Mapping) else {}
    text = json.dumps(leaf, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def takes(content: bytes) -> tuple[bool, bool]:
    """Say whether a leaf is read fast, and whether it is read one by one."""
    return _reads(content, fast=True), _reads(content, fast=False)


def _reads(content: bytes, *, fast: bool) -> bool:
    try:
        read_form(content) if fast else read_leaf(content)
    except LeafError:
        return False
    return True


def test_every_entry_of_ours_is_read_both_ways() -> None:
    for _, _, sealed in random_entries(0, 500):
        assert takes(sealed.leaf) == (True, True)


def test_entries_of_ours_are_read_fast() -> None:
    for draft, _, sealed in random_entries(0, 500):
        if draft.signature is None:
            assert isinstance(read_form(sealed.leaf), KnownForm)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"later": 1},
        {"change": None},
        {"step": "шаг"},
        {"step": "a\x7f\u2028\x1f"},
        {"sig": {"a": [1, "b", None]}},
        {"facts": {"a": 2**53 - 1}},
    ],
    ids=str,
)
def test_what_is_canonical_is_read_both_ways(fields: dict[str, Json]) -> None:
    assert takes(changed(**fields)) == (True, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"object": {"sequence": 2**53}},
        {"object": {"revision": -(2**53)}},
        {"object": {"revision": True}},
        {"facts": {"a": 2**53}},
        {"facts": {"a": [1, 2**60]}},
        {"facts": {"é": 1}},
        {"disclosures": {"é": "x"}},
        {"sig": {"é": 1}},
        {"sig": {"a": 1.5}},
        {"sig": {"a": 2**70}},
        {"id": "x" * MAX_LEAF_BYTES},
    ],
    ids=lambda fields: str(fields)[:40],
)
def test_what_is_not_canonical_is_refused_both_ways(fields: dict[str, Json]) -> None:
    assert takes(changed(**fields)) == (False, False)


def test_spaces_and_another_order_are_refused_both_ways() -> None:
    leaf = json.loads(SEALED.leaf)
    assert takes(json.dumps(leaf, sort_keys=True).encode()) == (False, False)
    turned = dict(reversed(leaf.items()))
    assert takes(json.dumps(turned, separators=(",", ":")).encode()) == (False, False)
