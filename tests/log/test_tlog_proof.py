"""A proof file holds all that is needed to see an entry in a log, and nothing may be changed."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import naive_tree, signed_log
from tests.log.signed_log import LOG, WITNESS
from workflow.log.checkpoint import CheckpointError
from workflow.log.cosignature import cosign
from workflow.log.note import Note, parse_note
from workflow.log.tlog_proof import (
    TlogProof,
    TlogProofError,
    parse_tlog_proof,
    verify_tlog_proof,
    write_tlog_proof,
)

HEAD = "c2sp.org/tlog-proof@v1\n"
HASH = "A" * 43 + "="


def proof_of(index: int, size: int) -> TlogProof:
    path = naive_tree.path(index, naive_tree.entries(size))
    return TlogProof(index, tuple(path), signed_log.checkpoint(size))


def leaf_hash(index: int) -> bytes:
    return sha256(b"\x00" + naive_tree.entries(index + 1)[index]).digest()


def test_file_is_as_the_specification_shows_it() -> None:
    checkpoint = signed_log.checkpoint(7)
    content = f"{HEAD}extra Z2VuZXJhbA==\nindex 5\n{HASH}\n\n".encode() + checkpoint
    proof = TlogProof(5, (bytes(32),), checkpoint, b"general")
    assert write_tlog_proof(proof) == content
    assert parse_tlog_proof(content) == proof


def test_file_without_extra_and_hashes_is_two_lines_and_the_checkpoint() -> None:
    content = f"{HEAD}index 0\n\n".encode() + signed_log.checkpoint(1)
    assert write_tlog_proof(proof_of(0, 1)) == content
    assert parse_tlog_proof(content) == proof_of(0, 1)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 300])
def test_every_entry_of_a_log_verifies(size: int) -> None:
    for index in range(0, size, 37):
        proof = parse_tlog_proof(write_tlog_proof(proof_of(index, size)))
        checkpoint = verify_tlog_proof(proof, leaf_hash(index), LOG.verifier)
        assert (checkpoint.size, checkpoint.root) == (size, signed_log.root(size))


def test_cosigned_checkpoint_is_kept_as_it_is() -> None:
    note = parse_note(signed_log.checkpoint(7))
    line = cosign(WITNESS, note.text, signed_log.SECONDS)
    cosigned = Note(note.text, (*note.signatures, line)).content
    proof = replace(proof_of(3, 7), checkpoint=cosigned)
    assert parse_tlog_proof(write_tlog_proof(proof)).checkpoint == cosigned


def test_another_entry_or_place_does_not_verify() -> None:
    with pytest.raises(TlogProofError, match="not shown to be in the log"):
        verify_tlog_proof(proof_of(3, 7), leaf_hash(4), LOG.verifier)
    with pytest.raises(TlogProofError, match="not shown to be in the log"):
        verify_tlog_proof(replace(proof_of(3, 7), index=4), leaf_hash(3), LOG.verifier)


def test_proof_under_a_key_that_is_not_trusted_does_not_verify() -> None:
    with pytest.raises(CheckpointError):
        verify_tlog_proof(proof_of(3, 7), leaf_hash(3), WITNESS.verifier)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("", "does not begin"),
        ("index 0\n\n", "does not begin"),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\n", "does not begin"),
        (f"\n{HEAD}index 0\n\n", "does not begin|no empty line"),
        (f"{HEAD}\nindex 0\n\n", "no line with the entry's index"),
        (f"{HEAD}{HASH}\n\n", "no line with the entry's index"),
        (f"{HEAD}index -5\n\n", "number"),
        (f"{HEAD}index 05\n\n", "number"),
        (f"{HEAD}index five\n\n", "number"),
        (f"{HEAD}index  5\n\n", "number"),
        (f"{HEAD}index 5 \n\n", "number"),
        (f"{HEAD}index 9223372036854775808\n\n", "number"),
        (f"{HEAD}extra !!\nindex 0\n\n", "base64"),
        (f"{HEAD}extra \nindex 0\n\n", "empty"),
        (f"{HEAD}index 0\nextra AA==\n\n", "base64|32 bytes"),
        (f"{HEAD}index 0\n!!\n\n", "base64"),
        (f"{HEAD}index 0\n{'A' * 42}B=\n\n", "canonical"),
        (f"{HEAD}index 0\n{'A' * 44}\n\n", "32 bytes"),
        (f"{HEAD}index 0\n" + f"{HASH}\n" * 64 + "\n", "more than 63"),
        (f"{HEAD}index 0\r\n\n", "number"),
        (f"{HEAD}index 0\n\n\n", "cannot be read"),
    ],
)
def test_malformed_proof_is_refused(head: str, what: str) -> None:
    with pytest.raises(TlogProofError, match=what):
        parse_tlog_proof(head.encode() + signed_log.checkpoint(1))


def test_proof_that_is_too_long_or_not_utf_8_is_refused() -> None:
    with pytest.raises(TlogProofError, match="longer"):
        parse_tlog_proof(bytes(2_000_001))
    with pytest.raises(TlogProofError, match="cannot be read"):
        parse_tlog_proof(b"\xff\n\n" + signed_log.checkpoint(1))


@given(st.binary())
def test_anything_else_is_a_proof_error(content: bytes) -> None:
    with pytest.raises(TlogProofError):
        parse_tlog_proof(content)


def test_every_flipped_bit_of_a_proof_fails() -> None:
    content = write_tlog_proof(proof_of(3, 7))
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((TlogProofError, CheckpointError)):
            verify_tlog_proof(parse_tlog_proof(bytes(flipped)), leaf_hash(3), LOG.verifier)
