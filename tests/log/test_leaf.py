"""A leaf is read back strictly: what no version of ours wrote is refused."""

import json
from datetime import UTC, datetime

import pytest

from workflow.domain.canonical import canonical_bytes
from workflow.domain.entry import Actor, Draft, Link, Stamp, seal_draft
from workflow.log.leaf import Leaf, LeafError, read_leaf

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DRAFT = Draft(
    chain="proposal/A-1",
    kind="step",
    via="web",
    actor=Actor("p1", "UZ", "secretariat", "p2"),
    proposal="A-1",
    revision=2,
    person="p3",
    step="agree",
    from_state="proposed",
    to_state="agreed",
    change="c-1",
    occurred_at=AT,
    facts={"by_itself": False},
    texts={"reason": "why"},
)
SEALED = seal_draft(DRAFT, Stamp("e-1", AT, Link(6, bytes(32))), lambda: bytes(16))


def test_leaf_is_read_back_as_it_was_sealed() -> None:
    assert read_leaf(SEALED.leaf) == Leaf(
        kind="step",
        via="web",
        at="2026-01-05T09:00:00.000000Z",
        occurred="2026-01-05T09:00:00.000000Z",
        chain="proposal/A-1",
        sequence=7,
        prev="00" * 32,
        reference="A-1",
        revision=2,
        party="UZ",
        role="secretariat",
        step="agree",
        from_state="proposed",
        to_state="agreed",
        change="c-1",
        people={"actor": "p1", "on_behalf_of": "p2", "person": "p3"},
        digests={"reason": SEALED.disclosures[0].digest},
        facts={"by_itself": False},
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["v"], 2),
        (["v"], True),
        (["kind"], None),
        (["at"], 5),
        (["id"], None),
        (["via"], []),
        (["actor"], "p1"),
        (["object"], None),
        (["object", "sequence"], True),
        (["object", "sequence"], "7"),
        (["object", "chain"], None),
        (["disclosures"], []),
        (["disclosures", "reason"], 1),
        (["facts"], "text"),
    ],
)
def test_malformed_leaf_is_refused(path: list[str], value: object) -> None:
    body = json.loads(SEALED.leaf)
    *parents, name = path
    inner = body
    for parent in parents:
        inner = inner[parent]
    inner[name] = value
    with pytest.raises(LeafError):
        read_leaf(canonical_bytes(body))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", SEALED.leaf + b" ", b" " * 65_536, SEALED.leaf[:-1], b"\xff"]
)
def test_bytes_that_are_no_leaf_are_refused(content: bytes) -> None:
    with pytest.raises(LeafError):
        read_leaf(content)
