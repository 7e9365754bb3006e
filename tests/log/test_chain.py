"""A chain is followed by number and hash; what is missing between is a fault unless expected."""

from datetime import UTC, datetime

import pytest

from workflow.domain.entry import START, Draft, Link, Stamp, leaf_hash, seal_draft
from workflow.log.chain import Chains
from workflow.log.leaf import read_leaf

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def chain_of(length: int, chain: str = "log") -> list[bytes]:
    leaves: list[bytes] = []
    end = START
    for _ in range(length):
        draft = Draft(chain=chain, kind="note", via="cli")
        sealed = seal_draft(draft, Stamp("e", AT, end), lambda: bytes(16))
        leaves.append(sealed.leaf)
        end = Link(end.sequence + 1, sealed.leaf_hash)
    return leaves


def follow(leaves: list[bytes], *partial: str) -> list[str | None]:
    chains = Chains(partial)
    return [chains.follow(read_leaf(leaf), leaf_hash(leaf)) for leaf in leaves]


def test_whole_chain_has_no_fault() -> None:
    assert follow(chain_of(4)) == [None] * 4


def test_chains_are_followed_side_by_side() -> None:
    leaves = [leaf for pair in zip(chain_of(3), chain_of(3, "party/UZ")) for leaf in pair]  # noqa: B905 - of equal length
    assert follow(leaves) == [None] * 6


@pytest.mark.parametrize(
    ("left_out", "fault"),
    [
        ([0], "#1 is missing before it"),
        ([1], "#2 is missing before it"),
        ([0, 1], "#1 to #2 are missing before it"),
    ],
)
def test_missing_entries_are_a_fault(left_out: list[int], fault: str) -> None:
    leaves = [leaf for n, leaf in enumerate(chain_of(4)) if n not in left_out]
    assert fault in follow(leaves)


@pytest.mark.parametrize("partial", ["log", "*"])
def test_missing_entries_are_expected_in_a_selection(partial: str) -> None:
    first, _, third, fourth = chain_of(4)
    assert follow([first, third, fourth], partial) == [None] * 3


def test_selection_of_another_chain_expects_nothing() -> None:
    first, _, third, _ = chain_of(4)
    assert follow([first, third], "party/UZ") == [None, "#2 is missing before it"]


def test_repeated_and_reversed_entries_are_a_fault() -> None:
    first, second = chain_of(2)
    assert follow([first, first]) == [None, "comes after #1 of its chain"]
    assert follow([second, first], "*") == [None, "comes after #2 of its chain"]


def test_entry_that_names_another_hash_is_a_fault() -> None:
    first, second, _ = chain_of(3)
    forged = first.replace(b"cli", b"web")
    assert follow([forged, second])[1] == "does not name the hash of the entry before"


def test_later_entry_that_names_nothing_is_a_fault() -> None:
    leaf = seal_draft(
        Draft(chain="log", kind="note", via="cli"), Stamp("e", AT, Link(5, None)), lambda: bytes(16)
    ).leaf
    assert follow([leaf], "*") == ["names no entry before it"]
