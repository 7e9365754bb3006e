"""A cosignature says that at a time a checkpoint was the largest that a witness had seen."""

import pytest

from tests.log.public_notes import PUBLIC, WITNESSES
from tests.log.signed_log import LOG, SECONDS, WITNESS, checkpoint
from workflow.log.cosignature import cosign, cosigned_at, cosigned_message, is_cosigned
from workflow.log.note import (
    Note,
    NoteError,
    Signature,
    SigningKey,
    VerifierKey,
    parse_note,
    verify,
)

NOTE = parse_note(checkpoint(3))


@pytest.mark.parametrize("text", WITNESSES)
def test_cosignatures_of_public_witnesses_verify(text: str) -> None:
    key = VerifierKey.parse(text)
    signed = verify(parse_note(PUBLIC.encode()), [key])
    assert [cosigned_at(line) for line in signed.values()] == [0x6A122120]


def test_message_is_two_lines_and_the_body() -> None:
    assert cosigned_message("a\n1\nb\n", 1679315147) == (
        b"cosignature/v1\ntime 1679315147\na\n1\nb\n"
    )


def test_cosignature_is_a_time_of_8_bytes_and_a_signature_of_64() -> None:
    line = cosign(WITNESS, NOTE.text, SECONDS)
    assert line.content[:8] == SECONDS.to_bytes(8, "big")
    assert (len(line.content), cosigned_at(line), line.key_id) == (72, SECONDS, WITNESS.verifier.id)
    assert is_cosigned(WITNESS.verifier, NOTE.text, line)


def test_cosigned_note_verifies_with_the_log_and_its_witness() -> None:
    line = cosign(WITNESS, NOTE.text, SECONDS)
    note = parse_note(Note(NOTE.text, (*NOTE.signatures, line)).content)
    assert set(verify(note, [LOG.verifier, WITNESS.verifier])) == {LOG.verifier, WITNESS.verifier}


def test_cosignature_does_not_verify_at_another_time_or_of_another_text() -> None:
    line = cosign(WITNESS, NOTE.text, SECONDS)
    later = Signature(line.name, line.key_id, (SECONDS + 1).to_bytes(8) + line.content[8:])
    assert not is_cosigned(WITNESS.verifier, NOTE.text, later)
    assert not is_cosigned(WITNESS.verifier, parse_note(checkpoint(4)).text, line)
    with pytest.raises(NoteError, match="does not fit"):
        verify(Note(NOTE.text, (later,)), [WITNESS.verifier])


def test_signature_of_the_text_itself_is_no_cosignature() -> None:
    plain = SigningKey(WITNESS.name, WITNESS.seed).sign(NOTE.text)
    forged = Signature(WITNESS.name, WITNESS.verifier.id, bytes(8) + plain.content)
    assert not is_cosigned(WITNESS.verifier, NOTE.text, forged)
    short = Signature(WITNESS.name, WITNESS.verifier.id, plain.content)
    assert not is_cosigned(WITNESS.verifier, NOTE.text, short)


def test_key_of_a_log_does_not_cosign() -> None:
    with pytest.raises(NoteError, match="not a witness"):
        cosign(LOG, NOTE.text, SECONDS)


@pytest.mark.parametrize("seconds", [-1, 2**63])
def test_time_has_63_bits(seconds: int) -> None:
    with pytest.raises(NoteError, match="63 bits"):
        cosign(WITNESS, NOTE.text, seconds)
    line = Signature("w", bytes(4), (2**63).to_bytes(8) + bytes(64))
    with pytest.raises(NoteError):
        cosigned_at(line)
