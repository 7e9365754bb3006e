"""A leaf holds the act, its place in the chain and digests: never a name or a text."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count

import pytest

from workflow.domain.canonical import CanonicalError, Json, parse_canonical
from workflow.domain.entry import (
    MAX_LEAF_BYTES,
    Actor,
    Draft,
    Link,
    Stamp,
    leaf_hash,
    seal_draft,
    write_instant,
)

AT = datetime(2026, 1, 5, 9, 0, 0, 5, tzinfo=UTC)
HEAD = bytes(range(32))
STEP = Draft(
    chain="proposal/TOKYO-01",
    kind="step",
    via="web",
    actor=Actor("p1", "UZ", "secretariat", "p2", "token-7"),
    proposal="TOKYO-01",
    revision=2,
    revision_digest="ab" * 32,
    step="agree",
    from_state="proposed",
    to_state="agreed",
    definition="cd" * 32,
    change="c-1",
    occurred_on=date(2025, 12, 20),
    occurred_in="Asia/Tokyo",
    facts={"round": 1, "by_itself": True, "roles": ["legal_service"]},
    texts={"reason": "Agreed by Ada Lovelace, ada@example.org"},
)


def salts() -> Callable[[], bytes]:
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16)


def seal(draft: Draft, after: Link | None = None) -> dict[str, object]:
    stamp = Stamp("e-1", AT, after or Link())
    body = parse_canonical(seal_draft(draft, stamp, salts()).leaf)
    assert isinstance(body, dict)
    return body


def test_leaf_says_who_did_what() -> None:
    leaf = seal(STEP, Link(6, HEAD))
    assert leaf["actor"] == {
        "pseudonym": "p1",
        "party": "UZ",
        "role": "secretariat",
        "on_behalf_of": "p2",
        "token": "token-7",
    }
    assert leaf["object"] == {
        "chain": "proposal/TOKYO-01",
        "sequence": 7,
        "proposal": "TOKYO-01",
        "revision": 2,
        "revision_digest": "ab" * 32,
        "prev": HEAD.hex(),
    }


def test_leaf_says_what_was_done_by_which_rules() -> None:
    sealed = seal_draft(STEP, Stamp("e-1", AT, Link(6, HEAD)), salts())
    leaf = json.loads(sealed.leaf)
    del leaf["actor"], leaf["object"]
    assert leaf == {
        "v": 1,
        "id": "e-1",
        "kind": "step",
        "at": "2026-01-05T09:00:00.000005Z",
        "occurred_on": "2025-12-20",
        "occurred_in": "Asia/Tokyo",
        "via": "web",
        "step": "agree",
        "from": "proposed",
        "to": "agreed",
        "definition": "cd" * 32,
        "change": "c-1",
        "facts": {"round": 1, "by_itself": True, "roles": ["legal_service"]},
        "disclosures": {"reason": sealed.disclosures[0].digest},
    }


def test_leaf_leaves_out_what_is_not_known() -> None:
    assert seal(Draft(chain="log", kind="export", via="cli")) == {
        "v": 1,
        "id": "e-1",
        "kind": "export",
        "at": "2026-01-05T09:00:00.000005Z",
        "via": "cli",
        "actor": {},
        "object": {"chain": "log", "sequence": 1, "prev": None},
    }


def test_leaf_holds_no_text() -> None:
    sealed = seal_draft(STEP, Stamp("e-1", AT), salts())
    assert b"Ada" not in sealed.leaf
    assert [each.value for each in sealed.disclosures] == [STEP.texts["reason"]]


def test_leaf_hash_is_that_of_rfc_6962() -> None:
    sealed = seal_draft(STEP, Stamp("e-1", AT), salts())
    assert sealed.leaf_hash == leaf_hash(sealed.leaf)
    assert sealed.leaf_hash == hashlib.sha256(b"\x00" + sealed.leaf).digest()


def test_empty_leaf_has_the_hash_of_the_test_vectors() -> None:
    """Source: RFC 6962's reference vectors, the leaf hash of the empty string."""
    expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == expected


def test_every_text_has_a_salt_of_its_own() -> None:
    draft = Draft(chain="log", kind="note", via="cli", texts={"note": "yes", "reason": "yes"})
    disclosures = seal_draft(draft, Stamp("e-1", AT), salts()).disclosures
    assert len({each.salt for each in disclosures}) == len({each.digest for each in disclosures})
    assert len(disclosures) == 2


@pytest.mark.parametrize("fact", ["a sentence", "ada@example.org", "", "名前", 1.5, {"a": 1}, None])
def test_fact_that_could_be_text_is_refused(fact: object) -> None:
    with pytest.raises(CanonicalError):
        seal(Draft(chain="log", kind="note", via="cli", facts={"fact": fact}))  # type: ignore[dict-item] # wrong on purpose


@pytest.mark.parametrize("name", ["actor", "on_behalf_of", "person", "Reason", "", "é"])
def test_text_may_not_take_a_reserved_or_odd_name(name: str) -> None:
    with pytest.raises(CanonicalError):
        seal(Draft(chain="log", kind="note", via="cli", texts={name: "text"}))


def test_entry_longer_than_a_tile_can_hold_is_refused() -> None:
    roles: list[Json] = [f"role-{number:06d}" for number in range(MAX_LEAF_BYTES // 10)]
    with pytest.raises(CanonicalError, match="at most 65535 bytes"):
        seal(Draft(chain="log", kind="note", via="cli", facts={"roles": roles}))


def test_text_may_be_longer_than_a_leaf() -> None:
    draft = Draft(chain="log", kind="note", via="cli", texts={"note": "x" * 100_000})
    assert len(seal_draft(draft, Stamp("e-1", AT), salts()).leaf) < 500


def test_moment_is_written_in_utc_with_microseconds() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert write_instant(datetime(2026, 1, 1, 8, tzinfo=tokyo)) == "2025-12-31T23:00:00.000000Z"


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_instant(datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose
