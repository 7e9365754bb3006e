"""A checkpoint says which log, how many leaves and which root, and only its log can say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import signed_log
from tests.log.public_notes import PUBLIC, PUBLIC_KEY
from tests.log.signed_log import LOG, ORIGIN
from workflow.log.checkpoint import (
    Checkpoint,
    CheckpointError,
    open_checkpoint,
    parse_body,
    parse_checkpoint,
    sign_checkpoint,
    write_body,
)
from workflow.log.merkle import EMPTY_ROOT
from workflow.log.note import COSIGNATURE, SigningKey, VerifierKey

BODY = f"{ORIGIN}\n3\n{'A' * 43}=\n"


def test_public_checkpoint_opens_with_its_logs_key() -> None:
    checkpoint = open_checkpoint(PUBLIC.encode(), VerifierKey.parse(PUBLIC_KEY))
    assert (checkpoint.size, checkpoint.extension) == (1432088532, ())
    assert write_body(checkpoint) == PUBLIC.partition("\n\n")[0] + "\n"


@pytest.mark.parametrize("size", [0, 1, 3, 2**63 - 1])
def test_signed_checkpoint_opens_again(size: int) -> None:
    checkpoint = Checkpoint(ORIGIN, size, EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(checkpoint, LOG).content, LOG.verifier) == checkpoint


def test_body_is_origin_size_and_root() -> None:
    assert parse_body(BODY) == Checkpoint(ORIGIN, 3, bytes(32))
    assert write_body(Checkpoint(ORIGIN, 3, bytes(32))) == BODY


def test_extension_lines_are_kept_as_they_are() -> None:
    checkpoint = parse_body(f"{BODY}more\nand more\n")
    assert checkpoint.extension == ("more", "and more")
    assert write_body(checkpoint) == f"{BODY}more\nand more\n"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        BODY[:-1],
        f"\n{BODY}",
        BODY + "\n",
        BODY + "more\n\nand more\n",
        f"{ORIGIN}\n3\n",
        BODY.replace("\n3\n", "\n03\n"),
        BODY.replace("\n3\n", "\n+3\n"),
        BODY.replace("\n3\n", "\n-3\n"),
        BODY.replace("\n3\n", "\n 3\n"),
        BODY.replace("\n3\n", "\n٣\n"),
        BODY.replace("\n3\n", f"\n{2**63}\n"),
        BODY.replace("\n3\n", "\n0\n"),
        BODY.replace("AA=", "AB="),
        BODY.replace("AA=", "AA"),
        BODY.replace("AAAA=", "="),
        BODY.replace("AA=", "AAAAA="),
    ],
)
def test_malformed_body_is_refused(body: str) -> None:
    with pytest.raises(CheckpointError):
        parse_body(body)


def test_checkpoint_is_opened_by_a_key_of_its_own_log_alone() -> None:
    other = SigningKey("localhost/other", LOG.seed)
    content = signed_log.checkpoint(3)
    with pytest.raises(CheckpointError, match="no key is given"):
        open_checkpoint(content, other.verifier)
    with pytest.raises(CheckpointError, match="no key is given"):
        open_checkpoint(content)


def test_checkpoint_signed_for_one_log_does_not_speak_for_another() -> None:
    liar = SigningKey("localhost/liar", bytes(32))
    note = sign_checkpoint(Checkpoint("localhost/liar", 3, bytes(32)), liar)
    content = note.content.replace(b"localhost/liar\n3", f"{ORIGIN}\n3".encode())
    with pytest.raises(CheckpointError, match="trusted"):
        open_checkpoint(content, LOG.verifier, liar.verifier)
    with pytest.raises(CheckpointError, match="does not sign for"):
        sign_checkpoint(Checkpoint(ORIGIN, 3, bytes(32)), liar)


def test_witness_key_of_the_logs_name_does_not_sign_for_the_log() -> None:
    witness = SigningKey(ORIGIN, LOG.seed, COSIGNATURE)
    with pytest.raises(CheckpointError, match="no key is given"):
        open_checkpoint(signed_log.checkpoint(3), witness.verifier)


def test_log_with_a_new_key_is_opened_by_either() -> None:
    new = SigningKey.generate(ORIGIN)
    for key in (LOG, new):
        content = signed_log.checkpoint(3, key=key)
        assert open_checkpoint(content, LOG.verifier, new.verifier).size == 3
    with pytest.raises(CheckpointError, match="trusted"):
        open_checkpoint(signed_log.checkpoint(3, key=new), LOG.verifier)


def test_note_that_is_no_checkpoint_is_a_checkpoint_error() -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        parse_checkpoint(b"nothing")


@given(st.text(min_size=1).map(lambda text: text + "\n"))
def test_whatever_is_read_is_written_alike(text: str) -> None:
    try:
        checkpoint = parse_body(f"{text}{BODY}")
    except CheckpointError:
        return
    assert write_body(checkpoint) == f"{text}{BODY}"


@given(st.integers(0, len(PUBLIC.encode()) - 1), st.integers(1, 255))
def test_flipped_byte_of_what_the_log_signed_fails(place: int, change: int) -> None:
    content = bytearray(PUBLIC.encode())
    content[place] ^= change
    signed = len(PUBLIC.partition("\n\n")[0].encode())
    try:
        found = open_checkpoint(bytes(content), VerifierKey.parse(PUBLIC_KEY))
    except CheckpointError:
        return
    # Only lines of keys that are not known may differ.
    assert place > signed
    assert found == open_checkpoint(PUBLIC.encode(), VerifierKey.parse(PUBLIC_KEY))
