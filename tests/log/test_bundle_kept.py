"""A host that leaves out, rolls back or forks is given away by what somebody kept."""

from pathlib import Path

import msgspec
import pytest

from tests.log.bundles import ORIGIN, Log, check, found, make_records
from workflow.log.bundle.manifest import MANIFEST, Manifest
from workflow.log.checkpoint import CheckpointError
from workflow.log.keys import SigningKey
from workflow.log.merkle import hash_leaf

LOG = Log(make_records(600))
PART = ("proposal/A-1", "party/UZ")


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return LOG.write(tmp_path / "bundle", with_views=False)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return LOG.write(tmp_path / "part", PART, with_views=False)


def lines_without(path: Path, index: int) -> Path:
    """Take an entry out of a part, with its texts."""
    for name in ("entries.jsonl", "disclosures.jsonl"):
        kept = (path / name).read_bytes().splitlines(keepends=True)
        end = f'"leaf_index":{index}}}\n'.encode()
        (path / name).write_bytes(b"".join(line for line in kept if not line.endswith(end)))
    return path


def test_host_cannot_leave_out_an_entry_in_the_middle(part: Path) -> None:
    LOG.sign_again(lines_without(part, 300), entries=299)
    assert found(part) == "leaf 304, proposal/A-1 #77: #76 is missing before it"


def test_host_that_takes_off_the_last_entry_contradicts_its_manifest(part: Path) -> None:
    LOG.sign_again(lines_without(part, 596), entries=299)
    assert found(part) == (
        "proposal/A-1: ends at #149, and the manifest says that it has 150 entries"
    )


def shorten(path: Path, index: int, chain: str, head: int) -> Path:
    """Let the host take off the last entry of a chain, and sign that it never was."""
    lines_without(path, index)
    manifest = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    chains = tuple(
        msgspec.structs.replace(
            each, entries=each.entries - 1, head=hash_leaf(LOG.records[head].leaf).hex()
        )
        if each.chain == chain
        else each
        for each in manifest.chains
    )
    return LOG.sign_again(path, entries=299, chains=chains)


def test_lie_about_the_last_entry_is_proved_by_its_receipt_alone(part: Path) -> None:
    shorten(part, 596, "proposal/A-1", 592)
    assert check(part).ok
    assert found(part, receipt=LOG.receipt(596)) == (
        "leaf 596, proposal/A-1 #150: was left out, and the receipt proves it"
    )
    assert check(part, receipt=LOG.receipt(592)).ok


def test_chain_that_was_left_out_is_proved_by_a_receipt(part: Path) -> None:
    assert "was left out with all of proposal/B-2" in found(part, receipt=LOG.receipt(2))


def test_bundle_of_one_proposal_says_nothing_of_others(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "b", PART[:1], filters={"proposal": "A-1"}, with_views=False)
    assert check(path, receipt=LOG.receipt(2)).ok


def test_kept_checkpoint_is_continued(whole: Path, part: Path) -> None:
    for path in (whole, part):
        for size in (1, 256, 257, 599, 600):
            told = check(path, since=LOG.checkpoint(size)).also
            assert told[-1] == f"it continues the checkpoint of {size} that was kept"


def test_rollback_and_fork_are_told(tmp_path: Path) -> None:
    older = Log(LOG.records[:300]).write(tmp_path / "older", with_views=False)
    assert "the log was rolled back" in found(older, since=LOG.checkpoint())
    fork = Log(make_records(600, fork="x")).write(tmp_path / "fork", with_views=False)
    assert check(fork).ok
    assert "the log was rewritten, or forked" in found(fork, since=LOG.checkpoint(300))
    assert "the log was rewritten, or forked" in found(fork, receipt=LOG.receipt(7, 300))


def test_receipt_of_a_later_entry_proves_nothing_about_an_older_bundle(tmp_path: Path) -> None:
    older = Log(LOG.records[:300]).write(tmp_path / "older", with_views=False)
    assert check(older, receipt=LOG.receipt(400)).also == ("the receipt is of a later entry",)
    assert check(older, receipt=LOG.receipt(7)).also == ("the receipt's entry is there",)


def test_what_another_log_signed_is_refused_as_evidence(whole: Path) -> None:
    other = Log(LOG.records, SigningKey(ORIGIN, bytes(32)))
    for kept in ({"since": other.checkpoint(5)}, {"receipt": other.receipt(5)}):
        with pytest.raises(CheckpointError):
            check(whole, **kept)
